import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { startBillingServer } from '../../fixtures/billing-server.ts'
import { redisMissing, startRedis } from '../../fixtures/redis-server.ts'
import { requestOf } from '../../packages/core/src/identity/request.ts'
import { formatLock } from '../../packages/core/src/lock/codec.ts'
import type { LockEntry } from '../../packages/core/src/lock/lock.ts'
import type { Asset } from '../../packages/core/src/manifest/manifest.ts'
import { openProject } from '../../packages/core/src/project/project.ts'
import { jobIdOf, toJobData } from '../../packages/core/src/queue/job.ts'
import { openQueue } from '../../packages/core/src/queue/open-queue.ts'
import { parseQueueAddress } from '../../packages/core/src/queue/queue-address.ts'

/*
 * Simulates a project with many assets, and prints what its plan, lockfile, queue and remote store
 * amount to: the numbers of docs/scale.md. Nothing is paid for.
 *
 *     node --no-warnings bench/scripts/simulate-scale.ts [ASSETS]
 */

/** Assets in one file of the manifest. */
const PER_FILE = 25_000
/** Jobs that a coordinator has in the queue at the same time. */
const OPEN_JOBS = 1000
/** Pictures of the run whose requests to the store are counted. */
const COUNTED = 20

const assets = Number(process.argv[2] ?? 100_000)
const root = mkdtempSync(join(tmpdir(), 'limn-scale-'))
try {
  const simulated = await simulate()
  process.stdout.write(`${JSON.stringify(simulated, null, 2)}\n`)
} finally {
  rmSync(root, { recursive: true, force: true })
}

async function simulate(): Promise<object> {
  writeProject(root, assets)
  const project = openProject({ cwd: root })
  const started = performance.now()
  const { plan, snapshot } = await project.planWithSnapshot()
  const planMs = Math.round(performance.now() - started)
  const { maxRSS } = process.resourceUsage()
  const lock = formatLock({
    encoder: 'sharp 0.35.5 vips 8.18.0',
    assets: new Map(snapshot.manifest.assets.map((asset) => [asset.name, entryOf(asset)])),
    extra: {},
  })
  return {
    assets,
    planMs,
    planMB: Math.round(maxRSS / 1024),
    usd: Number(plan.usd.toFixed(2)),
    lockMB: Number((Buffer.byteLength(lock) / 1e6).toFixed(1)),
    queue: redisMissing ?? (await measureQueue(snapshot.manifest.assets.slice(0, OPEN_JOBS))),
    storeRequestsPerPicture: redisMissing ?? (await countStoreRequests()),
  }
}

function writeProject(folder: string, count: number, head = 'provider: openai'): void {
  const lines = (from: number, to: number): string =>
    Array.from(
      { length: to - from },
      (_, index) =>
        `  campaign/p${from + index}: { prompt: 'A lighthouse at dawn over a calm sea, number ${from + index}', alt: A lighthouse }\n`,
    ).join('')
  mkdirSync(join(folder, 'more'), { recursive: true })
  const start = `version: 1\n${head}\npresets: { teaser: { width: 640, height: 360, formats: [avif, webp], quality: 70 } }\ndefaults: { outputs: [og, { preset: teaser, widths: [320, 640] }] }\n`
  const isSplit = count > PER_FILE
  const text = isSplit ? `${start}include: [more/*.yaml]\n` : `${start}assets:\n${lines(0, count)}`
  writeFileSync(join(folder, 'images.yaml'), text)
  if (!isSplit) return
  for (let from = 0; from < count; from += PER_FILE) {
    const part = `version: 1\nassets:\n${lines(from, Math.min(count, from + PER_FILE))}`
    writeFileSync(join(folder, 'more', `part-${from}.yaml`), part)
  }
}

/** Returns what the lockfile has for an asset once it is generated. */
function entryOf(asset: Asset): LockEntry {
  const facts = { sha256: 'ab'.repeat(32), bytes: 1_234_567, width: 1536, height: 1024 }
  return {
    request: requestOf(asset),
    master: {
      path: `images/${asset.name}.png`,
      ...facts,
      thumbhash: '1QcSHQRnh493V4dIh4eXh1h4kJUI',
      state: 'generated',
    },
    made: {
      provider: 'openai',
      at: '2026-11-22T10:00:00.000Z',
      ownPrompt: asset.ownPrompt,
      usd: 0,
    },
    outputs: Object.fromEntries(
      asset.outputs.map(({ file }) => [file, { recipe: 'cd'.repeat(32), ...facts }]),
    ),
  }
}

/** Adds as many jobs as a coordinator does. @returns how much the server keeps for them */
async function measureQueue(some: readonly Asset[]): Promise<object> {
  const redis = await startRedis()
  const link = await openQueue(parseQueueAddress(redis.url, {}))
  const queue = new link.bullmq.Queue(link.name, { connection: link.connection })
  const used = async (): Promise<number> =>
    Number(/used_memory:(\d+)/.exec(await link.client.info('memory'))![1])
  try {
    await queue.waitUntilReady()
    const before = await used()
    for (const asset of some) {
      const { outputs, name } = asset
      const job = { request: requestOf(asset), outputs, inputs: [], images: 1, usd: 0.1 }
      const data = { ...job, asset: name, replaces: null }
      await queue.add('picture', toJobData(data), { jobId: jobIdOf(data) })
    }
    const bytes = (await used()) - before
    return { openJobs: some.length, MB: Number((bytes / 1e6).toFixed(1)) }
  } finally {
    await queue.close()
    link.client.disconnect()
    await redis.close()
  }
}

/** Generates some pictures with a worker and a store that counts its requests. */
async function countStoreRequests(): Promise<object> {
  const [redis, server, store] = await Promise.all([
    startRedis(),
    startBillingServer(),
    startCountingStore(),
  ])
  const folder = join(root, 'counted')
  const head = `provider: test\nproviders: { test: { baseURL: '${server.baseURL}', key: TEST_API_KEY, quirks: { idempotencyKeys: true } } }`
  writeProject(folder, COUNTED, head)
  const project = openProject({
    cwd: folder,
    env: {
      TEST_API_KEY: 'sk-scale-0123456789',
      LIMN_TRUST: 'TEST_API_KEY@127.0.0.1',
      LIMN_REMOTE: store.url,
    },
  })
  const stop = new AbortController()
  const working = project.work({ queue: redis.url, signal: stop.signal })
  try {
    const { generated } = await project.generate({ queue: redis.url, maxUsd: 1000 })
    if (generated !== COUNTED) throw new Error(`${generated} of ${COUNTED} are generated.`)
    const perPicture = ([method, count]: [string, number]): [string, number] => [
      method,
      Number((count / COUNTED).toFixed(1)),
    ]
    return Object.fromEntries([...store.counts].map(perPicture))
  } finally {
    stop.abort()
    await working
    await Promise.all([redis.close(), server.close(), store.close()])
  }
}

/** A store in memory behind HTTP that counts its requests by method. */
async function startCountingStore(): Promise<{
  url: string
  counts: Map<string, number>
  close: () => Promise<void>
}> {
  const objects = new Map<string, Buffer>()
  const counts = new Map<string, number>()
  const server = createServer((request, response) => {
    const { method = '', url = '' } = request
    counts.set(method, (counts.get(method) ?? 0) + 1)
    void buffer(request).then((body) => {
      const known = objects.get(url)
      if (method === 'PUT') {
        if (known === undefined) objects.set(url, body)
        return response.writeHead(known === undefined ? 201 : 412).end()
      }
      if (method === 'DELETE') objects.delete(url)
      if (known === undefined) return response.writeHead(404).end()
      response.writeHead(200, { 'content-length': known.length })
      return response.end(method === 'GET' ? known : undefined)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/store`,
    counts,
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
