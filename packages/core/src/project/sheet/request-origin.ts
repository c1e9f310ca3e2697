import type { IncomingHttpHeaders } from 'node:http'

/*
 * Decides who may ask the server of a contact sheet. A page of another site can send requests to
 * loopback, and a name of its own can lead there (DNS rebinding): such a page must neither read nor
 * act.
 */

/** Returns whether the browser sent a request for a page of the same origin, or no browser did. */
export function isOwnRequest(headers: IncomingHttpHeaders): boolean {
  const { origin } = headers
  const site = headers['sec-fetch-site']
  const host = requestedHost(headers)?.toLowerCase()
  if (origin !== undefined && hostOf(origin) !== host) return false
  return site === undefined || site === 'same-origin' || site === 'none'
}

/** Returns the host that a request is for. HTTP/2, which a server with HTTPS speaks, renames it. */
export function requestedHost(headers: IncomingHttpHeaders): string | undefined {
  const { host = headers[':authority'] } = headers
  return typeof host === 'string' ? host : undefined
}

/**
 * Returns whether a request opens the page in a tab, from wherever: a link to it may be anywhere.
 * The page that has the link learns nothing.
 */
export function isNavigation(headers: IncomingHttpHeaders): boolean {
  return headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document'
}

/**
 * Returns whether a `Host` names this machine, so that no name of somebody else leads here: a
 * loopback name, or an address. Addresses need no name server.
 */
export function isLocalHost(host: string | undefined): boolean {
  const name = nameOf(host)
  return (
    name !== undefined &&
    (name === 'localhost' ||
      name.endsWith('.localhost') ||
      /^\d{1,3}(\.\d{1,3}){3}$/.test(name) ||
      /^\[[\da-f:.]+\]$/.test(name))
  )
}

/** Returns the name of a `Host` without its port, in lower case; `undefined` if it is none. */
export function nameOf(host: string | undefined): string | undefined {
  const url = `http://${host ?? ''}`
  if (host === undefined || /[/?#@\\]/.test(host) || !URL.canParse(url)) return undefined
  return new URL(url).hostname
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined
}
