/** A candidate of a `srcset`: its URL and its width or density; the descriptor may be empty. */
export type Candidate = { url: string; descriptor: string }

/**
 * Parses a `srcset` as browsers do: a URL ends at white space, and a comma at its end separates it
 * from the next candidate.
 */
export function parseSrcset(text: string): Candidate[] {
  const candidates: Candidate[] = []
  let rest = text
  while ((rest = rest.replace(/^[\s,]+/, '')) !== '') {
    const [url] = /^\S+/.exec(rest)!
    rest = rest.slice(url.length)
    if (url.endsWith(',')) {
      candidates.push({ url: url.replace(/,+$/, ''), descriptor: '' })
      continue
    }
    const [descriptor] = /^[^,]*/.exec(rest)!
    rest = rest.slice(descriptor.length)
    candidates.push({ url, descriptor: descriptor.trim() })
  }
  return candidates
}

/** Formats candidates as a `srcset`. */
export function formatSrcset(candidates: readonly Candidate[]): string {
  return candidates
    .map(({ url, descriptor }) => (descriptor === '' ? url : `${url} ${descriptor}`))
    .join(', ')
}
