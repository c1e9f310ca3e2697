import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** Starts a server on loopback. @returns its URL, which ends with `/` */
export async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

/** Reads the body of a request. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks)
}

type WebStoreOptions = {
  /** The token that requests need. Default: none. */
  token?: string
  /** The objects by path. Tests may look at them. */
  objects?: Map<string, Buffer>
  /** Delays an answer. Default: none is delayed. */
  hold?: (request: IncomingMessage) => Promise<void> | undefined
}

/** Serves objects as a web server with conditional puts does. */
export function webServer({
  token = '',
  objects = new Map(),
  hold = () => undefined,
}: WebStoreOptions = {}): RequestListener {
  return (request, response) => {
    const { method, url = '', headers } = request
    const found = objects.get(url)
    const answer = (status: number, body?: Buffer): void => {
      response.writeHead(status, body === undefined ? {} : { 'content-length': body.length })
      response.end(method === 'HEAD' ? undefined : body)
    }
    if (token !== '' && headers.authorization !== `Bearer ${token}`) return answer(401)
    if (method === 'GET' || method === 'HEAD') {
      return found === undefined ? answer(404) : answer(200, found)
    }
    if (method === 'DELETE') {
      objects.delete(url)
      return answer(204)
    }
    void readBody(request).then(async (body) => {
      await hold(request)
      // Another put may have come in the meantime.
      if (headers['if-none-match'] === '*' && objects.has(url)) return answer(412)
      objects.set(url, body)
      return answer(201)
    })
  }
}
