import type { lookup } from 'node:dns'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { download, type DownloadOptions, isPrivateAddress } from './download.ts'

const bytes = Buffer.from([137, 80, 78, 71, 1, 2, 3])
const options: DownloadOptions = { maxBytes: 1000, refuses: () => false, pauses: [1, 1, 1] }

async function serve(
  listener: RequestListener,
): Promise<{ port: number; origin: string; requested: IncomingMessage[] }> {
  const requested: IncomingMessage[] = []
  const server = createServer((request, response) => {
    requested.push(request)
    listener(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  const { port } = server.address() as AddressInfo
  return { port, origin: `http://127.0.0.1:${port}`, requested }
}

/**
 * Resolves any name to each of `addresses` in turn, and then to the last one; `requested` lists the
 * names.
 */
function resolver(...addresses: string[]): { lookup: typeof lookup; requested: string[] } {
  const requested: string[] = []
  const find = (
    name: string,
    _: object,
    callback: (error: null, found: { address: string; family: number }[]) => void,
  ): void => {
    const address = addresses[Math.min(requested.push(name), addresses.length) - 1]!
    callback(null, [{ address, family: 4 }])
  }
  return { lookup: find as unknown as typeof lookup, requested }
}

test.each<[string, RequestListener]>([
  ['answers 500', (_, response) => response.writeHead(500).end()],
  [
    'answers 404 because the picture is not replicated yet',
    (_, response) => response.writeHead(404).end(),
  ],
  ['closes the connection', (request) => request.socket.destroy()],
  [
    'closes the connection within the picture',
    (request, response) =>
      response
        .writeHead(200, { 'content-length': 7 })
        .write(bytes.subarray(0, 3), () => request.socket.destroy()),
  ],
  ['stops sending', (_, response) => response.writeHead(200).write(bytes.subarray(0, 3))],
])('retries if the server %s', async (_, fault) => {
  const { origin, requested } = await serve((request, response) =>
    requested.length < 3 ? fault(request, response) : response.end(bytes),
  )
  expect((await download(`${origin}/x`, { ...options, silenceMs: 100 })).equals(bytes)).toBe(true)
  expect(requested).toHaveLength(3)
})

test('gives up after four attempts, with the last reason', async () => {
  const { origin, requested } = await serve((_, response) => response.writeHead(503).end())
  await expect(download(origin, options)).rejects.toMatchObject({
    code: 'provider/bad-answer',
    message: "The server's picture link returned 503. The picture may have been billed.",
  })
  expect(requested).toHaveLength(4)
  await expect(download('http://127.0.0.1:9/x', options)).rejects.toMatchObject({
    message:
      "Limn could not download the picture from the server's link (ECONNREFUSED). The picture may have been billed.",
  })
})

test('gives up on an attempt that takes too long', async () => {
  const { origin } = await serve((_, response) => {
    const timer = setInterval(() => response.write('.'), 20)
    response.on('close', () => clearInterval(timer))
  })
  await expect(download(origin, { ...options, pauses: [], timeoutMs: 150 })).rejects.toMatchObject({
    message: expect.stringContaining('could not download'),
  })
})

test('stops when it is aborted', async () => {
  const stop = new AbortController()
  const { origin } = await serve(() => stop.abort())
  await expect(download(origin, { ...options, signal: stop.signal })).rejects.toMatchObject({
    code: 'aborted',
  })
})

test.each([301, 302, 303, 307, 308])('follows a redirect of %i', async (status) => {
  const { origin } = await serve((request, response) =>
    request.url === '/x'
      ? response.writeHead(status, { location: '../y?z=1' }).end()
      : response.end(`${request.url}`),
  )
  expect((await download(`${origin}/x`, options)).toString()).toBe('/y?z=1')
})

test('follows five redirects, but not a sixth', async () => {
  const { origin, requested } = await serve((request, response) => {
    const left = Number(request.url!.slice(1))
    return left === 0
      ? response.end(bytes)
      : response.writeHead(302, { location: `/${left - 1}` }).end()
  })
  expect((await download(`${origin}/5`, options)).equals(bytes)).toBe(true)
  requested.length = 0
  await expect(download(`${origin}/6`, options)).rejects.toMatchObject({
    message: "The server's picture link redirected more than 5 times.",
  })
  expect(requested).toHaveLength(6)
})

test.each([
  ['file:///etc/passwd', 'not http(s)'],
  ['data:image/png;base64,AAAA', 'not http(s)'],
  ['http://127.0.0.2/x', 'private address'],
  ['http://[::ffff:127.0.0.2]/x', 'private address'],
  ['//rebound.example/x', 'private address'],
])('refuses a redirect to %s', async (location, message) => {
  const { origin, requested } = await serve((_, response) =>
    response.writeHead(302, { location }).end(),
  )
  const refuses = (address: string): boolean => address !== '127.0.0.1' && isPrivateAddress(address)
  await expect(
    download(origin, { ...options, refuses, lookup: resolver('127.0.0.2').lookup }),
  ).rejects.toMatchObject({
    code: 'provider/bad-answer',
    message: expect.stringContaining(message),
  })
  expect(requested).toHaveLength(1)
})

test('connects to the address that was checked, even if the name resolves to another later', async () => {
  const { port, requested } = await serve((_, response) => response.end(bytes))
  const { lookup: find, requested: lookedUp } = resolver('127.0.0.1', '127.0.0.2')
  expect(
    (
      await download(`http://pictures.example:${port}/x`, {
        ...options,
        refuses: (address) => address === '127.0.0.2',
        lookup: find,
      })
    ).equals(bytes),
  ).toBe(true)
  expect(lookedUp).toEqual(['pictures.example'])
  expect(requested[0]!.headers.host).toBe(`pictures.example:${port}`)
})

test('refuses a name that resolves to a private address, without connecting', async () => {
  const { port, requested } = await serve((_, response) => response.end(bytes))
  await expect(
    download(`http://pictures.example:${port}/x`, {
      ...options,
      refuses: isPrivateAddress,
      lookup: resolver('127.0.0.1').lookup,
    }),
  ).rejects.toMatchObject({ message: 'The server returned a picture link to a private address.' })
  await expect(
    download(`http://localhost:${port}/x`, { ...options, refuses: isPrivateAddress }),
  ).rejects.toMatchObject({ message: 'The server returned a picture link to a private address.' })
  expect(requested).toEqual([])
})

test('sends nothing to an address that is refused once it is connected', async () => {
  const { port, requested } = await serve((_, response) => response.end(bytes))
  let checks = 0
  await expect(
    download(`http://pictures.example:${port}/x`, {
      ...options,
      // As if the connection led elsewhere than the address that was checked.
      refuses: () => ++checks > 1,
      lookup: resolver('127.0.0.1').lookup,
    }),
  ).rejects.toMatchObject({ message: 'The server returned a picture link to a private address.' })
  expect(requested).toEqual([])
})

test.each(['[64:ff9b::7f00:1]', '[2002:7f00:1::]', '[::7f00:1]', '0x7f.1', '[fec0::1]'])(
  'refuses a link to %s',
  async (host) => {
    await expect(
      download(`http://${host}/x`, { ...options, refuses: isPrivateAddress }),
    ).rejects.toMatchObject({ message: 'The server returned a picture link to a private address.' })
  },
)
