import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { sha256 } from '../digest.ts'
import { hashRequest } from '../identity/request.ts'
import { chooseShelved } from '../identity/shelf-key.ts'
import type { LockEntry } from '../lock/lock.ts'
import { resolveText } from '../manifest/testing.ts'
import { entryOf } from '../plan/testing.ts'
import { writeJournalEntry } from './journal.ts'
import { addToShelf, listShelf } from './shelf.ts'

const [hill] = resolveText(
  'version: 1\nprovider: openai\nassets:\n  hill: { prompt: A hill, alt: x }\n',
).manifest!.assets
const entry: LockEntry = entryOf(hill!)
const hash = hashRequest(entry.request as Parameters<typeof hashRequest>[0])

test('keeps one picture per asset and request, the last one that was replaced', async () => {
  const folder = createFolder()
  for (const [asset, text] of [
    ['hill', 'a'],
    ['mound', 'b'],
    ['hill', 'c'],
    ['hill', 'c'],
  ] as const) {
    await addToShelf(folder, { asset, bytes: Buffer.from(text), entry })
  }
  const pictures = listShelf(folder).get(hash)!
  expect(pictures.map(({ sha256: digest }) => digest).sort()).toEqual(
    [sha256('b'), sha256('c')].sort(),
  )
  expect(readdirSync(folder)).toHaveLength(4)
  expect(chooseShelved('hill', pictures)?.sha256).toBe(sha256('c'))
  expect(chooseShelved('mound', pictures)?.sha256).toBe(sha256('b'))
})

test.each([
  ['takes no picture of another asset twice', ['c'], 'b'],
  ['shares a picture if all are taken', ['b', 'c'], 'b'],
])('%s', async (_, taken, expected) => {
  const folder = createFolder()
  for (const [asset, text] of [
    ['hill', 'c'],
    ['mound', 'b'],
  ] as const) {
    await addToShelf(folder, { asset, bytes: Buffer.from(text), entry })
  }
  const pictures = [...listShelf(folder).get(hash)!].sort((a) =>
    a.sha256 === sha256('b') ? -1 : 1,
  )
  const keys = new Set(
    pictures.flatMap(({ key, sha256: digest }) =>
      taken.some((text) => sha256(text) === digest) ? [key] : [],
    ),
  )
  expect(chooseShelved('cover', pictures, keys)?.sha256).toBe(sha256(expected))
})

test('lists a picture that an older version shelved, without its digest', async () => {
  const folder = createFolder()
  await writeJournalEntry(folder, { key: hash, bytes: Buffer.from('a'), receipt: entry })
  expect(listShelf(folder).get(hash)).toEqual([
    { key: hash, requestHash: hash, sha256: null, tag: '' },
  ])
})

function createFolder(): string {
  const root = mkdtempSync(join(tmpdir(), 'limn-shelf-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  return join(root, '.limn/shelf')
}
