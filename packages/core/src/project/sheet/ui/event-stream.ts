import type { ServerResponse } from 'node:http'
import type { SheetSession } from '../session.ts'

/** Time between two signs of life, ms: a lost connection is noticed. */
const HEARTBEAT = 20_000
/** What may wait for a page that does not read, bytes. The page then connects again. */
const MAX_WAITING = 64 * 1024 * 1024

/** Sends the events of a session to a page, as long as the page listens. */
export function openEventStream(
  response: ServerResponse,
  session: Pick<SheetSession, 'listen'>,
): void {
  response.setHeader('Content-Type', 'text/event-stream; charset=utf-8')
  response.write(':\n\n')
  const write = (text: string): void => {
    if (response.writableLength > MAX_WAITING) response.destroy()
    else response.write(text)
  }
  const stopListening = session.listen((event) => write(`data: ${JSON.stringify(event)}\n\n`))
  const heartbeat = setInterval(() => write(':\n\n'), HEARTBEAT)
  heartbeat.unref()
  response.once('close', () => {
    stopListening()
    clearInterval(heartbeat)
  })
}
