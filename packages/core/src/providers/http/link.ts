/** A link to a picture: where it leads, and its path and query exactly as the server wrote them. */
export type Link = {
  /** Parsed, for protocol and host; its path and query are normalized. */
  url: URL
  /** Path and query to send. A signature covers them byte for byte. */
  target: string
}

/** Scheme and host, then path and query, without the fragment. */
const PARTS = /^([a-z][\w+.-]*:)?(?:[/\\]{2}([^/\\?#]*))?([^#]*)/i

/**
 * Parses an http(s) link without changing its path and query; a relative one against `base`.
 *
 * @returns `undefined` for a link that is not http(s)
 */
export function parseLink(text: string, base?: Link): Link | undefined {
  // As browsers do.
  const link = text.trim().replace(/[\t\r\n]/g, '')
  if (link === '' || !URL.canParse(link, base?.url.href)) return undefined
  const url = new URL(link, base?.url)
  if (!['http:', 'https:'].includes(url.protocol)) return undefined
  const [, scheme, host, rest = ''] = PARTS.exec(link)!
  const raw = scheme === undefined && host === undefined ? resolve(rest, base!) : rest
  return { url, target: sendable(raw) }
}

/** Formats a link as an absolute URL with its own path and query. */
export function formatLink({ url, target }: Link): string {
  const credentials = url.username === '' ? '' : `${url.username}:${url.password}@`
  return `${url.protocol}//${credentials}${url.host}${target}`
}

/** Resolves a relative path against the path of its base; the query stays as it is. */
function resolve(relative: string, { url, target }: Link): string {
  const query = relative.indexOf('?')
  const path = query === -1 ? relative : relative.slice(0, query)
  const suffix = query === -1 ? '' : relative.slice(query)
  if (path === '') return relative === '' ? target : `${url.pathname}${suffix}`
  if (path.startsWith('/') && !/(^|\/)\.\.?(\/|$)/.test(path)) return relative
  return `${new URL(path, url).pathname}${suffix}`
}

/** Escapes only what cannot be a part of a request line. */
function sendable(target: string): string {
  const path = target.startsWith('/') ? target : `/${target}`
  return path.replace(/[^\x21-\x7e]+/gu, (text) =>
    Buffer.from(text).toString('hex').toUpperCase().replace(/../g, '%$&'),
  )
}
