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

/**
 * Connects to a dev server, over the websocket of Vite's own client and with its token. Pages of
 * other local servers may read that token, so each message has the one of the document too.
 */
export async function connectToDev(): Promise<Connection> {
  const { token } = document.documentElement.dataset
  replaceErrorOverlay()
  const client = new URL('../@vite/client', document.baseURI).href
  const { createHotContext } = (await import(/* @vite-ignore */ client)) as ViteClient
  const hot = createHotContext('/__limn/page.js')
  const status = signal<ConnectionStatus>('open')
  const replies = createReplies()
  hot.on(EVENT, (message: ToPage) => replies.receive(message))
  hot.on('vite:ws:disconnect', () => {
    status.value = 'closed'
    replies.fail('The dev server has closed the connection.', 'Start it again.')
  })
  // A change of the app reloads the app, not this page: Vite reloads only the page of the path.
  hot.on('vite:beforeFullReload', (payload: { path?: string }) => {
    payload.path = '/limn-keeps-its-page.html'
  })
  return {
    host: 'dev',
    status,
    call: (name, input) =>
      replies.call(name, input, (message: ToServer) => hot.send(EVENT, { ...message, token })),
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
