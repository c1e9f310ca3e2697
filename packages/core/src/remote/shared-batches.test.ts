import { expect, test } from 'vitest'
import { hashRequest, type ImageRequest } from '../identity/request.ts'
import type { BatchRecord } from '../store/batch-records.ts'
import { batchKey, parseKey } from './keys.ts'
import { findSharedBatch, forgetBatches, shareBatch } from './shared-batches.ts'
import { findGarbage } from './sweep-store.ts'
import { createMemoryStore } from './testing.ts'
import { verifyStore } from './verify-store.ts'

const request = (prompt: string): ImageRequest => ({
  operation: 'generate',
  prompt,
  model: 'gpt-image-2',
  size: '1024x1024',
  quality: 'low',
  background: 'auto',
  format: 'png',
})
const line = (id: string, prompt: string): BatchRecord['lines'][number] => ({
  id,
  asset: `asset-${id}`,
  request: request(prompt),
  images: 1,
  usd: 0.003,
})
const record: BatchRecord = {
  version: 1,
  uuid: '0f8fad5b-d9cb-469f-a165-70867728950e',
  id: null,
  provider: 'openai',
  host: 'api.openai.com',
  model: 'gpt-image-2',
  at: '2026-11-22T08:00:00.000Z',
  run: 'run-1',
  lines: [line('1', 'A hill'), line('2', 'A lake'), line('3', 'A hill')],
}
const hill = hashRequest(request('A hill'))
const lake = hashRequest(request('A lake'))

test('stores a batch by request, with all assets that have the request, and removes it', async () => {
  const store = createMemoryStore()
  await shareBatch(record, { store, isOver: async () => false })
  expect([...store.objects.keys()].sort()).toEqual([batchKey(hill), batchKey(lake)].sort())
  expect(parseKey(batchKey(hill))).toEqual({ kind: 'batch', requestHash: hill })
  const [first, , third] = record.lines
  expect(await findSharedBatch(hill, { store })).toEqual({ ...record, lines: [first, third] })
  await forgetBatches({ uuid: record.uuid, requestHashes: [hill] }, { store })
  expect(await findSharedBatch(hill, { store })).toBeUndefined()
  expect(await findSharedBatch(lake, { store })).toBeDefined()
})

test('replaces the record of an earlier batch of the same request', async () => {
  const store = createMemoryStore()
  await shareBatch(record, { store, isOver: async () => false })
  const uuid = '7c9e6679-7425-40de-944b-e07fc1f90ae7'
  await shareBatch({ ...record, uuid }, { store, isOver: async () => true })
  expect((await findSharedBatch(hill, { store }))?.uuid).toBe(uuid)
})

test.each([
  ['no JSON', (text: string) => text.slice(1)],
  ['another request', (text: string) => text.replaceAll('A hill', 'A mill')],
  [
    'a path as its name',
    (text: string) => text.replace(record.uuid, '../../../../../../etc/passwd'),
  ],
  ['an asset name that is a path', (text: string) => text.replace('asset-1', '../asset')],
  ['a line without a price', (text: string) => text.replace('0.003', '"free"')],
  ['another version', (text: string) => text.replace('"version":1', '"version":2')],
  ['no lines', (text: string) => text.replace(/"lines":.*/, '"lines":7}')],
])('ignores a record with %s', async (_, damage) => {
  const store = createMemoryStore()
  await shareBatch(record, { store, isOver: async () => false })
  const text = Buffer.from(store.objects.get(batchKey(hill))!).toString()
  store.objects.set(batchKey(hill), Buffer.from(damage(text)))
  expect(await findSharedBatch(hill, { store })).toBeUndefined()
})

const later = { ...record, uuid: '7c9e6679-7425-40de-944b-e07fc1f90ae7' }

test('refuses a batch whose requests another machine has just shared', async () => {
  const store = createMemoryStore()
  const isOver = async (): Promise<boolean> => false
  await shareBatch(record, { store, isOver })
  await expect(shareBatch(later, { store, isOver })).rejects.toMatchObject({
    code: 'batch/unclear',
  })
  expect((await findSharedBatch(hill, { store }))?.uuid).toBe(record.uuid)
  // To share the same batch again changes nothing.
  await shareBatch(record, { store, isOver })
})

test('refuses a batch if another machine replaces the same earlier record', async () => {
  const store = createMemoryStore()
  const lines = [line('1', 'A hill')]
  const isOver = async (): Promise<boolean> => true
  await shareBatch({ ...record, lines }, { store, isOver })
  const third = { ...record, lines, uuid: '3f333df6-90a4-4fda-8dd3-9485d27cee36' }
  const put = store.putIfAbsent.bind(store)
  store.putIfAbsent = async (key, ...rest) => {
    const isPut = await put(key, ...rest)
    // The other machine deletes our record, which it takes for the earlier one, and puts its own.
    if (isPut) store.objects.set(key, Buffer.from(JSON.stringify(third)))
    return isPut
  }
  await expect(shareBatch({ ...later, lines }, { store, isOver })).rejects.toMatchObject({
    code: 'batch/unclear',
  })
})

test.each([
  ['the batch', record.uuid, undefined],
  ['an earlier batch', later.uuid, record.uuid],
  ['a batch without a name', '', record.uuid],
])('forgets only the record of the batch that has no answer: %s', async (_, uuid, kept) => {
  const store = createMemoryStore()
  await shareBatch(record, { store, isOver: async () => false })
  await forgetBatches({ uuid, requestHashes: [hill, hill] }, { store })
  expect((await findSharedBatch(hill, { store }))?.uuid).toBe(kept)
})

test('counts as an object of Limn, and is garbage after a month', async () => {
  const store = createMemoryStore()
  await shareBatch(record, { store, isOver: async () => false })
  const now = Date.parse('2026-12-31')
  const day = 24 * 60 * 60_000
  store.times.set(batchKey(hill), now - 33 * day)
  store.times.set(batchKey(lake), now - 31 * day)
  expect((await verifyStore(store, {})).bad).toEqual([])
  const garbage = await findGarbage(store, { kept: new Set(), now })
  expect(garbage.map(({ key }) => key)).toEqual([batchKey(hill)])
})
