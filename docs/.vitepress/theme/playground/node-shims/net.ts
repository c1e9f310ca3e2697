/** `isIP` of `node:net`: 4, 6, or 0 for no address. */
export function isIP(host: string): 0 | 4 | 6 {
  if (/^\d+(?:\.\d+){3}$/.test(host)) return isHost(host) ? 4 : 0
  return host.includes(':') && isHost(`[${host}]`) ? 6 : 0
}

/** Whether the parser of addresses accepts a host, and leaves it as it is up to shortening. */
function isHost(host: string): boolean {
  const url = URL.parse(`http://${host}/`)
  return url !== null && (host.startsWith('[') || url.hostname === host)
}
