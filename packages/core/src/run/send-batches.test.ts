import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { HistoryEntry } from '../history/entry.ts'
import { createBudget } from '../limits/budget.ts'
import { emptyLock } from '../lock/lock.ts'
import { createWorld } from '../plan/testing.ts'
import type { BatchClient } from '../providers/batch-client.ts'
import { readBatchRecords } from '../store/batch-records.ts'
import { projectPaths } from '../store/paths.ts'
import { createLockWriter } from './lock-writer.ts'
import { createRunHistory } from './run-history.ts'
import type { GenerateStep } from './run-steps.ts'
import { sendBatches } from './send-batches.ts'
import { noTelemetry } from './telemetry.ts'

const manifest = `version: 1
provider: openai
defaults: { model: gpt-image-2, quality: low }
assets:
  a: { prompt: A hill, alt: A }
  b: { prompt: A lake, alt: B }
  c: { prompt: A wood, alt: C }
`

/**
 * Sends three requests in a batch with a limit for the month.
 *
 * @param spend called before the batch is created; sets what other copies have spent (`before`)
 */
async function send(
  spend: (limit: { usd: number; before: number }, each: number) => void,
): Promise<{ created: number; failed: string[]; recorded: (number | null)[]; records: number }> {
  const root = mkdtempSync(join(tmpdir(), 'limn-send-batches-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  const paths = projectPaths(root)
  const world = createWorld(manifest)
  world.lock.assets.clear()
  world.inventory.masters.clear()
  const steps = world.plan({ batch: true }).steps as GenerateStep[]
  const each = steps[0]!.usd!
  const limit = { of: 'month' as const, usd: each * 3.5, before: 0 }
  const budget = createBudget([limit])
  const entries = new Map<string, number | null>()
  const history = createRunHistory(
    {
      append(entry: HistoryEntry) {
        if (entry.kind === 'request') entries.set(entry.id, entry.usd)
        return Promise.resolve()
      },
      close: () => Promise.resolve(),
    },
    {
      requireSendable(usd) {
        spend(limit, each)
        return Promise.resolve(usd).then(budget.requireRoom)
      },
    },
  )
  let created = 0
  const failed: string[] = []
  const client = {
    host: 'api.openai.com',
    prepare: () => ({ group: '/v1/images/generations', line: Buffer.from('{}\n') }),
    upload: () =>
      Promise.resolve(() => {
        created++
        return Promise.resolve({ id: 'batch_1' })
      }),
  } as unknown as BatchClient
  await sendBatches(steps, {
    clientByModel: new Map([['gpt-image-2', client]]),
    workspace: {
      paths,
      manifest: world.manifest,
      assetByName: new Map(world.manifest.assets.map((asset) => [asset.name, asset])),
      digests: undefined as never,
      written: undefined as never,
    },
    lockWriter: createLockWriter(paths, emptyLock),
    budget,
    history,
    telemetry: noTelemetry,
    progress: { picturesDone: () => {}, report: () => {} } as never,
    signals: { stop: undefined, quit: undefined },
    reportFailure: (_, error) => void failed.push((error as { code: string }).code),
    onEvent: () => {},
  })
  return { created, failed, recorded: [...entries.values()], records: records(paths) }
}

function records({ batches }: { batches: string }): number {
  return readBatchRecords(batches).length
}

test('sends a batch that fits into the month, and records it at its worst-case cost', async () => {
  const { created, failed, recorded, records: kept } = await send(() => {})
  expect({ created, failed, kept }).toEqual({ created: 1, failed: [], kept: 1 })
  expect(recorded).toEqual([expect.any(Number), expect.any(Number), expect.any(Number)])
  expect(Math.min(...recorded.map((usd) => usd ?? 0))).toBeGreaterThan(0)
})

test.each([
  ['everything', (limit: { usd: number }): number => limit.usd],
  ['the price of one picture', (_: unknown, each: number): number => each],
  ['as much as is left and a bit', (_: unknown, each: number): number => each * 0.51],
])('sends no batch if other copies of the project spend %s meanwhile', async (_, spent) => {
  const {
    created,
    failed,
    recorded,
    records: kept,
  } = await send((limit, each) => {
    limit.before = spent(limit, each)
  })
  expect({ created, kept }).toEqual({ created: 0, kept: 0 })
  expect(failed).toEqual(['budget/exceeded', 'budget/exceeded', 'budget/exceeded'])
  expect(recorded).toEqual([0, 0, 0])
})
