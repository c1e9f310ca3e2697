import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
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
import { listShelf, shelveMaster } from './shelf.ts'

const [hill] = resolveText(
  'version: 1\nprovider: openai\nassets:\n  hill: { prompt: A hill, alt: x }\n',
).manifest!.assets
const entry: LockEntry = entryOf(hill!)
const hash = hashRequest(entry.request as Parameters<typeof hashRequest>[0])

test('keeps one picture per asset and request, the last one that was replaced', async () => {
  const { paths, shelve } = createFolder()
  for (const [asset, text] of [
    ['hill', 'a'],
    ['mound', 'b'],
    ['hill', 'c'],
    ['hill', 'c'],
  ] as const) {
    await shelve(asset, text)
  }
  const pictures = listShelf(paths.shelf).get(hash)!
  expect(pictures.map(({ sha256: digest }) => digest).sort()).toEqual(
    [sha256('b'), sha256('c')].sort(),
  )
  expect(readdirSync(paths.shelf)).toHaveLength(4)
  expect(chooseShelved('hill', pictures)?.sha256).toBe(sha256('c'))
  expect(chooseShelved('mound', pictures)?.sha256).toBe(sha256('b'))
})

test.each([
  ['takes no picture of another asset twice', ['c'], 'b'],
  ['shares a picture if all are taken', ['b', 'c'], 'b'],
])('%s', async (_, taken, expected) => {
  const { paths, shelve } = createFolder()
  await shelve('hill', 'c')
  await shelve('mound', 'b')
  const pictures = listShelf(paths.shelf)
    .get(hash)!
    .toSorted(({ sha256: digest }) => (digest === sha256('b') ? -1 : 1))
  const digests = taken.map((text) => sha256(text))
  const keys = pictures.flatMap(({ key, sha256: digest }) =>
    digests.includes(digest!) ? [key] : [],
  )
  expect(chooseShelved('cover', pictures, new Set(keys))?.sha256).toBe(sha256(expected))
})

test.each<[why: string, change: (entry: LockEntry) => LockEntry]>([
  [
    'a picture that was free',
    (entry) => ({ ...entry, made: { ...entry.made, provider: 'local' } }),
  ],
  ['an edited file', (entry) => ({ ...entry, master: { ...entry.master, sha256: sha256('z') } })],
  ['a source', (entry) => ({ ...entry, request: { operation: 'source', source: 'a.png' } })],
  ['a missing file', (entry) => ({ ...entry, master: { ...entry.master, path: 'images/b.png' } })],
])('does not shelve %s', async (_, change) => {
  const { paths, shelve } = createFolder()
  await shelve('hill', 'a', change)
  expect(listShelf(paths.shelf).size).toBe(0)
})

test('lists a picture that an older version shelved, without its digest', async () => {
  const { paths } = createFolder()
  await writeJournalEntry(paths.shelf, { key: hash, bytes: Buffer.from('a'), receipt: entry })
  expect(listShelf(paths.shelf).get(hash)).toEqual([
    { key: hash, requestHash: hash, sha256: null, tag: '', size: null },
  ])
})

/** Creates an empty project. `shelve` writes a master and shelves it. */
function createFolder(): {
  paths: { root: string; shelf: string }
  shelve: (asset: string, text: string, change?: (entry: LockEntry) => LockEntry) => Promise<void>
} {
  const root = mkdtempSync(join(tmpdir(), 'limn-shelf-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  const paths = { root, shelf: join(root, '.limn/shelf') }
  mkdirSync(join(root, 'images'))
  return {
    paths,
    async shelve(asset, text, change = (same) => same) {
      const path = `images/${asset}.png`
      writeFileSync(join(root, path), text)
      const master = { ...entry.master, path, sha256: sha256(text) }
      await shelveMaster(paths, { asset, entry: change({ ...entry, master }) })
    },
  }
}
