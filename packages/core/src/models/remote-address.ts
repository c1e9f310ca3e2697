/** Where a remote store is. */
export type RemoteAddress =
  /** A folder, relative to the manifest's folder or absolute. */
  | { kind: 'folder'; path: string }
  /** A base URL that ends with `/`. */
  | { kind: 'http'; url: string }
  /** `prefix` is empty or ends with `/`. */
  | { kind: 's3'; bucket: string; prefix: string }

/** An address, or the predicate of a sentence that says why a text is none. */
export type ParsedAddress = { address: RemoteAddress } | { problem: string }

/** Parses `s3://bucket/prefix`, `https://host/path`, `file:///folder` or a path. */
export function parseRemoteAddress(text: string): ParsedAddress {
  if (text.trim() === '') return { problem: 'is empty' }
  // A path may start with the letter of a drive.
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(text)?.[1]?.toLowerCase()
  switch (scheme) {
    case undefined:
      return { address: { kind: 'folder', path: text } }
    case 'file':
      return parseFileURL(text)
    case 's3':
      return parseBucket(text)
    case 'http':
    case 'https':
      return parseHttp(text)
    default:
      return { problem: `starts with ${scheme}:, which Limn does not support` }
  }
}

function parseFileURL(text: string): ParsedAddress {
  const url = URL.parse(text)
  if (url === null || url.host !== '') return { problem: 'is not the URL of a folder' }
  const path = decode(url.pathname)
  if (path === undefined || path.includes('\0')) return { problem: 'is not the URL of a folder' }
  // `/C:/cache` is a path of Windows.
  return { address: { kind: 'folder', path: path.replace(/^\/(?=[a-z]:)/i, '') } }
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

function parseBucket(text: string): ParsedAddress {
  const [, bucket, rest = ''] = /^s3:\/\/([^/?#@]+)(?:\/([^?#]*))?$/i.exec(text) ?? []
  if (bucket === undefined || !/^[\w.-]{3,255}$/.test(bucket)) {
    return { problem: 'does not name a bucket' }
  }
  const prefix = rest.replace(/^\/+|\/+$/g, '')
  if (!/^[\w.+/=@ -]*$/.test(prefix) || /(^|\/)\.{0,2}(\/|$)/.test(prefix || 'x')) {
    return { problem: 'has a prefix with characters that Limn does not support' }
  }
  return { address: { kind: 's3', bucket, prefix: prefix === '' ? '' : `${prefix}/` } }
}

function parseHttp(text: string): ParsedAddress {
  const url = URL.parse(text)
  if (url === null) return { problem: 'is not a URL' }
  if (url.username !== '' || url.password !== '') {
    return { problem: 'contains a user name or a password' }
  }
  if (url.search !== '' || url.hash !== '') {
    return { problem: 'contains a query (?) or a fragment (#)' }
  }
  return { address: { kind: 'http', url: url.href.replace(/\/*$/, '/') } }
}
