import { createHash } from 'node:crypto'
import fs from 'node:fs'
import { createServer } from 'node:http'
import { syncBuiltinESMExports } from 'node:module'
import type { AddressInfo } from 'node:net'
import { machine } from '../../../src/disk/process.ts'
import { openProject, type Project } from '../../../src/index.ts'
import { skipWaits } from '../../skip-waits.ts'
import { type BatchServer, createBatchServer, type FakeBatches } from './batch-server.ts'
import { type DiskState, type MemoryDisk, mountMemoryDisk } from './memory-disk.ts'
import { digestOf, type FakePicture, payFor } from './pay.ts'

export { digestOf, paint } from './pay.ts'

/** The folder of the project. It exists only in memory. */
export const ROOT = '/limn-in-memory/project'
const MOUNT = '/limn-in-memory'

/** A picture that the fake server was paid for. */
export type PaidPicture = Omit<FakePicture, 'bytes'>

/** Project, disk and server of a model. One process runs at a time. */
export type World = {
  disk: MemoryDisk
  /** Everything that was paid for since `forget`. */
  readonly paid: readonly PaidPicture[]
  /** The batches that the server has. */
  batches: FakeBatches
  /** Whether the server of linked pictures is down. */
  linksAreDown: boolean
  /** Forgets what was paid for: the disk was replaced. */
  forget(): void
  /** Runs `work` as a new process. All earlier processes are dead. */
  asNewProcess<T>(work: (project: Project) => Promise<T>): Promise<T>
  write(path: string, content: string | Uint8Array): void
}

/** Sets up a world that lasts until `close`. */
export async function createWorld(): Promise<World & { close: () => void }> {
  // The name of the machine is read once, before the disk is mounted and the pids are made up.
  machine()
  const { disk, unmount } = mountMemoryDisk(MOUNT)
  const processes = simulateProcesses()
  const restoreTime = skipWaits()
  const server = await fakeServer()
  const write = (path: string, content: string | Uint8Array): void => {
    disk.restore(new Map([...disk.state, [`${ROOT}/${path}`, Buffer.from(content as Uint8Array)]]))
  }
  return {
    disk,
    get paid() {
      return server.paid
    },
    get batches() {
      return server.batches.batches
    },
    set batches(batches) {
      server.batches.batches = batches
    },
    get linksAreDown() {
      return server.links.areDown
    },
    set linksAreDown(areDown) {
      server.links.areDown = areDown
    },
    forget: () => void server.paid.splice(0),
    async asNewProcess(work) {
      processes.start()
      const env = { OPENAI_API_KEY: 'sk-model', OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' }
      const clock = { now: () => performance.now(), sleep: () => Promise.resolve() }
      return work(openProject({ cwd: ROOT, env, clock }))
    },
    write,
    close() {
      server.close()
      restoreTime()
      processes.close()
      unmount()
    },
  }
}

/** Gives this process another pid from time to time: that of a dead process is not alive. */
function simulateProcesses(): { start: () => void; close: () => void } {
  const real = process.pid
  const { readFileSync } = fs
  const stat = readFileSync(`/proc/${real}/stat`, 'utf8')
  let pid = 2 ** 23
  Object.defineProperty(process, 'pid', { get: () => pid, configurable: true })
  const simulated = (path: unknown, ...rest: unknown[]): unknown => {
    if (path === `/proc/${pid}/stat`) return stat
    return (readFileSync as unknown as (...args: unknown[]) => unknown)(path, ...rest)
  }
  fs.readFileSync = simulated as typeof readFileSync
  syncBuiltinESMExports()
  return {
    start: () => void pid++,
    close() {
      Object.defineProperty(process, 'pid', { value: real, configurable: true })
      fs.readFileSync = readFileSync
      syncBuiltinESMExports()
    },
  }
}

type FakeServer = {
  paid: PaidPicture[]
  batches: BatchServer
  links: { areDown: boolean }
  close: () => void
}

/**
 * A server that answers with pictures that depend only on the prompt and the number, or with links
 * to them if the prompt asks for one.
 */
async function fakeServer(): Promise<FakeServer> {
  const paid: PaidPicture[] = []
  const { fetch } = globalThis
  const links = await serveLinks()
  const onPaid = ({ prompt, sha256, usd }: FakePicture): void =>
    void paid.push({ prompt, sha256, usd })
  const batches = createBatchServer(onPaid)
  globalThis.fetch = async (input, init) => {
    const url = input instanceof Request ? input.url : String(input)
    if (url.startsWith('data:')) return fetch(input, init)
    const answered = await batches.answer(new URL(url), init)
    if (answered !== undefined) return answered
    const { pictures, answer } = await payFor(orderIn(init?.body), { urlOf: links.urlOf })
    for (const picture of pictures) onPaid(picture)
    return Response.json(answer)
  }
  const close = (): void => {
    globalThis.fetch = fetch
    links.close()
  }
  return { paid, batches, links, close }
}

/** Serves the pictures whose prompts ask for a link. The links contain the digests. */
async function serveLinks(): Promise<{
  areDown: boolean
  urlOf: (picture: FakePicture) => string | undefined
  close: () => void
}> {
  const pictures = new Map<string, Buffer>()
  const server = createServer((request, response) => {
    response.statusCode = links.areDown ? 503 : 200
    response.setHeader('connection', 'close')
    response.end(links.areDown ? '' : pictures.get(request.url!))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const links = {
    areDown: false,
    urlOf({ prompt, sha256, bytes }: FakePicture) {
      if (!prompt.includes('link')) return undefined
      pictures.set(`/${sha256}`, bytes)
      return `http://127.0.0.1:${port}/${sha256}`
    },
    close: () => void server.close(),
  }
  return links
}

function orderIn(body: RequestInit['body']): { prompt: string; n: number } {
  if (body instanceof FormData) {
    return { prompt: String(body.get('prompt')), n: Number(body.get('n') ?? 1) }
  }
  const { prompt, n = 1 } = JSON.parse(String(body)) as { prompt: string; n?: number }
  return { prompt, n }
}

/** Returns a name of a state that is the same for states that differ only in random ids and times. */
export function fingerprint(state: DiskState): string {
  const hash = createHash('sha256')
  for (const [path, bytes] of [...state].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (path.includes('/node_modules/')) continue
    hash.update(`${anonymous(path)}\n${bytes === null ? '' : fingerprintOf(path, bytes)}\n`)
  }
  return hash.digest('hex')
}

const fingerprints = new WeakMap<Buffer, string>()

function fingerprintOf(path: string, bytes: Buffer): string {
  const known = fingerprints.get(bytes)
  if (known !== undefined) return known
  const print = isText(path) ? anonymous(bytes.toString('latin1')) : digestOf(bytes)
  fingerprints.set(bytes, print)
  return print
}

function isText(path: string): boolean {
  return !/\.(png|webp|svg|picture)(\.[^/]*tmp)?$/.test(path)
}

function anonymous(text: string): string {
  return text
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'ID')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replaceAll(/"(id|run)":"[^"]*"/g, 'ID')
    .replaceAll(/"(ms|pid)":\d+/g, 'NUMBER')
    .replaceAll(/\.[0-9a-f]{8}-\d+-\d+\.tmp/g, '.TMP')
    .replaceAll(/\d{13}-/g, 'TIME-')
}
