import { signal } from '@preact/signals'
import { pathOfPicture } from '../../picture-path.ts'
import type { ToPage, ToServer } from '../../protocol.ts'
import { CallFailure, type Connection, type ConnectionStatus } from './connection.ts'
import { createReplies, type Replies } from './replies.ts'

/** Connects to `limn ui`: calls are POSTs, events come as an event stream. */
export async function connectToUi(): Promise<Connection> {
  await exchangeToken()
  const status = signal<ConnectionStatus>('connecting')
  const replies = createReplies()
  const events = new EventSource('events')
  events.addEventListener('open', () => (status.value = 'open'))
  events.addEventListener('error', () => (status.value = 'closed'))
  events.addEventListener('message', ({ data }: MessageEvent<string>) => {
    replies.receive(JSON.parse(data) as ToPage)
  })
  return {
    host: 'ui',
    status,
    call: (name, input) => replies.call(name, input, (message) => void post(message, replies)),
    listen: replies.listen,
    urlOf: pathOfPicture,
  }
}

/** Exchanges the token in the fragment for a cookie, and removes it from the address. */
async function exchangeToken(): Promise<void> {
  const token = /^#token=([\w-]+)$/.exec(location.hash)?.[1]
  if (token === undefined) return
  history.replaceState(null, '', '#/')
  const response = await fetch('session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  })
  if (response.ok) return
  throw new CallFailure({
    code: 'SESSION',
    message: 'This link has been used already.',
    hint: 'Run `limn ui` again, and open the link that it prints.',
  })
}

async function post(message: ToServer, replies: Replies): Promise<void> {
  try {
    const response = await fetch('call', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(message),
    })
    const reply = (await response.json()) as ToPage
    replies.receive(reply)
  } catch {
    const error = {
      code: 'DISCONNECTED',
      message: "The page can't reach `limn ui`.",
      hint: 'Run `limn ui` again, and open the link that it prints.',
    }
    replies.receive({ type: 'reply', id: message.id, error })
  }
}
