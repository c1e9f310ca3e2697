import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Caller } from './config.ts'
import { openLedger } from './ledger.ts'

const web: Caller = { name: 'web', keySha256: '', requestsPerMinute: 1, budgetUsd: 1 }
const request = { id: 'a', usd: 0.4, before: 0 }

function createPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'limn-ledger-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return join(folder, 'ledger.jsonl')
}

test('counts what is reserved, and then what was spent', async () => {
  const ledger = await openLedger(createPath())
  const first = await ledger.reserve(web, request)
  const second = await ledger.reserve(web, request)
  await expect(ledger.reserve(web, request)).rejects.toMatchObject({ code: 'budget_exceeded' })
  await ledger.settle(first, 0.1)
  await ledger.settle(second, 0)
  expect(ledger.spendingOf(web)).toMatchObject({ spentUsd: 0.1, reservedUsd: 0 })
  await ledger.reserve(web, { ...request, usd: 0.9 })
  await ledger.close()
})

test('lets reservations at the same time share a budget, not exceed it', async () => {
  const ledger = await openLedger(createPath())
  const results = await Promise.allSettled(
    Array.from({ length: 30 }, () => ledger.reserve(web, { ...request, usd: 0.1 })),
  )
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(10)
  await ledger.close()
})

test('keeps spending and open reservations through a crash', async () => {
  const path = createPath()
  const before = await openLedger(path)
  await before.settle(await before.reserve(web, request), 0.25)
  const open = await before.reserve(web, { ...request, id: 'b' })
  // The process ends here: its last line is torn.
  appendFileSync(path, '{"kind":"settle","ent')

  const after = await openLedger(path)
  expect(after.interrupted).toEqual([open])
  expect(after.spendingOf(web)).toMatchObject({ spentUsd: 0.25, reservedUsd: 0.4 })
  await after.settle(open, 0.4)
  await after.close()
  const last = await openLedger(path)
  expect(last.spendingOf(web)).toMatchObject({ spentUsd: 0.65, reservedUsd: 0 })
  expect(readFileSync(path, 'utf8').trim().split('\n')).toHaveLength(1)
  await Promise.all([before.close(), last.close()])
})

test('starts each month with a whole budget, and never forgets a damaged line', async () => {
  const path = createPath()
  let now = new Date('2026-11-30T23:59:59Z')
  const ledger = await openLedger(path, () => now)
  const late = await ledger.reserve(web, { ...request, usd: 1 })
  now = new Date('2026-12-01T00:00:01Z')
  await ledger.settle(late, 1)
  expect(ledger.spendingOf(web)).toMatchObject({ month: '2026-12', spentUsd: 0 })
  await ledger.reserve(web, { ...request, usd: 1 })
  await ledger.close()
  writeFileSync(path, `{"kind":"sum"}\n${readFileSync(path, 'utf8')}`)
  await expect(openLedger(path)).rejects.toThrow('Line 1 of the ledger is damaged.')
})

test('opens beside files that a crash of a process with the same id has left', async () => {
  const path = createPath()
  for (let serial = 0; serial < 50; serial++) {
    writeFileSync(`${path}.${process.pid}-${serial}.tmp`, 'torn')
  }
  const ledger = await openLedger(path)
  await ledger.settle(await ledger.reserve(web, request), 0.1)
  expect(ledger.spendingOf(web)).toMatchObject({ spentUsd: 0.1 })
  await ledger.close()
})
