import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createAdaptorServer } from '@hono/node-server'
import { createApp } from './app.ts'
import { claimFolder } from './claim-folder.ts'
import type { Config } from './config.ts'
import { writeDurably } from './files.ts'
import { openGallery } from './gallery.ts'
import { openLedger } from './ledger.ts'
import { createLog } from './log.ts'
import { readPrices } from './prices.ts'

/** A running service. */
export type Service = {
  /** `http://127.0.0.1:8787` */
  origin: string
  /**
   * Takes no more requests, finishes those in flight, and ends. After `drainTimeoutMs` it abandons
   * them; what was received is stored.
   */
  close(): Promise<void>
}

export type ServiceOptions = {
  config: Config
  /** Keys and base URLs of the providers. */
  env: Readonly<Record<string, string | undefined>>
  /** Receives the lines of the log. Default: none. */
  write?: (line: string) => void
}

/** Largest headers of a request, bytes. */
const MAX_HEADERS = 8 * 1024
/** Times in which headers and the whole request must arrive, ms. */
const HEADERS_TIMEOUT = 10_000
const REQUEST_TIMEOUT = 30_000
const KEEP_ALIVE_TIMEOUT = 5000
const MAX_CONNECTIONS = 2000

/** Starts the service. @throws Error if the config is wrong, or the folder or port is in use */
export async function startService({
  config,
  env: all,
  write = () => {},
}: ServiceOptions): Promise<Service> {
  // Each order is a project of its own: a record of what all of them spend would be one file each.
  const { HOME: _home, XDG_STATE_HOME: _state, LOCALAPPDATA: _local, ...env } = all
  const log = createLog(write)
  const quit = new AbortController()
  let isClosing = false
  await mkdir(config.data, { recursive: true, mode: 0o700 })
  const releaseFolder = await claimFolder(config.data)
  const prices = await readPrices(config, env)
  const ledger = await openLedger(join(config.data, 'ledger.jsonl'))
  const gallery = openGallery({
    config,
    env,
    ledger,
    secret: await readSecret(join(config.data, 'secret')),
    quit: quit.signal,
    onError: (id, error) => log.error('order', error, { id: id.slice(0, 12) }),
    onEvent(id, event) {
      if (event.type === 'retrying') log.error('retry', event.error, { id: id.slice(0, 12) })
    },
  })
  await gallery.recover()

  const app = createApp({
    config,
    gallery,
    ledger,
    prices,
    log,
    publicUrl: () => (config.publicUrl ?? origin).replace(/\/$/, ''),
    isClosing: () => isClosing,
  })
  const server = await listen(app.fetch, config)
  const { address, port, family } = server.address() as AddressInfo
  const origin = `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
  log.info('started', { origin })

  async function close(): Promise<void> {
    isClosing = true
    log.info('closing')
    const deadline = setTimeout(() => quit.abort(), config.drainTimeoutMs)
    await gallery.close()
    clearTimeout(deadline)
    await stop(server)
    await ledger.close()
    await releaseFolder()
    log.info('closed')
  }

  let closed: Promise<void> | undefined
  return { origin, close: () => (closed ??= close()) }
}

type Fetch = Parameters<typeof createAdaptorServer>[0]['fetch']

async function listen(fetch: Fetch, { host, port }: Config): Promise<Server> {
  const server = createAdaptorServer({
    fetch,
    createServer,
    serverOptions: {
      maxHeaderSize: MAX_HEADERS,
      headersTimeout: HEADERS_TIMEOUT,
      requestTimeout: REQUEST_TIMEOUT,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT,
      connectionsCheckingInterval: 1000,
      requireHostHeader: true,
    },
  }) as Server
  server.maxConnections = MAX_CONNECTIONS
  server.listen(port, host)
  await once(server, 'listening')
  return server
}

/** Time in which the last answers must be read once their pictures are there, ms. */
const LAST_ANSWERS = 5000

async function stop(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeIdleConnections()
  const deadline = setTimeout(() => server.closeAllConnections(), LAST_ANSWERS)
  await closed
  clearTimeout(deadline)
}

/** Reads the secret that makes the addresses of pictures impossible to guess, or creates it. */
async function readSecret(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    const secret = randomBytes(32)
    await writeDurably(path, secret)
    return secret
  }
}
