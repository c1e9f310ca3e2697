import { createHash } from 'node:crypto'
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import timers from 'node:timers/promises'
import sharp from 'sharp'
import { machine } from '../../../src/disk/process.ts'
import { openProject, type Project } from '../../../src/index.ts'
import { type DiskState, type MemoryDisk, mountMemoryDisk } from './memory-disk.ts'

/** The folder of the project. It exists only in memory. */
export const ROOT = '/limn-in-memory/project'
const MOUNT = '/limn-in-memory'

/** A picture that the fake server was paid for. */
export type PaidPicture = { prompt: string; sha256: string; usd: number }

/** Project, disk and server of a model. One process runs at a time. */
export type World = {
  disk: MemoryDisk
  /** Everything that was paid for since `forget`. */
  readonly paid: readonly PaidPicture[]
  /** Forgets what was paid for: the disk was replaced. */
  forget(): void
  /** Runs `work` as a new process. All earlier processes are dead. */
  asNewProcess<T>(work: (project: Project) => Promise<T>): Promise<T>
  write(path: string, text: string): void
}

/** Sets up a world that lasts until `close`. */
export async function createWorld(): Promise<World & { close: () => void }> {
  // The name of the machine is read once, before the disk is mounted and the pids are made up.
  machine()
  const { disk, unmount } = mountMemoryDisk(MOUNT)
  const processes = simulateProcesses()
  const restoreTime = skipWaits()
  const server = await fakeServer()
  const write = (path: string, text: string): void => {
    disk.restore(new Map([...disk.state, [`${ROOT}/${path}`, Buffer.from(text)]]))
  }
  return {
    disk,
    get paid() {
      return server.paid
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

/** Lets waits take no time: the clock moves on instead. @returns how to undo that */
function skipWaits(): () => void {
  const real = { now: performance.now, wait: timers.setTimeout }
  let skipped = 0
  performance.now = () => real.now.call(performance) + skipped
  timers.setTimeout = (async (ms = 0, value: unknown, options?: { signal?: AbortSignal }) => {
    options?.signal?.throwIfAborted()
    skipped += ms
    await new Promise((resolve) => setImmediate(resolve))
    return value
  }) as typeof timers.setTimeout
  syncBuiltinESMExports()
  return () => {
    performance.now = real.now
    timers.setTimeout = real.wait
    syncBuiltinESMExports()
  }
}

/** A server that answers with pictures that depend only on the prompt and the number. */
async function fakeServer(): Promise<{ paid: PaidPicture[]; close: () => void }> {
  const paid: PaidPicture[] = []
  const { fetch } = globalThis
  globalThis.fetch = async (input, init) => {
    const url = input instanceof Request ? input.url : String(input)
    if (url.startsWith('data:')) return fetch(input, init)
    const { prompt, n = 1 } = JSON.parse(String(init?.body)) as { prompt: string; n?: number }
    const data: { b64_json: string }[] = []
    for (let number = 0; number < n; number++) {
      const bytes = await paint(`${prompt} ${number}`)
      paid.push({ prompt, sha256: digestOf(bytes), usd: outputUsd + (number === 0 ? inputUsd : 0) })
      data.push({ b64_json: bytes.toString('base64') })
    }
    const usage = {
      input_tokens: 10,
      output_tokens: 10 * n,
      total_tokens: 10 + 10 * n,
      input_tokens_details: { text_tokens: 10, image_tokens: 0 },
    }
    return Response.json({ created: 1, data, usage })
  }
  return { paid, close: () => void (globalThis.fetch = fetch) }
}

/** What gpt-image-1-mini costs by the usage that the server reports: per request, per picture. */
const inputUsd = 10 * 2e-6
const outputUsd = 10 * 8e-6

const painted = new Map<string, Buffer>()

async function paint(seed: string): Promise<Buffer> {
  const known = painted.get(seed)
  if (known !== undefined) return known
  const [r, g, b] = createHash('sha256').update(seed).digest()
  const background = { r: r!, g: g!, b: b! }
  const bytes = await sharp({ create: { width: 64, height: 64, channels: 3, background } })
    .png()
    .toBuffer()
  painted.set(seed, bytes)
  return bytes
}

export function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
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
