import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { guardWrites } from '../disk/write-guard.ts'
import { readLock, writeLock } from '../lock/file.ts'
import { emptyLock, type Lock, type LockEntry } from '../lock/lock.ts'
import { createWorld } from '../plan/testing.ts'
import { listJournalKeys, writeJournalEntry } from '../store/journal.ts'
import { projectPaths, type ProjectPaths } from '../store/paths.ts'
import { createLockWriter } from './lock-writer.ts'

const { lock: known } = createWorld(`version: 1
provider: openai
assets:
  a: { prompt: A hill, alt: A }
  b: { prompt: A lake, alt: B }
  c: { prompt: A wood, alt: C }
`)
const entryOf = (name: string): LockEntry => known.assets.get(name)!

function createPaths(): ProjectPaths {
  const root = mkdtempSync(join(tmpdir(), 'limn-lock-writer-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  return projectPaths(root)
}

/** Writes a paid picture to the journal. */
async function journal({ journal: folder }: ProjectPaths, key: string): Promise<void> {
  const { request, made } = entryOf('a')
  await writeJournalEntry(folder, {
    key,
    bytes: Buffer.from('picture'),
    receipt: { request: request as never, made },
  })
}

test('removes pictures from the journal only after writing the lockfile that names them', async () => {
  const paths = createPaths()
  await journal(paths, 'one')
  const lockWriter = createLockWriter(paths, emptyLock)
  lockWriter.update([['a', entryOf('a')]], { journalKeys: ['one'] })
  expect([existsSync(paths.lock), listJournalKeys(paths.journal)]).toEqual([false, ['one']])
  await lockWriter.flush()
  expect([...readLock(paths.lock).assets.keys()]).toEqual(['a'])
  expect(listJournalKeys(paths.journal)).toEqual([])
})

test.each([
  ['truncated', '{ "lockfileVersion": 1, "assets": {', 'lock/invalid'],
  ['of a newer Limn', '{ "lockfileVersion": 2, "assets": {} }', 'lock/newer'],
])(
  'does not overwrite a lockfile that is %s, and keeps paid pictures in the journal',
  async (_, text, code) => {
    const paths = createPaths()
    const start: Lock = { ...emptyLock, assets: new Map([['a', entryOf('a')]]) }
    await writeLock(paths.lock, start)
    await journal(paths, 'two')
    const lockWriter = createLockWriter(paths, start)
    writeFileSync(paths.lock, text)
    lockWriter.update([['b', entryOf('b')]], { journalKeys: ['two'] })
    await expect(lockWriter.flush()).rejects.toMatchObject({ code })
    expect(readFileSync(paths.lock, 'utf8')).toBe(text)
    expect(listJournalKeys(paths.journal)).toEqual(['two'])
    // The user restores the lockfile, for example with `git checkout`.
    await writeLock(paths.lock, start)
    await lockWriter.flush()
    expect([...readLock(paths.lock).assets.keys()]).toEqual(['a', 'b'])
    expect(listJournalKeys(paths.journal)).toEqual([])
  },
)

test('keeps entries that another process wrote meanwhile, except those that it changed itself', async () => {
  const paths = createPaths()
  const lockWriter = createLockWriter(paths, emptyLock)
  await writeLock(paths.lock, {
    ...emptyLock,
    assets: new Map([
      ['a', entryOf('c')],
      ['c', entryOf('c')],
    ]),
  })
  lockWriter.update([['a', entryOf('a')]])
  await lockWriter.flush()
  const { assets } = readLock(paths.lock)
  expect([...assets.keys()]).toEqual(['a', 'c'])
  expect(assets.get('a')).toEqual(entryOf('a'))
})

test.each([
  ['an incomplete record', { ...entryOf('a'), made: { provider: 'p', at: 'x', usd: -5 } }],
  [
    'a master outside its folder',
    { ...entryOf('a'), master: { ...entryOf('a').master, path: 'a.png' } },
  ],
  ['an invalid digest', { ...entryOf('a'), master: { ...entryOf('a').master, sha256: 'abc' } }],
])('never writes a lockfile that Limn would reject: %s', async (_, entry) => {
  const paths = createPaths()
  await journal(paths, 'one')
  const lockWriter = createLockWriter(paths, emptyLock)
  lockWriter.update([['a', entry]], { journalKeys: ['one'] })
  await expect(lockWriter.flush()).rejects.toMatchObject({ code: 'lock/invalid' })
  expect([existsSync(paths.lock), listJournalKeys(paths.journal)]).toEqual([false, ['one']])
})

test('writes no lockfile once another process is the writer', async () => {
  const paths = createPaths()
  const lost = (): Promise<void> => Promise.reject(new Error('lost'))
  await guardWrites(lost, async () => {
    const lockWriter = createLockWriter(paths, emptyLock)
    lockWriter.update([['a', entryOf('a')]])
    await expect(lockWriter.flush()).rejects.toThrow('lost')
  })
  expect(existsSync(paths.lock)).toBe(false)
})
