import { mkdtempSync, rmSync } from 'node:fs'
import {
  createServer,
  type IncomingMessage,
  request as forward,
  type RequestListener,
  type ServerResponse,
} from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import S3rver from '@20minutes/s3rver'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createFolderStore } from '../src/remote/folder-store.ts'
import { createHttpStore } from '../src/remote/http-store.ts'
import { withTimeouts } from '../src/remote/limits.ts'
import type { RemoteStore } from '../src/remote/remote-store.ts'
import { createS3Store } from '../src/remote/s3-store.ts'
import { createMemoryStore, untilAborted } from '../src/remote/testing.ts'
import { readBody, serve, webServer } from './web-store.ts'

function createFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'limn-store-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

const PAGE = 2

/** Serves one bucket as S3 does: conditions, and a listing in pages of two. */
function bucketServer(): RequestListener {
  const objects = new Map<string, Buffer>()
  return (request, response) => {
    const url = new URL(request.url!, 'http://bucket')
    const key = decodeURIComponent(url.pathname).replace(/^\/bucket\/?/, '')
    void readBody(request).then((body) => {
      if (request.method === 'GET' && key === '') return sendPage(url, objects, response)
      if (request.method === 'PUT') {
        if (request.headers['if-none-match'] === '*' && objects.has(key)) {
          return sendError(response, 412, 'PreconditionFailed')
        }
        objects.set(key, body)
        return response.end()
      }
      if (request.method === 'DELETE') objects.delete(key)
      const found = objects.get(key)
      if (found === undefined && request.method !== 'DELETE') {
        return sendError(response, 404, 'NoSuchKey')
      }
      response.writeHead(200, { 'content-length': found?.length ?? 0 })
      return response.end(request.method === 'HEAD' ? undefined : found)
    })
  }
}

function sendPage(url: URL, objects: ReadonlyMap<string, Buffer>, response: ServerResponse): void {
  const prefix = url.searchParams.get('prefix') ?? ''
  const from = Number(url.searchParams.get('continuation-token') ?? 0)
  const keys = [...objects.keys()].filter((key) => key.startsWith(prefix)).sort()
  const contents = keys
    .slice(from, from + PAGE)
    .map((key) => `<Contents><Key>${key}</Key><Size>${objects.get(key)!.length}</Size></Contents>`)
  const hasMore = keys.length > from + PAGE
  const next = hasMore ? `<NextContinuationToken>${from + PAGE}</NextContinuationToken>` : ''
  response.writeHead(200, { 'content-type': 'application/xml' })
  response.end(
    `<ListBucketResult><IsTruncated>${hasMore}</IsTruncated>${next}${contents.join('')}</ListBucketResult>`,
  )
}

function sendError(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'content-type': 'application/xml' })
  response.end(`<Error><Code>${code}</Code><Message>${code}</Message></Error>`)
}

const credentials = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' }

function createBucketStore(
  endpoint: string,
  bucket = 'bucket',
  env: Record<string, string> = {},
): Promise<RemoteStore> {
  const place = { bucket, prefix: 'team/limn/', endpoint, region: 'us-east-1', pathStyle: true }
  return createS3Store({ ...place, credentials, env })
}

/** Starts a proxy. `seen` lists what it was asked for; with a status, it refuses everything. */
async function startProxy(status?: number): Promise<{ url: string; seen: string[] }> {
  const seen: string[] = []
  const proxy = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`)
    if (status !== undefined) return void response.writeHead(status).end()
    const { method, headers } = request
    const forwarded = forward(request.url!, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers)
      answer.pipe(response)
    })
    request.pipe(forwarded)
  })
  proxy.on('connect', (request: IncomingMessage, socket: Socket) => {
    seen.push(`CONNECT ${request.url}`)
    if (status !== undefined) return void socket.end(`HTTP/1.1 ${status} No\r\n\r\n`)
    const target = connect(Number(request.url!.split(':')[1]), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      target.pipe(socket).pipe(target)
    })
    for (const each of [socket, target]) each.on('error', () => socket.destroy())
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    proxy.closeAllConnections()
    proxy.close()
  })
  return { url: `http://me:hunter2@127.0.0.1:${(proxy.address() as AddressInfo).port}`, seen }
}

/** Starts the S3 server of the registry, which ignores conditions. */
async function createS3rverStore(): Promise<RemoteStore> {
  const server = new S3rver({
    address: '127.0.0.1',
    port: 0,
    silent: true,
    directory: createFolder(),
    configureBuckets: [{ name: 'bucket', configs: [] }],
  })
  const { port } = await server.run()
  onTestFinished(() => server.close())
  return createBucketStore(`http://127.0.0.1:${port}`)
}

const stores: Record<string, () => RemoteStore | Promise<RemoteStore>> = {
  memory: () => createMemoryStore(),
  folder() {
    const folder = createFolder()
    return createFolderStore({ folder, root: folder, isCreated: false })
  },
  'web server': async () =>
    createHttpStore({
      baseURL: `${await serve(webServer({ token: 'secret' }))}limn/`,
      token: 'secret',
      env: {},
    }),
  'S3 stub': async () => createBucketStore(await serve(bucketServer())),
  'S3 stub behind a proxy': async () => {
    const { url } = await startProxy()
    return createBucketStore(await serve(bucketServer()), 'bucket', { HTTP_PROXY: url })
  },
  s3rver: createS3rverStore,
}

/** The server of the registry ignores conditions, and rejects the signature of a listing. */
const limited = ['s3rver']

describe.each(Object.entries(stores))('the store of a %s', (name, create) => {
  const text = (value: string): Uint8Array => Buffer.from(value)
  const read = async (store: RemoteStore, key: string, maxBytes = 1000): Promise<string> => {
    const bytes = await store.get(key, { maxBytes })
    return bytes === undefined ? 'missing' : Buffer.from(bytes).toString()
  }

  test('returns what was put, up to a size, and describes it', async () => {
    const store = await create()
    const key = `v1/requests/ab/${'ab'.repeat(32)}+2`
    expect(await read(store, key)).toBe('missing')
    expect(await store.head(key)).toBeUndefined()
    expect(await store.putIfAbsent(key, text('hello'))).toBe(true)
    expect(await read(store, key)).toBe('hello')
    expect((await read(store, key, 2)).length).toBeLessThanOrEqual(2)
    expect(await store.head(key)).toMatchObject({ key, bytes: 5 })
  })

  test('stores bytes of any value, and many of them', async () => {
    const store = await create()
    const bytes = Buffer.alloc(300_000, Buffer.from(Array.from({ length: 256 }, (_, at) => at)))
    await store.putIfAbsent('v1/pictures/aa/big', bytes)
    const result = await store.get('v1/pictures/aa/big', { maxBytes: 1e6 })
    expect(Buffer.compare(Buffer.from(result!), bytes)).toBe(0)
  })

  test.skipIf(limited.includes(name))('puts an object only once', async () => {
    const store = await create()
    const puts = ['a', 'b', 'c', 'd'].map((each) =>
      store.putIfAbsent('v1/claims/aa/x/1', text(each)),
    )
    const results = await Promise.all(puts)
    expect(results.filter(Boolean)).toHaveLength(1)
    expect(await read(store, 'v1/claims/aa/x/1')).toBe('abcd'[results.indexOf(true)])
    expect(await store.putIfAbsent('v1/claims/aa/x/1', text('e'))).toBe(false)
  })

  test('deletes an object, and a missing one', async () => {
    const store = await create()
    await store.putIfAbsent('v1/pictures/aa/x', text('hello'))
    await store.delete('v1/pictures/aa/x')
    await store.delete('v1/pictures/aa/x')
    expect(await read(store, 'v1/pictures/aa/x')).toBe('missing')
  })

  test.skipIf(limited.includes(name))('lists everything below a prefix', async () => {
    const store = await create()
    const keys = ['aa/1', 'aa/2', 'ab/3', 'ac/4', 'ad/5'].map((key) => `v1/pictures/${key}`)
    for (const key of [...keys, 'v1/requests/aa/1']) await store.putIfAbsent(key, text(key))
    const list = async (): Promise<string[]> => {
      const listed: string[] = []
      for await (const object of store.list('v1/pictures/')) listed.push(object.key)
      return listed.sort()
    }
    if (store.canList) expect(await list()).toEqual(keys)
    else await expect(list()).rejects.toMatchObject({ code: 'remote/invalid' })
  })

  test('fails when a signal fires', async () => {
    const store = await create()
    const signal = AbortSignal.abort()
    await expect(withTimeouts(store).get('v1/x', { maxBytes: 1, signal })).rejects.toMatchObject({
      code: 'aborted',
    })
  })
})

describe('a server that fails', () => {
  const status =
    (code: number): RequestListener =>
    (request, response) => {
      request.resume()
      response.writeHead(code, code === 302 ? { location: 'http://169.254.169.254/' } : {})
      response.end()
    }

  test.each([
    [401, 'remote/denied'],
    [403, 'remote/denied'],
    [507, 'remote/full'],
    [302, 'remote/unreachable'],
    [500, 'remote/unreachable'],
  ])('is reported by its status: %d as %s', async (code, expected) => {
    const baseURL = await serve(status(code))
    const web = createHttpStore({ baseURL, token: '', env: {} })
    const bucket = await createBucketStore(baseURL)
    for (const store of [web, bucket]) {
      await expect(store.get('v1/x', { maxBytes: 1 })).rejects.toMatchObject({ code: expected })
      await expect(store.putIfAbsent('v1/x', Buffer.from('x'))).rejects.toMatchObject({
        code: expected,
      })
    }
  })

  test('is reported if it refuses connections, hangs or breaks off', async () => {
    const hanging = await serve(() => {})
    const breaking = await serve((_, response) => {
      response.writeHead(200, { 'content-length': 100 })
      response.write('half')
      setTimeout(() => response.destroy(), 20)
    })
    for (const baseURL of ['http://127.0.0.1:1/', hanging, breaking]) {
      const limits = { small: 500, large: 500 }
      const web = withTimeouts(createHttpStore({ baseURL, token: '', env: {} }), limits)
      const bucket = withTimeouts(await createBucketStore(baseURL), limits)
      for (const store of [web, bucket]) {
        await expect(store.get('v1/x', { maxBytes: 1000 })).rejects.toMatchObject({
          code: 'remote/unreachable',
        })
      }
    }
  })

  test('never sees a token in an error', async () => {
    const baseURL = await serve(status(403))
    const store = createHttpStore({ baseURL, token: 'secret-token', env: {} })
    const error = await store.get('v1/x', { maxBytes: 1 }).catch((each: unknown) => each)
    expect(JSON.stringify(error) + String(error)).not.toContain('secret-token')
  })
})

describe('a proxy', () => {
  const origin = 'http://127.0.0.1:1/'
  const drivers: Record<string, (env: Record<string, string>) => Promise<RemoteStore>> = {
    'web server': async (env) => createHttpStore({ baseURL: origin, token: '', env }),
    bucket: (env) => createBucketStore(origin, 'bucket', env),
  }

  test.each(Object.entries(drivers))('that refuses is named for a %s', async (_, create) => {
    for (const [name, status] of [
      ['HTTP_PROXY', 407],
      ['http_proxy', 403],
      ['ALL_PROXY', 502],
    ] as const) {
      const { url, seen } = await startProxy(status)
      const store = withTimeouts(await create({ [name]: url }), { small: 5000, large: 5000 })
      const error = await store.get('v1/x', { maxBytes: 1 }).catch((each: unknown) => each)
      expect(error).toMatchObject({ code: expect.stringMatching(/^remote\//) as string })
      expect(seen.length).toBeGreaterThan(0)
      expect(JSON.stringify(error) + String(error)).not.toContain('hunter2')
    }
  })

  test('sends every request of a bucket, except where NO_PROXY says otherwise', async () => {
    const endpoint = await serve(bucketServer())
    const { url, seen } = await startProxy()
    const through = await createBucketStore(endpoint, 'bucket', { ALL_PROXY: url })
    await through.putIfAbsent('v1/x', Buffer.from('x'))
    expect(seen.length).toBeGreaterThan(0)
    seen.length = 0
    const env = { ALL_PROXY: url, NO_PROXY: '127.0.0.1' }
    const direct = await createBucketStore(endpoint, 'bucket', env)
    expect(await direct.head('v1/x')).toMatchObject({ bytes: 1 })
    expect(seen).toEqual([])
  })
})

describe('a bucket', () => {
  test('that does not exist is not an empty store', async () => {
    const server = await serve((request, response) => {
      request.resume()
      sendError(response, 404, 'NoSuchBucket')
    })
    const store = await createBucketStore(server)
    await expect(store.get('v1/x', { maxBytes: 1 })).rejects.toMatchObject({
      code: 'remote/unreachable',
    })
  })

  test('that repeats a page of its listing is not listed forever', async () => {
    const page =
      '<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>1</NextContinuationToken></ListBucketResult>'
    const store = await createBucketStore(await serve((_, response) => response.end(page)))
    const list = async (): Promise<void> => {
      for await (const _ of store.list('v1/')) continue
    }
    await expect(list()).rejects.toMatchObject({ code: 'remote/unreachable' })
  })
})

test('stops an operation of a driver that never answers', async () => {
  const memory = createMemoryStore()
  memory.fault = (_, __, options) => untilAborted(options)
  const store = withTimeouts(memory, { small: 20, large: 20 })
  await expect(store.head('v1/x')).rejects.toMatchObject({
    code: 'remote/unreachable',
    message: 'The remote store memory did not answer within 0.02 s.',
  })
})
