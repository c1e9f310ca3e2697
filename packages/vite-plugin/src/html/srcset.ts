/** One picture that a `srcset` offers: its URL, and its width or density where that is said. */
export type Candidate = { url: string; descriptor: string }

/**
 * Reads a `srcset` as browsers do: URLs end at white space, and a comma at their end starts the
 * next.
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

/** Candidates as a `srcset`. */
export function formatSrcset(candidates: readonly Candidate[]): string {
  return candidates
    .map(({ url, descriptor }) => (descriptor === '' ? url : `${url} ${descriptor}`))
    .join(', ')
}
