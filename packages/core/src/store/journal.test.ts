import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { sha256 } from '../digest.ts'
import type { ImageRequest } from '../identity/request.ts'
import { createWorld } from '../plan/testing.ts'
import {
  removeJournalEntry,
  listJournal,
  readJournalEntry,
  rejectJournalEntry,
  cleanUpJournal,
  writeJournalEntry,
} from './journal.ts'

const made = { provider: 'openai', at: '2026-11-22T00:00:00.000Z', usd: 0.01 }
const { request } = createWorld(
  'version: 1\nprovider: openai\nassets: { a: { prompt: A hill, alt: A } }\n',
).lock.assets.get('a')!
const receipt = { request: request as ImageRequest, made }
const bytes = new TextEncoder().encode('a picture')

function createFolder(): string {
  const root = mkdtempSync(join(tmpdir(), 'limn-journal-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  return join(root, 'journal')
}

test('keeps a picture with its record until it is removed', async () => {
  const folder = createFolder()
  expect(listJournal(folder)).toEqual(new Map())
  await writeJournalEntry(folder, { key: 'abc', bytes, receipt })
  expect(listJournal(folder)).toEqual(new Map([['abc', sha256(bytes)]]))
  const read = await readJournalEntry(folder, 'abc')
  expect(Buffer.from(read.bytes).toString()).toBe('a picture')
  expect(read.receipt).toEqual(receipt)
  expect(JSON.parse(readFileSync(join(folder, 'abc.json'), 'utf8'))).toEqual(receipt)
  await removeJournalEntry(folder, 'abc')
  expect(readdirSync(folder)).toEqual([])
})

test('returns a picture whose record is missing or damaged', async () => {
  const folder = createFolder()
  await writeJournalEntry(folder, { key: 'abc', bytes, receipt })
  rmSync(join(folder, 'abc.json'))
  expect((await readJournalEntry(folder, 'abc')).receipt).toBeUndefined()
  writeFileSync(join(folder, 'abc.json'), '{')
  expect((await readJournalEntry(folder, 'abc')).receipt).toBeUndefined()
})

test('ignores a temporary file and a record without a picture', async () => {
  const folder = createFolder()
  await writeJournalEntry(folder, { key: 'abc', bytes, receipt })
  writeFileSync(join(folder, '.def.picture.1-0.tmp'), 'half')
  writeFileSync(join(folder, 'ghi.json'), '{}')
  expect([...listJournal(folder).keys()]).toEqual(['abc'])
})

test('moves a rejected file and its record to rejected/', async () => {
  const folder = createFolder()
  await writeJournalEntry(folder, { key: 'abc', bytes, receipt })
  const kept = await rejectJournalEntry(folder, 'abc')
  expect(readdirSync(folder)).toEqual([])
  expect(readdirSync(join(kept, '..'))).toEqual(['abc.json', 'abc.picture'])
})

test('leaves no record if the picture can’t be written', async () => {
  const folder = createFolder()
  mkdirSync(join(folder, 'abc.picture', 'in the way'), { recursive: true })
  await expect(writeJournalEntry(folder, { key: 'abc', bytes, receipt })).rejects.toMatchObject({
    code: 'store/failed',
  })
  expect(readdirSync(folder)).toEqual(['abc.picture'])
})

test('removes installed pictures and records without a picture, and keeps the rest', async () => {
  const folder = createFolder()
  for (const key of ['abc', 'def']) {
    await writeJournalEntry(folder, { key, bytes: new TextEncoder().encode(key), receipt })
  }
  writeFileSync(join(folder, 'ghi.json'), '{}')
  const isInstalled = (key: string, digest: string): boolean =>
    key === 'abc' && digest === sha256('abc')
  expect(await cleanUpJournal(folder, isInstalled)).toBe(true)
  expect(readdirSync(folder).sort()).toEqual(['def.json', 'def.picture'])
  expect(await cleanUpJournal(folder, isInstalled)).toBe(false)
})

test('ignores a folder that is named like a picture', async () => {
  const folder = createFolder()
  await writeJournalEntry(folder, { key: 'abc', bytes, receipt })
  mkdirSync(join(folder, 'def.picture'))
  expect([...listJournal(folder).keys()]).toEqual(['abc'])
})

test('fails if the journal can’t be read', () => {
  const folder = createFolder()
  writeFileSync(folder, 'a file')
  expect(() => listJournal(folder)).toThrow(
    expect.objectContaining({
      name: 'LimnError',
      code: 'store/failed',
      message: `${folder} can't be read (a part of its path is a file). It may contain pictures that were paid for.`,
      hint: expect.any(String),
    }),
  )
})

test('fails if a picture can’t be read', async () => {
  const folder = createFolder()
  await writeJournalEntry(folder, { key: 'abc', bytes, receipt })
  symlinkSync('loop.picture', join(folder, 'loop.picture'))
  expect(() => listJournal(folder)).toThrow(
    expect.objectContaining({
      code: 'store/failed',
      message: expect.stringContaining('(a part of its path is a link to itself)'),
    }),
  )
})

test.each([
  ['a provider of another type', { provider: 5, at: made.at }],
  ['a negative price', { ...made, usd: -5 }],
  ['an impossible date', { ...made, at: 'x' }],
  ['a count that is no number', { ...made, candidates: '3' }],
  ['tokens that are no numbers', { ...made, usage: { outputTokens: 'many' } }],
  ['a list', []],
])('trusts no part of a record with %s', async (_, damaged) => {
  const folder = createFolder()
  await writeJournalEntry(folder, {
    key: 'abc',
    bytes,
    receipt: { request, made: damaged as never } as never,
  })
  expect(await readJournalEntry(folder, 'abc')).toEqual({
    bytes: Buffer.from(bytes),
    receipt: undefined,
  })
})

test('takes only known fields from a record', async () => {
  const folder = createFolder()
  const extended = { ...made, candidates: 2, note: { deep: [[[[]]]] } }
  await writeJournalEntry(folder, {
    key: 'abc',
    bytes,
    receipt: { request: receipt.request, made: extended },
  })
  const { receipt: read } = await readJournalEntry(folder, 'abc')
  expect(read?.made).toEqual({ ...made, candidates: 2 })
})
