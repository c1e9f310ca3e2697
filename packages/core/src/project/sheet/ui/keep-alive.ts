import type { ServerResponse } from 'node:http'

/** Time between two signs of life, ms. */
const INTERVAL = 20_000

/**
 * Waits for the content of a response, and sends spaces meanwhile: browsers give up on a silent
 * response, Firefox after five minutes, and a run takes longer. JSON may begin with spaces.
 *
 * @param response has its headers
 */
export async function keepAlive<T>(
  response: Pick<ServerResponse, 'write' | 'destroyed'>,
  content: Promise<T>,
): Promise<T> {
  const timer = setInterval(() => {
    if (!response.destroyed) response.write(' ')
  }, INTERVAL)
  timer.unref()
  try {
    return await content
  } finally {
    clearInterval(timer)
  }
}
