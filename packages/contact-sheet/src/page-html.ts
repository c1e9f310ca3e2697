/** What the document of the page says about its server. */
export type PageOptions = {
  /** What the page has to send with each message; absent if a cookie identifies it. */
  token?: string | undefined
  /** Whether the dev server has no websocket (`server.ws: false`). Default false. */
  hasNoSocket?: boolean | undefined
}

/** The kind of server that a page talks to: a dev server of Vite, or `limn ui`. */
export type PageHost = 'dev' | 'ui'

/**
 * Returns the document of the page. Its script and its style are files beside it. The page finds
 * its server relative to the document:
 *
 * - `dev`: `../@vite/client`, and messages named `limn:sheet` in both directions. Those of the page
 *   contain the token that is in `data-token`: a page of another server cannot read it.
 * - `ui`: POST `session` (the token of the fragment `#token=…`, once), POST `call` (a `ToServer`; the
 *   answer is its reply), GET `events` (an event stream of `ToPage`), GET `picture/…`.
 */
export function createPageHtml(host: PageHost, options: PageOptions = {}): string {
  const { token, hasNoSocket = false } = options
  const data = `${token === undefined ? '' : ` data-token="${token}"`}${hasNoSocket ? ' data-no-socket' : ''}`
  return `<!doctype html>
<html lang="en" data-host="${host}"${data}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Limn</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="page.css">
<script type="module" src="page.js"></script>
</head>
<body></body>
</html>
`
}
