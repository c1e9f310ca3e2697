import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, describe, onTestFinished, test } from 'vitest'
import { type BillingServer, startBillingServer } from '../../../fixtures/billing-server.ts'
import {
  redisMissing,
  type RedisServer,
  startRedis,
  withRedis,
} from '../../../fixtures/redis-server.ts'
import { readLock } from '../src/lock/file.ts'
import { type CliProcess, startCli } from './cli-process.ts'

const KEY = 'sk-queue-test-0123456789'
const isSoak = process.env['MODE'] === 'soak'

type Site = {
  root: string
  redis: RedisServer
  server: BillingServer
  /** Starts a command in a folder of the site, whose manifest is the same everywhere. */
  start(folder: string, args: readonly string[], env?: Record<string, string>): CliProcess
  lock(folder: string): ReturnType<typeof readLock>
}

type SiteOptions = {
  assets: number
  latencyMs?: number
  perMinute?: number
  inFlight?: number
  /** Whether the server bills a request with the same idempotency key once. Default true. */
  isIdempotent?: boolean
  password?: string
}

/** Starts Redis and a server, and prepares a store that several clones share. */
async function createSite({
  assets,
  latencyMs = 0,
  perMinute = 6000,
  inFlight = 4,
  isIdempotent = true,
  password,
}: SiteOptions): Promise<Site> {
  const root = mkdtempSync(join(tmpdir(), 'limn-queue-'))
  const store = join(root, 'store')
  mkdirSync(store)
  const redis = await startRedis(password === undefined ? {} : { password })
  const server = await startBillingServer({ latencyMs, perMinute })
  const commands: CliProcess[] = []
  onTestFinished(async () => {
    for (const command of commands) command.kill('SIGKILL')
    await Promise.all(commands.map(({ done }) => done))
    await Promise.all([redis.close(), server.close()])
    rmSync(root, { recursive: true, force: true })
  })
  const head = `version: 1
provider: test
providers:
  test:
    baseURL: ${server.baseURL}
    key: TEST_API_KEY
    limits: { inFlight: ${inFlight}, imagesPerMinute: ${perMinute} }
    quirks: { idempotencyKeys: ${isIdempotent} }
defaults: { outputs: [{ name: s, width: 32, height: 32, formats: [webp] }] }
assets:
`
  const lines = Array.from({ length: assets }, (_, n) => `  a${n}: { prompt: No. ${n}, alt: x }\n`)
  return {
    root,
    redis,
    server,
    start(folder, args, env = {}) {
      const cwd = join(root, folder)
      mkdirSync(cwd, { recursive: true })
      writeFileSync(join(cwd, 'images.yaml'), head + lines.join(''))
      const command = startCli(args, {
        cwd,
        env: {
          PATH: process.env['PATH'],
          HOME: join(root, 'home'),
          TEST_API_KEY: KEY,
          LIMN_TRUST: 'TEST_API_KEY@127.0.0.1',
          LIMN_REMOTE: store,
          ...env,
        },
      })
      commands.push(command)
      return command
    },
    lock: (folder) => readLock(join(root, folder, 'images.lock'), 'images'),
  }
}

const worker = ({ redis }: Site): string[] => ['worker', '--queue', redis.url]
const generate = ({ redis }: Site): string[] => ['generate', '--yes', '--queue', redis.url]

/** Expects that each of a number of pictures was generated, and billed once. */
function expectPaidOnce({ server, lock }: Site, folder: string, assets: number): void {
  expect(lock(folder).assets.size).toBe(assets)
  expect([...server.billed.values()]).toEqual(Array.from({ length: assets }, () => 1))
  expect([...server.refused.values()], 'requests above the limit').toEqual([])
}

describe.skipIf(redisMissing !== undefined)(withRedis('workers of a queue'), () => {
  test('pay once, whichever process dies', { timeout: isSoak ? 900_000 : 240_000 }, async () => {
    const [assets, workers, downMs] = isSoak ? [2000, 4, 2000] : [60, 2, 200]
    const site = await createSite({ assets, latencyMs: 250, perMinute: isSoak ? 1800 : 1200 })
    const running = Array.from({ length: workers }, (_, n) => site.start(`w${n}`, worker(site)))
    await Promise.all(running.map((each) => each.printed(/Waiting for jobs/)))
    const coordinator = site.start('main', generate(site))

    await coordinator.printed(/✓ images/, 4)
    running[0]!.kill('SIGKILL')
    await running[0]!.done
    running[0] = site.start('w0', worker(site))
    await running[0].printed(/Waiting for jobs/)
    coordinator.kill('SIGKILL')
    await coordinator.done
    await site.redis.restart(downMs)
    if (isSoak) {
      await running[0].printed(/✓ a/, 20)
      running[0].kill('SIGKILL')
      await running[0].done
      running[0] = site.start('w0', worker(site))
    }

    const again = await site.start('main', generate(site)).done
    expect(again.code, again.stderr).toBe(0)
    expectPaidOnce(site, 'main', assets)
    const plan = await site.start('main', ['plan', '--detailed-exitcode']).done
    expect(plan.code, plan.stdout).toBe(0)
  })

  test('derive the outputs that the coordinator would derive', async () => {
    const site = await createSite({ assets: 3 })
    const process = site.start('w', worker(site))
    const queued = await site.start('main', [...generate(site), '--verbose']).done
    expect(queued.code, queued.stderr).toBe(0)
    expect(queued.stdout.match(/from the cache/g)).toHaveLength(3)
    process.kill('SIGINT')
    expect(await process.done).toMatchObject({ code: 130 })
    // Another clone derives them from the masters of the store.
    await site.start('alone', ['generate', '--yes']).done
    expect(digests(site, 'alone')).toEqual(digests(site, 'main'))
    expectPaidOnce(site, 'main', 3)
  })
})

const digests = ({ root }: Site, folder: string): string[] =>
  readdirSync(join(root, folder, 'node_modules/.cache/limn/outputs')).toSorted()
