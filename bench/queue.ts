import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type BillingServer, startBillingServer } from '../fixtures/billing-server.ts'
import { redisMissing, type RedisServer, startRedis } from '../fixtures/redis-server.ts'
import {
  inTemporaryFolder,
  limnBin,
  type Measurement,
  type Row,
  row,
  type Size,
} from './measure.ts'

type Load = { assets: number; latencyMs: number; workers: number[] }

/** With 4 requests in flight each, a worker is busy with waiting only. */
const loadBySize: Record<Size, Load> = {
  tiny: { assets: 12, latencyMs: 50, workers: [1, 2] },
  normal: { assets: 200, latencyMs: 2000, workers: [1, 2, 4] },
  full: { assets: 2000, latencyMs: 2000, workers: [1, 2, 4] },
}

/** Time until a number of workers have generated all pictures, while the server's latency dominates. */
export const queue: Measurement = {
  name: 'queue',
  async run(size, onProgress) {
    if (redisMissing !== undefined) {
      onProgress(`skipped: ${redisMissing}`)
      return []
    }
    const { workers: counts, ...load } = loadBySize[size]
    const times: { workers: number; ms: number }[] = []
    for (const workers of counts) {
      onProgress(`${load.assets} pictures, ${workers} workers`)
      times.push({ workers, ms: await timeWorkers({ ...load, workers }) })
    }
    const [first, ...others] = times
    return others.map(({ workers, ms }): Row =>
      row({
        what: `${load.assets} pictures of ${load.latencyMs / 1000} s, ${workers} workers`,
        limn: ms,
        peer: `1 worker ÷ ${workers}`,
        other: first!.ms / workers,
        unit: 'ms',
        bar: size === 'tiny' ? null : { atMost: 1.25 },
      }),
    )
  },
}

type Site = { root: string; redis: RedisServer; server: BillingServer; manifest: string }

/** Generates with a number of workers. @returns the time of the coordinator, ms */
async function timeWorkers({
  assets,
  latencyMs,
  workers,
}: Omit<Load, 'workers'> & { workers: number }): Promise<number> {
  const [redis, server] = await Promise.all([startRedis(), startBillingServer({ latencyMs })])
  const running: ChildProcess[] = []
  try {
    return await inTemporaryFolder(async (root) => {
      mkdirSync(join(root, 'store'))
      const site = { root, redis, server, manifest: manifestOf(server.baseURL, assets) }
      for (let worker = 0; worker < workers; worker++) {
        running.push(await startWorker(`worker-${worker}`, site))
      }
      const started = performance.now()
      const coordinator = start('main', ['generate', '--yes', '--quiet'], site)
      coordinator.stdout!.resume()
      const [code] = (await once(coordinator, 'exit')) as [number | null]
      if (code !== 0) throw new Error(`The coordinator exited with ${code}.`)
      requirePaidOnce(server, assets)
      return performance.now() - started
    })
  } finally {
    for (const worker of running) worker.kill('SIGKILL')
    await Promise.all([redis.close(), server.close()])
  }
}

function requirePaidOnce({ billed }: BillingServer, assets: number): void {
  const isPaidOnce = billed.size === assets && [...billed.values()].every((times) => times === 1)
  if (isPaidOnce) return
  throw new Error(`${billed.size} of ${assets} pictures were paid for, or not once.`)
}

/** Starts a worker, and waits until it takes jobs. */
async function startWorker(name: string, site: Site): Promise<ChildProcess> {
  const worker = start(name, ['worker', '--jobs', '4'], site)
  let text = ''
  await new Promise<void>((resolve) => {
    worker.stdout!.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      if (text.includes('Waiting for jobs')) resolve()
    })
  })
  return worker
}

function start(
  name: string,
  args: readonly string[],
  { root, redis, manifest }: Site,
): ChildProcess {
  const cwd = join(root, name)
  mkdirSync(cwd)
  writeFileSync(join(cwd, 'images.yaml'), manifest)
  return spawn(process.execPath, [limnBin, ...args, '--queue', redis.url], {
    cwd,
    env: {
      ...process.env,
      CI: '',
      TEST_API_KEY: 'sk-bench-0123456789',
      LIMN_TRUST: 'TEST_API_KEY@127.0.0.1',
      LIMN_REMOTE: join(root, 'store'),
    },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
}

function manifestOf(baseURL: string, assets: number): string {
  const lines = Array.from({ length: assets }, (_, n) => `  a${n}: { prompt: No. ${n}, alt: x }\n`)
  return `version: 1
provider: test
providers:
  test: { baseURL: '${baseURL}', key: TEST_API_KEY, limits: { inFlight: 4 }, quirks: { idempotencyKeys: true } }
defaults: { outputs: [{ name: s, width: 32, height: 32, formats: [webp] }] }
assets:
${lines.join('')}`
}
