import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { isErrno, LimnError } from '../../../errors.ts'
import { isOwnRequest } from '../request-origin.ts'
import { respond } from '../respond.ts'
import type { SheetSession } from '../session.ts'
import { createAccess, type UiAccess } from './access.ts'
import { openEventStream } from './event-stream.ts'
import { keepAlive } from './keep-alive.ts'
import { readJson } from './read-json.ts'

/** A running server of `limn ui`. */
export type UiServer = {
  /** The address of the page, with the token that opens it once. */
  url: string
  /** Ends every connection. Resolves when the server is closed. */
  close(): Promise<void>
}

export type UiServerOptions = {
  session: SheetSession
  /** 0 for any free port. */
  port: number
  onError(error: unknown): void
}

/** The only address that the server listens at: no other machine reaches it. */
const LOOPBACK = '127.0.0.1'

/** A request, and what answers it. */
type Exchange = {
  request: IncomingMessage
  response: ServerResponse
  session: SheetSession
  access: UiAccess
}

/**
 * Starts the server of `limn ui`. It listens on loopback only, and answers only the browser that
 * opened its link.
 *
 * @throws LimnError `usage` if the port is taken
 */
export async function startUiServer({
  session,
  port,
  onError,
}: UiServerOptions): Promise<UiServer> {
  const token = randomBytes(24).toString('base64url')
  let access: UiAccess | undefined
  const server = createServer((request, response) => {
    answer({ request, response, session, access: access! }).catch((error: unknown) => {
      onError(error)
      refuse(response, 500, 'Limn failed: the terminal shows why.')
    })
  })
  const actual = await listen(server, port)
  access = createAccess({ token, port: actual })
  return {
    url: `http://${LOOPBACK}:${actual}/#token=${token}`,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
  }
}

async function listen(server: Server, port: number): Promise<number> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen({ port, host: LOOPBACK, exclusive: true }, resolve)
    })
  } catch (error) {
    if (!isErrno(error, 'EADDRINUSE', 'EACCES')) throw error
    throw new LimnError('usage', `Port ${port} is not free.`, {
      hint: 'Pass another port with --port, or none.',
      cause: error,
    })
  }
  return (server.address() as AddressInfo).port
}

async function answer(exchange: Exchange): Promise<void> {
  const { request, response, session, access } = exchange
  const path = /^\/([^]*)$/.exec(request.url ?? '')?.[1]
  // A name that leads to this machine, but is not ours: DNS rebinding.
  if (!access.isOwnHost(request.headers.host) || path === undefined) {
    return refuse(response, 421, 'The contact sheet does not have this address.')
  }
  const route = request.method === 'POST' ? path : undefined
  if (route === 'session') return exchangeToken(exchange)
  if (route === 'call') return call(exchange)
  if (path === 'events' && request.method === 'GET') return streamEvents(exchange)
  return respond(
    { path, request, response },
    {
      host: 'ui',
      session: () => Promise.resolve(session),
      mayRead: ({ headers }) => access.isOpen(headers.cookie),
    },
  )
}

/** Exchanges the token of the link for a cookie, once. */
async function exchangeToken({ request, response, access }: Exchange): Promise<void> {
  if (!isOwnPost(request)) {
    return refuse(response, 403, 'The contact sheet answers only its own page.')
  }
  const body = await readJson(request, 1000)
  const cookie = 'value' in body ? access.exchange(body.value) : undefined
  if (cookie === undefined) return refuse(response, 403, 'This link has been used already.')
  response.setHeader('Set-Cookie', cookie)
  send(response, 204)
}

/** Largest message, bytes: a picture of 64 MB in base64. */
const MAX_MESSAGE = 90 * 1024 * 1024

async function call({ request, response, session, access }: Exchange): Promise<void> {
  if (!isOwnPost(request) || !access.isOpen(request.headers.cookie)) {
    return refuse(response, 403, 'Open the link that `limn ui` prints.')
  }
  const body = await readJson(request, MAX_MESSAGE)
  if ('status' in body) return refuse(response, body.status, body.message)
  setHeaders(response)
  response.setHeader('Content-Type', 'application/json; charset=utf-8')
  const reply = await keepAlive(response, session.receive(body.value))
  if (reply === undefined) return refuse(response, 400, 'This is not a call.')
  response.end(JSON.stringify(reply))
}

async function streamEvents({ request, response, session, access }: Exchange): Promise<void> {
  if (!isOwnRequest(request.headers) || !access.isOpen(request.headers.cookie)) {
    return refuse(response, 403, 'Open the link that `limn ui` prints.')
  }
  setHeaders(response)
  openEventStream(response, session)
}

/** Whether a page of this server sent a POST: a browser always names the origin of one. */
function isOwnPost({ headers }: IncomingMessage): boolean {
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase()
  return (
    isOwnRequest(headers) &&
    headers.origin === `http://${headers.host}` &&
    type === 'application/json'
  )
}

function refuse(response: ServerResponse, status: number, message: string): void {
  if (response.headersSent) return void response.destroy()
  // What is left of the message is not read.
  if (status === 413) response.setHeader('Connection', 'close')
  send(response, status, message, 'text/plain; charset=utf-8')
}

function send(response: ServerResponse, status: number, body = '', type?: string): void {
  setHeaders(response)
  response.statusCode = status
  if (type !== undefined) response.setHeader('Content-Type', type)
  response.end(body)
}

function setHeaders(response: ServerResponse): void {
  response.setHeader('X-Content-Type-Options', 'nosniff')
  response.setHeader('Cross-Origin-Resource-Policy', 'same-origin')
  response.setHeader('Content-Security-Policy', "default-src 'none'")
  response.setHeader('Cache-Control', 'no-store')
}
