import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  createPageHtml,
  type PageHost,
  parsePicturePath,
  pathOfPageFile,
} from '@limn/contact-sheet'
import { readNamed } from '../../disk/read-inside.ts'
import { isErrno, LimnError } from '../../errors.ts'
import { isNavigation, isOwnRequest } from './request-origin.ts'
import type { SheetSession } from './session.ts'

export type PageRequest = {
  /** The path below that of the page, with its query: ``, `page.js`, `picture/thumb?…`. */
  path: string
  request: IncomingMessage
  response: ServerResponse
}

/** What a page is served with. */
export type PageServing = {
  host: PageHost
  /** What the page has to send with each message; absent if a cookie identifies it. */
  token?: string | undefined
  /** Whether the dev server has no websocket, so that the page cannot talk to it. Default false. */
  hasNoSocket?: boolean | undefined
  session(): Promise<SheetSession>
  /** Whether a request may see pictures. Default: all requests that pass the other checks. */
  mayRead?: ((request: IncomingMessage) => boolean) | undefined
}

const mimeByFile = { 'page.js': 'text/javascript', 'page.css': 'text/css' } as const
/** Largest file of the page, bytes. */
const MAX_FILE = 16 * 1024 * 1024

/**
 * Responds to a request for the page, its files and its pictures. The page runs only its own
 * script, loads only from its server, and a picture opened as a document runs nothing.
 */
export async function respond(asked: PageRequest, serving: PageServing): Promise<void> {
  const { path, request, response } = asked
  const isPage = /^(\?|$)/.test(path)
  setHeaders(response, serving.host)
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return end(asked, 405, 'The contact sheet has no such method.')
  }
  if (!isOwnRequest(request.headers) && !(isPage && isNavigation(request.headers))) {
    return end(asked, 403, 'The contact sheet answers only its own page.')
  }
  if (isPage) return sendHtml(asked, serving)
  const file = /^(page\.js|page\.css)(\?|$)/.exec(path)?.[1] as keyof typeof mimeByFile | undefined
  if (file !== undefined) return sendPageFile(asked, file)
  if (serving.mayRead?.(request) === false) {
    return end(asked, 403, 'Open the link that `limn ui` prints.')
  }
  return sendPictureOf(asked, serving)
}

function setHeaders(response: ServerResponse, host: PageHost): void {
  // Vite allows pages of other local servers to read everything.
  for (const name of response.getHeaderNames()) {
    if (name.startsWith('access-control-')) response.removeHeader(name)
  }
  response.setHeader('X-Content-Type-Options', 'nosniff')
  response.setHeader('Cross-Origin-Resource-Policy', 'same-origin')
  response.setHeader('Referrer-Policy', 'no-referrer')
  response.setHeader('Cache-Control', 'no-store')
  response.setHeader('X-Frame-Options', host === 'dev' ? 'SAMEORIGIN' : 'DENY')
}

/** The policy of the page. In `dev`, the websocket of Vite may have a port of its own. */
function policyOf(host: PageHost): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    `connect-src 'self'${host === 'dev' ? ' ws: wss:' : ''}`,
    "base-uri 'none'",
    "form-action 'none'",
    // The devtools of Vite show the page in a frame of the same server.
    `frame-ancestors ${host === 'dev' ? "'self'" : "'none'"}`,
  ].join('; ')
}

/** The policy of a picture: opened as a document, an SVG runs and loads nothing. */
const PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"

function sendHtml(asked: PageRequest, { host, ...options }: PageServing): void {
  const { response } = asked
  response.setHeader('Content-Security-Policy', policyOf(host))
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin')
  response.setHeader('Content-Type', 'text/html; charset=utf-8')
  end(asked, 200, createPageHtml(host, options))
}

function sendPageFile(asked: PageRequest, file: keyof typeof mimeByFile): void {
  let bytes: Buffer
  try {
    bytes = readNamed(pathOfPageFile(file), MAX_FILE)
  } catch {
    return end(
      asked,
      404,
      'The page of the contact sheet is not built: run `node packages/contact-sheet/scripts/build-page.ts` in the clone of Limn.',
    )
  }
  asked.response.setHeader('Content-Type', `${mimeByFile[file]}; charset=utf-8`)
  end(asked, 200, bytes)
}

async function sendPictureOf(asked: PageRequest, { session }: PageServing): Promise<void> {
  const { path, request, response } = asked
  const ref = parsePicturePath(path)
  if (ref === null) return end(asked, 404, 'The contact sheet has no such page.')
  const leaving = new AbortController()
  const onClose = (): void => leaving.abort()
  request.socket.once('close', onClose)
  response.once('close', onClose)
  try {
    const picture = await (await session()).picture(ref, leaving.signal)
    if (picture === undefined) return end(asked, 404, 'There is no such picture.')
    response.setHeader('Content-Security-Policy', PICTURE_POLICY)
    response.setHeader('Content-Type', picture.mime)
    if (picture.isExact) response.setHeader('Cache-Control', 'private, max-age=31536000, immutable')
    end(asked, 200, picture.bytes)
  } catch (error) {
    if (!leaving.signal.aborted) end(asked, ...explain(error))
  } finally {
    request.socket.off('close', onClose)
  }
}

function explain(error: unknown): [status: number, message: string] {
  if (error instanceof LimnError) return [422, error.message]
  if (isErrno(error)) return [404, 'There is no such picture.']
  throw error
}

/** Ends a response. A text without a type is plain. */
function end({ request, response }: PageRequest, status: number, body: string | Uint8Array): void {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body
  response.statusCode = status
  if (!response.hasHeader('Content-Type')) {
    response.setHeader('Content-Type', 'text/plain; charset=utf-8')
  }
  if (!response.hasHeader('Content-Security-Policy')) {
    response.setHeader('Content-Security-Policy', PICTURE_POLICY)
  }
  response.setHeader('Content-Length', bytes.length)
  response.end(request.method === 'HEAD' ? undefined : bytes)
}
