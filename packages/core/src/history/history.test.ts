import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { compactHistory } from './compact.ts'
import {
  formatEntry,
  type HistoryEntry,
  parseHistory,
  type RequestEntry,
  type RunEntry,
} from './entry.ts'
import { historyPath, openHistory, readHistory } from './history-file.ts'
import { statsOf } from './stats.ts'
import { savedBy, spentIn, tallyAll, tallyBy } from './tally.ts'

const request = (more: Partial<RequestEntry> = {}): RequestEntry => ({
  kind: 'request',
  id: String(Math.random()),
  run: 'r1',
  at: '2026-11-02T10:00:00.000Z',
  provider: 'openai',
  asset: 'hero',
  model: 'gpt-image-2',
  operation: 'generate',
  size: '1024x1024',
  quality: 'low',
  pictures: 1,
  retries: 0,
  ms: 1000,
  usd: 0.01,
  outcome: 'ok',
  ...more,
})
const runOf = (more: Partial<RunEntry> = {}): RunEntry => ({
  kind: 'run',
  run: 'r1',
  at: '2026-11-02T10:00:01.000Z',
  ms: 1000,
  generated: 1,
  failed: 0,
  usd: 0.01,
  kept: { pictures: 2, usd: 0.02, unknown: 1 },
  recovered: { pictures: 1, usd: 0.01, unknown: 0 },
  ...more,
})

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'limn-history-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** Computes every sum of a history. */
const sums = (entries: readonly HistoryEntry[]): unknown => {
  const rounded = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value), (_, each: unknown) =>
      typeof each === 'number' ? Number(each.toFixed(9)) : each,
    )
  const sorted = (map: ReadonlyMap<string, unknown>): unknown =>
    [...map].sort(([a], [b]) => (a < b ? -1 : 1))
  return rounded([
    tallyAll(entries),
    savedBy(entries),
    ...(['asset', 'model', 'profile', 'provider'] as const).map((key) =>
      sorted(tallyBy(entries, (entry) => entry[key] ?? '')),
    ),
    ['2026-10', '2026-11'].map((month) => spentIn(month, entries)),
  ])
}

test('returns only the last line of a request', () => {
  const text = [
    request({ id: 'a', usd: 0.5, estimated: true, outcome: 'sent' }),
    request({ id: 'b', usd: 0.5, estimated: true, outcome: 'sent' }),
    request({ id: 'a', usd: 0.1 }),
  ]
    .map(formatEntry)
    .join('')
  expect(tallyAll(parseHistory(text))).toMatchObject({
    requests: 2,
    ok: 1,
    usd: 0.6,
    estimatedUsd: 0.5,
  })
})

test.each([
  '',
  'null',
  '[]',
  '{"kind":"request"}',
  '{"kind":"request","id":1}',
  '{"kind":"constructor"}',
  formatEntry(request()).slice(0, 80),
  JSON.stringify({ ...request(), usd: -1 }),
  JSON.stringify({ ...request(), usd: '1' }),
  JSON.stringify({ ...runOf(), kept: null }),
])('skips a line that is not an entry: %s', (line) => {
  expect(parseHistory(`${line}\n${formatEntry(request())}`)).toHaveLength(1)
})

test('keeps all sums when it is compacted, once or repeatedly', () => {
  const months = ['2026-10', '2026-11']
  const entries = Array.from({ length: 300 }, (_, index): HistoryEntry => {
    const at = `${months[index % 2]}-0${1 + (index % 9)}T00:00:00.000Z`
    if (index % 10 === 0) return runOf({ at, run: `r${index}` })
    return request({
      at,
      asset: `a${index % 7}`,
      model: `m${index % 3}`,
      usd: index % 5 === 0 ? null : index / 1000,
      outcome: ['ok', 'provider/rate-limit', 'provider/server', 'sent'][index % 4]!,
      ...(index % 6 === 0 ? { profile: 'draft' } : {}),
      ...(index % 4 === 3 ? { estimated: true } : {}),
    })
  })
  const once = compactHistory(entries, 50)
  expect(once.length).toBeLessThan(150)
  expect(once.slice(-50)).toEqual(entries.slice(-50))
  expect(sums(once)).toEqual(sums(entries))
  const more = [...once, request({ at: '2026-12-01T00:00:00.000Z' })]
  const twice = compactHistory(parseHistory(more.map(formatEntry).join('')), 10)
  expect(sums(twice)).toEqual(sums(more))
  expect(sums(compactHistory(twice, 0))).toEqual(sums(more))
})

test('keeps a request whose batch is still in progress', () => {
  const open = request({
    id: 'in a batch',
    batch: true,
    outcome: 'sent',
    usd: 0.5,
    estimated: true,
  })
  const compact = compactHistory([open, request(), request()], 1)
  expect(
    tallyAll(
      parseHistory([...compact, { ...open, outcome: 'ok', usd: 0.1 }].map(formatEntry).join('')),
    ),
  ).toMatchObject({ requests: 3, usd: 0.12 })
})

test('counts a refusal for a rate limit neither as made nor as failed', () => {
  const entries = [
    request({ ms: 100 }),
    request({ ms: 300 }),
    request({ outcome: 'provider/rate-limit', usd: 0 }),
    request({ outcome: 'provider/moderation', usd: 0, ms: 9 }),
  ]
  expect(statsOf(entries).all).toMatchObject({
    requests: 4,
    ok: 2,
    refused: 1,
    failed: 1,
    successRate: 2 / 3,
    meanMs: 200,
    p95Ms: 300,
    meanUsd: 0.01,
  })
  expect(statsOf([]).all).toBeNull()
})

test('ignores the duration of batches', () => {
  expect(statsOf([request({ ms: 100 }), request({ ms: 0, batch: true })]).all).toMatchObject({
    ok: 2,
    meanMs: 100,
    p95Ms: 100,
  })
})

test('returns the 95th of a hundred durations', () => {
  expect(
    statsOf(Array.from({ length: 100 }, (_, index) => request({ ms: 100 - index }))).all,
  ).toMatchObject({ p95Ms: 95 })
})

test('has complete lines on the disk when appending resolves', async () => {
  const state = folder()
  const history = openHistory(state)
  expect(readHistory(state)).toEqual([])
  await Promise.all(Array.from({ length: 50 }, () => history.append(request())))
  expect(readHistory(state)).toHaveLength(50)
  await history.close()
})

test('ends a torn line before it appends another', async () => {
  const state = folder()
  writeFileSync(historyPath(state), `${formatEntry(request())}{"kind":"requ`)
  const history = openHistory(state)
  await history.append(request())
  await history.close()
  expect(readHistory(state)).toHaveLength(2)
})

test('compacts a large file when it is opened for writing', async () => {
  const state = folder()
  const line = formatEntry(request({ id: 'x' }))
  const count = Math.ceil(4_100_000 / line.length)
  writeFileSync(
    historyPath(state),
    Array.from({ length: count }, (_, index) => line.replace('"id":"x"', `"id":"${index}"`)).join(
      '',
    ),
  )
  const history = openHistory(state)
  await history.append(request())
  await history.close()
  expect(statSync(historyPath(state)).size).toBeLessThan(2_000_000)
  expect(tallyAll(readHistory(state))).toMatchObject({ requests: count + 1, ok: count + 1 })
  expect(readFileSync(historyPath(state), 'utf8').split('\n')[0]).toContain('"kind":"sum"')
})

test('does not treat an unreadable history as empty', () => {
  const state = folder()
  writeFileSync(join(state, 'not-a-folder'), '')
  expect(() => readHistory(join(state, 'not-a-folder'))).toThrow(
    expect.objectContaining({ code: 'store/failed' }),
  )
})
