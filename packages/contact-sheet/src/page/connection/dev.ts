import { signal } from '@preact/signals'
import { pathOfPicture } from '../../picture-path.ts'
import type { ToPage, ToServer } from '../../protocol.ts'
import type { Connection, ConnectionStatus } from './connection.ts'
import { createReplies } from './replies.ts'

/** What the page uses of Vite's client. */
type Hot = {
  on(event: string, listener: (payload: never) => void): void
  send(event: string, data: unknown): void
}
type ViteClient = { createHotContext(owner: string): Hot }

const EVENT = 'limn:sheet'
/** How long the websocket may take to open, ms. */
const PATIENCE = 10_000
const noSocket = {
  code: 'NO_SOCKET',
  message: "The page can't reach the dev server over its websocket.",
  hint: 'Check `server.ws` and `server.hmr` in the Vite config, or run `limn ui` instead.',
}

const closed = {
  code: 'DISCONNECTED',
  message: 'The dev server has closed the connection.',
  hint: 'Start it again.',
}

/**
 * Connects to a dev server, over the websocket of Vite's own client and with its token. Pages of
 * other local servers may read that token, so each message has the one of the document too.
 */
export async function connectToDev(): Promise<Connection> {
  const { token, noSocket: hasNoSocket } = document.documentElement.dataset
  replaceErrorOverlay()
  const client = new URL('../@vite/client', document.baseURI).href
  const { createHotContext } = (await import(/* @vite-ignore */ client)) as ViteClient
  const hot = createHotContext('/__limn/page.js')
  const status = signal<ConnectionStatus>('connecting')
  const replies = createReplies()
  const giveUp = (): void => {
    if (status.value !== 'connecting') return
    status.value = 'unreachable'
    replies.fail(noSocket)
  }
  hot.on(EVENT, (message: ToPage) => {
    status.value = 'open'
    replies.receive(message)
  })
  hot.on('vite:ws:connect', () => (status.value = 'open'))
  hot.on('vite:ws:disconnect', () => {
    status.value = 'closed'
    replies.fail(closed)
  })
  if (hasNoSocket === undefined) setTimeout(giveUp, PATIENCE)
  else giveUp()
  // A change of the app reloads the app, not this page: Vite reloads only the page of the path.
  hot.on('vite:beforeFullReload', (payload: { path?: string }) => {
    payload.path = '/limn-keeps-its-page.html'
  })
  return {
    host: 'dev',
    status,
    call: (name, input) =>
      replies.call(name, input, (message: ToServer) => {
        if (status.value === 'unreachable') replies.fail(noSocket)
        else hot.send(EVENT, { ...message, token })
      }),
    listen: replies.listen,
    urlOf: pathOfPicture,
  }
}

/**
 * Keeps Vite's overlay off the page, which shows mistakes itself: the overlay would cover what a
 * person works on, and Vite reloads a page whose first update comes while it is shown.
 */
function replaceErrorOverlay(): void {
  const name = 'vite-error-overlay'
  if (customElements.get(name) !== undefined) return
  class NoOverlay extends HTMLElement {
    connectedCallback(): void {
      this.remove()
    }

    /** Vite closes overlays that it finds. */
    close(): void {
      this.remove()
    }
  }
  customElements.define(name, NoOverlay)
}
