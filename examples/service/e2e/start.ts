import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32, deflateSync } from 'node:zlib'
import { onTestFinished } from 'vitest'
import { type ImageServer, startImageServer } from '../../../fixtures/openai-server/index.ts'
import { hashKey } from '../src/callers.ts'
import { parseConfig } from '../src/config.ts'
import { type Service, startService } from '../src/server.ts'

/** The keys of the callers `web`, `app` and `poor`, and that of the operator at the provider. */
export const KEYS = {
  web: 'limn-web-0123456789abcdef',
  app: 'limn-app-0123456789abcdef',
  poor: 'limn-poor-0123456789abcdef',
}
export const PROVIDER_KEY = 'sk-test-0123456789abcdefghijklmnop'

export const PATH = '/v1/images/generations'

export type Settings = Readonly<Record<string, unknown>>

/** An answer of the service. */
export type Received = { status: number; headers: Headers; text: string; body: Body }
type Body = {
  created: number
  data: { url?: string; b64_json?: string }[]
  limn: { id: string; cached: boolean; usd: number }
  error: { code: string; message: string; param: string | null; type: string }
}

/** A service in a folder of the test, and the fake provider that it pays. */
export type Tested = {
  server: ImageServer
  folder: string
  /** The settings as they are in the config file. */
  settings: Settings
  env: Readonly<Record<string, string>>
  readonly origin: string
  /** The lines of the log. */
  log: string[]
  start(): Promise<Service>
  post(body: unknown, key?: string, headers?: Readonly<Record<string, string>>): Promise<Received>
  get(path: string, key?: string): Promise<Received>
  /** What a caller has spent, USD, without what is reserved. */
  spentBy(key: string): Promise<number>
}

/** Prepares a service. `start` starts it; what runs at the end of the test is closed. */
export async function createTested(changes: Settings = {}): Promise<Tested> {
  const folder = mkdtempSync(join(tmpdir(), 'limn-service-'))
  const server = await startImageServer()
  server.answer(({ body }) => ({ kind: 'image', bytes: greyPicture(String(body['size'])) }))
  const running = new Set<Service>()
  onTestFinished(async () => {
    await server.close()
    await Promise.all([...running].map((service) => service.close()))
    rmSync(folder, { recursive: true, force: true })
  })
  const settings = settingsOf(folder, changes)
  const env = {
    OPENAI_API_KEY: PROVIDER_KEY,
    OPENAI_BASE_URL: server.baseURL,
    LIMN_TRUST: 'OPENAI_API_KEY@127.0.0.1',
  }
  const log: string[] = []
  let origin = ''
  const tested: Tested = {
    server,
    folder,
    settings,
    env,
    log,
    get origin() {
      return origin
    },
    async start() {
      const config = parseConfig(settings)
      const service = await startService({ config, env, write: (line) => log.push(line) })
      running.add(service)
      origin = service.origin
      return service
    },
    post: (body, key = KEYS.web, headers = {}) =>
      call(`${origin}${PATH}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    get: (path, key = KEYS.web) =>
      call(`${origin}${path}`, { headers: { authorization: `Bearer ${key}` } }),
    async spentBy(key) {
      const { body } = await tested.get('/v1/usage', key)
      return (body as unknown as { spentUsd: number }).spentUsd
    },
  }
  return tested
}

/** Creates the settings of a service that pays a fake provider. */
function settingsOf(folder: string, changes: Settings = {}): Settings {
  const caller = (name: keyof typeof KEYS, budgetUsd: number): Settings => ({
    name,
    keySha256: hashKey(KEYS[name]),
    requestsPerMinute: 100_000,
    budgetUsd,
  })
  return {
    port: 0,
    data: join(folder, 'data'),
    callers: [caller('web', 100), caller('app', 100), caller('poor', 0.02)],
    models: {
      'gpt-image-2': { sizes: ['1024x1024', '1536x1024'], qualities: ['low', 'medium'] },
      'gpt-image-2.5-flare': { sizes: ['1024x1024'], qualities: ['low'] },
    },
    manifest: { provider: 'openai' },
    ...changes,
  }
}

export async function call(url: string, init: RequestInit): Promise<Received> {
  const response = await fetch(url, init)
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true
  const body = (isJson ? JSON.parse(text) : {}) as Body
  return { status: response.status, headers: response.headers, text, body }
}

const pictureBySize = new Map<string, Uint8Array>()

/** Returns a grey PNG of a size such as `1024x1024`, which takes less time than a painted one. */
export function greyPicture(size: string): Uint8Array {
  const known = pictureBySize.get(size)
  if (known !== undefined) return known
  const [width = 0, height = 0] = size.split('x').map(Number)
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  // 8 bits, greyscale
  header.writeUInt8(8, 8)
  const picture = Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc((width + 1) * height))),
    chunk('IEND', Buffer.alloc(0)),
  ])
  pictureBySize.set(size, picture)
  return picture
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const framed = Buffer.alloc(named.length + 8)
  framed.writeUInt32BE(data.length, 0)
  framed.set(named, 4)
  framed.writeUInt32BE(crc32(named), named.length + 4)
  return framed
}
