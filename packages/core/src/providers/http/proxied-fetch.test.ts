import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import type { ProviderError } from '../provider.ts'
import { download } from './download.ts'
import { limitFetch } from './limited-fetch.ts'

type TestProxy = { env: Record<string, string>; seen: string[] }

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

/** Starts a proxy that answers by itself; tunnels lead to nothing but `status`. */
async function startProxy(
  answer: { status?: number; body?: string | Buffer; headers?: Record<string, string> } = {},
): Promise<TestProxy> {
  const { status = 200, body = 'through the proxy', headers = {} } = answer
  const seen: string[] = []
  const note = ({ method, url, headers: own }: IncomingMessage): void => {
    seen.push([method, url, own['proxy-authorization'] ?? ''].join(' ').trim())
  }
  const proxy = createServer((request, response) => {
    note(request)
    request.resume()
    response.writeHead(status, headers).end(body)
  })
  proxy.on('connect', (request: IncomingMessage, socket: Socket) => {
    note(request)
    socket.end(`HTTP/1.1 ${status} No\r\n\r\n`)
  })
  const url = `http://us%40er:pass@127.0.0.1:${await listen(proxy)}`
  return { env: { HTTP_PROXY: url, HTTPS_PROXY: url }, seen }
}

const auth = `Basic ${Buffer.from('us@er:pass').toString('base64')}`
const fetchWith = (env: Record<string, string>): typeof fetch =>
  limitFetch({ maxBytes: 1000, silenceMs: 5000, env })

test('sends requests through the proxy, with its password', async () => {
  const { env, seen } = await startProxy()
  const send = fetchWith(env)
  const response = await send('http://api.test/v1?a=%2F', { method: 'POST', body: '{}' })
  expect(await response.text()).toBe('through the proxy')
  const form = new FormData()
  form.append('prompt', 'A hill')
  await send('http://api.test/form', { method: 'POST', body: form })
  expect(seen).toEqual([
    `POST http://api.test/v1?a=%2F ${auth}`,
    `POST http://api.test/form ${auth}`,
  ])
})

test('connects directly where NO_PROXY says so', async () => {
  const server = createServer((_, response) => response.end('direct'))
  const port = await listen(server)
  const { env, seen } = await startProxy()
  for (const exception of ['127.0.0.0/8', `127.0.0.1:${port}`, '*']) {
    const send = fetchWith({ ...env, NO_PROXY: exception })
    expect(await (await send(`http://127.0.0.1:${port}/x`)).text()).toBe('direct')
  }
  expect(seen).toEqual([])
})

test('decompresses an answer, and follows no redirect', async () => {
  const { env } = await startProxy({
    status: 302,
    body: gzipSync('moved'),
    headers: { 'content-encoding': 'gzip', location: 'http://other.test/' },
  })
  const response = await fetchWith(env)('http://api.test/x')
  expect([response.status, await response.text()]).toEqual([302, 'moved'])
})

test.each([
  [
    407,
    /^The proxy http:\/\/127\.0\.0\.1:\d+ \(HTTPS_PROXY\) does not accept .* \(407\)\.$/,
    false,
  ],
  [403, /^The proxy .* \(HTTPS_PROXY\) did not connect to api\.test \(403\)\.$/, false],
  [502, /^The proxy .* \(HTTPS_PROXY\) did not connect to api\.test \(502\)\.$/, true],
])(
  'names a proxy that answers %d, and counts nothing as sent',
  async (status, message, canRetry) => {
    const { env, seen } = await startProxy({ status })
    const failed = fetchWith(env)('https://api.test/v1', { method: 'POST', body: '{}' })
    const error = (await failed.catch((thrown: unknown) => thrown)) as ProviderError
    expect(error).toMatchObject({ code: 'provider/network', isUnsent: true })
    expect(error.message).toMatch(message)
    expect(`${error.message} ${error.hint}`).not.toMatch(/pass@|us%40er/)
    expect(error.retry !== undefined).toBe(canRetry)
    expect(seen).toEqual([`CONNECT api.test:443 ${auth}`])
  },
)

test.each(['http', 'https'])('names a proxy that cannot be reached, for %s', async (scheme) => {
  const server = createServer()
  const port = await listen(server)
  server.close()
  const env = { ALL_PROXY: `http://127.0.0.1:${port}` }
  await expect(fetchWith(env)(`${scheme}://api.test/v1`)).rejects.toMatchObject({
    message: `The proxy http://127.0.0.1:${port} (ALL_PROXY) can't be reached (ECONNREFUSED).`,
    hint: expect.stringContaining('NO_PROXY') as string,
    isUnsent: true,
  })
})

const noNames = ((_: string, __: object, callback: (error: Error) => void) =>
  callback(new Error('not found'))) as never

test('fetches links through the proxy, with their query unchanged', async () => {
  const { env, seen } = await startProxy()
  const options = { maxBytes: 100, refuses: () => true, env, lookup: noNames }
  const bytes = await download("http://cdn.test/a|b.png?sig='a%2fb+c'&&x=", options)
  expect(bytes.toString()).toBe('through the proxy')
  expect(seen).toEqual([`GET http://cdn.test/a|b.png?sig='a%2fb+c'&&x= ${auth}`])
})

test.each(['http://10.0.0.1/x', 'http://localhost/x', 'http://metadata/x', 'http://a.internal/x'])(
  'refuses the private link %s behind a proxy too',
  async (link) => {
    const { env, seen } = await startProxy()
    const options = { maxBytes: 100, refuses: () => true, env, lookup: noNames }
    await expect(download(link, options)).rejects.toThrow('a private address')
    expect(seen).toEqual([])
  },
)

test('refuses a name that resolves to a private address behind a proxy too', async () => {
  const { env, seen } = await startProxy()
  const lookup = ((_: string, __: object, callback: (error: null, found: object[]) => void) =>
    callback(null, [{ address: '192.168.0.9', family: 4 }])) as never
  const refuses = (address: string): boolean => address.startsWith('192.168.')
  await expect(
    download('http://cdn.test/x', { maxBytes: 100, refuses, env, lookup }),
  ).rejects.toThrow('a private address')
  expect(seen).toEqual([])
})

test('keeps a link while the proxy is down', async () => {
  const { env } = await startProxy({ status: 407 })
  const options = { maxBytes: 100, refuses: () => false, env, lookup: noNames, pauses: [] }
  await expect(download('https://cdn.test/x', options)).rejects.toMatchObject({
    message: expect.stringMatching(/^The proxy .* The picture may have been billed\.$/) as string,
    link: 'down',
  })
})

test('reaches a server behind TLS through a tunnel', async () => {
  const plain = createServer((_, response) => response.end('tunnelled'))
  const port = await listen(plain)
  const tunnels: string[] = []
  const proxy = createServer()
  proxy.on('connect', (request: IncomingMessage, socket: Socket) => {
    tunnels.push(request.url!)
    const target = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      target.pipe(socket).pipe(target)
    })
    socket.on('error', () => target.destroy())
    target.on('error', () => socket.destroy())
  })
  const env = { https_proxy: `http://127.0.0.1:${await listen(proxy)}` }
  // The server speaks no TLS, so that the handshake fails behind the tunnel.
  await expect(fetchWith(env)('https://api.test/v1')).rejects.toMatchObject({
    code: expect.stringMatching(/SSL|EPROTO|ECONNRESET/) as string,
  })
  expect(tunnels).toEqual(['api.test:443'])
})
