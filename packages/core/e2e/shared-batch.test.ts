import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createTestProject, KEY, smallManifest, type TestProject } from './test-project.ts'

const three = { boat: 'A red boat', hill: 'A green hill', lamp: 'A brass lamp' }
const files = { 'images.yaml': smallManifest(three, 'provider: openai') }

/** Two clones of a project, with one remote store and one account. */
async function openClones(): Promise<{ one: TestProject; two: TestProject }> {
  const store = mkdtempSync(join(tmpdir(), 'limn-store-'))
  onTestFinished(() => rmSync(store, { recursive: true }))
  const one = await createTestProject({ files, server: true, env: { LIMN_REMOTE: store } })
  const two = await createTestProject({
    files,
    env: { LIMN_REMOTE: store, OPENAI_API_KEY: KEY, OPENAI_BASE_URL: one.server.baseURL },
  })
  return { one, two }
}

const codes = (run: Awaited<ReturnType<TestProject['generate']>>): unknown[] =>
  run.events.flatMap((event) =>
    event.type === 'batch-unread' || event.type === 'failed'
      ? [(event.error as { code: string }).code]
      : [],
  )

test('collects a batch of another clone, which sends nothing again', async () => {
  const { one, two } = await openClones()
  await one.generate({ batch: true })
  expect(await two.generate({ batch: true })).toMatchObject({ sent: [], usd: 0 })
  expect((await two.plan()).steps.map(({ reasons: [reason] }) => reason!.code)).toEqual(
    Array(3).fill('in-batch'),
  )
  await one.server.batches.finish()
  expect(await two.generate()).toMatchObject({ recovered: 3, generated: 0, failed: [] })
  expect(await one.generate()).toMatchObject({ recovered: 3, generated: 0, failed: [] })
  expect(one.server.batches.created).toHaveLength(1)
  expect(one.server.requests).toHaveLength(0)
})

test('collects a batch of another clone that was killed after it had sent it', async () => {
  const { one, two } = await openClones()
  one.server.batches.hang('after-create')
  const run = one.start(['generate', '--batch'])
  await expect.poll(() => one.server.batches.created.length, { timeout: 30_000 }).toBe(1)
  run.kill('SIGKILL')
  await run.done
  one.server.batches.hang('nowhere')
  rmSync(join(one.root, '.limn'), { recursive: true })
  expect(await two.generate()).toMatchObject({ generated: 0, sent: [] })
  await one.server.batches.finish()
  expect(await two.generate()).toMatchObject({ recovered: 3, generated: 0, failed: [] })
  expect(one.server.batches.created).toHaveLength(1)
  expect(one.server.requests).toHaveLength(0)
})

test('waits for a clone that may be about to send, and sends the requests itself after that', async () => {
  const { one, two } = await openClones()
  one.server.batches.hang('before-create')
  const run = one.start(['generate', '--batch'])
  const isCreate = (call: string): boolean => call === 'POST /v1/batches'
  await expect
    .poll(() => one.server.batches.calls.filter(isCreate).length, { timeout: 30_000 })
    .toBe(1)
  run.kill('SIGKILL')
  await run.done
  one.server.batches.hang('nowhere')
  expect(await two.generate({ batch: true })).toMatchObject({ sent: [] })
  expect(codes(await two.generate({ batch: true }))).toEqual(['batch/unclear'])
  expect(one.server.batches.created).toHaveLength(0)

  const folder = join(two.root, '.limn/batches')
  const file = join(folder, readdirSync(folder)[0]!)
  const record = JSON.parse(readFileSync(file, 'utf8')) as object
  const ago = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString()
  // The clock of the other machine is an hour slow: only that of this one counts.
  writeFileSync(file, JSON.stringify({ ...record, at: ago(60) }))
  expect(codes(await two.generate({ batch: true }))).toEqual(['batch/unclear'])
  // It is an hour fast.
  writeFileSync(file, JSON.stringify({ ...record, at: ago(-60), adoptedAt: ago(11) }))
  expect(await two.generate({ batch: true })).toMatchObject({
    sent: [{ assets: ['boat', 'hill', 'lamp'] }],
  })
  expect(one.server.batches.created).toHaveLength(1)
})

test('two clones that send the same requests in a batch at once pay once', async () => {
  const { one, two } = await openClones()
  const runs = await Promise.all([one.generate({ batch: true }), two.generate({ batch: true })])
  expect(one.server.batches.created.length).toBeLessThanOrEqual(1)
  expect(runs.filter(({ sent }) => sent.length > 0)).toHaveLength(one.server.batches.created.length)
  for (const clone of [one, two]) await clone.generate({ batch: true })
  expect(one.server.batches.created).toHaveLength(1)
})

test('sends forced requests in a batch again', async () => {
  const { one } = await openClones()
  await one.generate({ batch: true })
  await one.server.batches.finish()
  await one.generate()
  const again = await one.generate({ batch: true, force: true, names: ['boat'] })
  expect(again).toMatchObject({ failed: [], sent: [{ assets: ['boat'] }] })
})

test('requests what a batch of another clone did not answer', async () => {
  const { one, two } = await openClones()
  await one.generate({ batch: true })
  await one.server.batches.finish({ done: 1, as: 'expired' })
  await one.generate()
  const run = await two.generate({ batch: true })
  expect(run).toMatchObject({ recovered: 1, sent: [{ assets: ['hill', 'lamp'] }] })
})
