import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  createSheetSession,
  isLocalHost,
  nameOf,
  requestedHost,
  respond,
  type SheetSession,
} from '@limn/core/for-vite/sheet'
import type { ViteDevServer } from 'vite'
import type { Context } from '../context.ts'
import { runFeedOf } from './run-feed.ts'
import { createSheetHost } from './sheet-host.ts'

/** A page that is connected, as Vite's websocket has it. */
export type SheetClient = { send(event: string, payload: unknown): void }

/** The contact sheet of one dev server. */
export type ContactSheet = {
  /** Responds to a request below `__limn/`. */
  respond(asked: {
    path: string
    request: IncomingMessage
    response: ServerResponse
  }): Promise<void>
  /** Answers a message of a page. Ignores one without the token of this server's page. */
  receive(message: unknown, page: SheetClient): Promise<void>
  /** Stops the runs that a page started, and waits for them. */
  close(): Promise<void>
}

const EVENT = 'limn:sheet'

/** Opens the contact sheet of a dev server. */
export function openContactSheet(context: Context, server: ViteDevServer): ContactSheet {
  const token = randomBytes(24).toString('base64url')
  const session: SheetSession = createSheetSession(
    createSheetHost(context, server, { finish: () => session.close() }),
  )
  context.onChange = () => void session.update()
  runFeedOf(context).connect(session.showRun)
  const pages = createPages(session)
  server.environments.client.hot.on('vite:client:disconnect', (_, page) => pages.remove(page))
  return {
    respond(asked) {
      if (isForeign(server, requestedHost(asked.request.headers))) return refuse(asked.response)
      // Vite 7 has no option for it.
      const hasNoSocket = (server.config.server as { ws?: unknown }).ws === false
      return respond(asked, {
        host: 'dev',
        token,
        hasNoSocket,
        session: () => Promise.resolve(session),
      })
    },
    async receive(message, page) {
      if (!hasToken(message, token)) return
      pages.add(page)
      const reply = await session.receive(message)
      if (reply !== undefined) page.send(EVENT, reply)
    },
    close: () => session.close(),
  }
}

/** The pages that receive the events of a session. */
function createPages(session: SheetSession): {
  add(page: SheetClient): void
  remove(page: SheetClient): void
} {
  const stopByPage = new Map<SheetClient, () => void>()
  return {
    add(page) {
      if (stopByPage.has(page)) return
      stopByPage.set(
        page,
        session.listen((event) => page.send(EVENT, event)),
      )
    },
    remove(page) {
      stopByPage.get(page)?.()
      stopByPage.delete(page)
    },
  }
}

/**
 * Whether a request has a name for this machine that may be somebody else's. Vite checks the name,
 * unless it is told to allow every host; the contact sheet spends money, so it still does then.
 */
function isForeign({ config: { server } }: ViteDevServer, host: string | undefined): boolean {
  if (server.allowedHosts !== true || isLocalHost(host)) return false
  return typeof server.host !== 'string' || nameOf(host) !== server.host.toLowerCase()
}

function refuse(response: ServerResponse): Promise<void> {
  const message =
    'The contact sheet answers only at localhost and at addresses, because server.allowedHosts allows every host. List the hosts in server.allowedHosts instead.'
  response.writeHead(403, { 'Content-Type': 'text/plain; charset=utf-8' }).end(message)
  return Promise.resolve()
}

/** Whether a message has the token. Pages of other servers can connect, but cannot read it. */
function hasToken(message: unknown, token: string): boolean {
  const given = (message as { token?: unknown } | null | undefined)?.token
  if (typeof given !== 'string') return false
  const [a, b] = [Buffer.from(given), Buffer.from(token)]
  return a.length === b.length && timingSafeEqual(a, b)
}
