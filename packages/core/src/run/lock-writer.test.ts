import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readLock, writeLock } from '../lock/file.ts'
import { emptyLock, type Lock, type LockEntry } from '../lock/lock.ts'
import { createWorld } from '../plan/testing.ts'
import { listKeys, writeJournal } from '../store/journal.ts'
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
  const root = mkdtempSync(join(tmpdir(), 'limn-lockWriter-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  return projectPaths(root)
}

/** A picture that was paid for and lies in the journal. */
async function journal({ journal: folder }: ProjectPaths, key: string): Promise<void> {
  const { request, made } = entryOf('a')
  await writeJournal(folder, key, Buffer.from('picture'), { request: request as never, made })
}

test('lets pictures leave the journal once the lockfile names them, and not before', async () => {
  const paths = createPaths()
  await journal(paths, 'one')
  const lockWriter = createLockWriter(paths, emptyLock)
  lockWriter.update([['a', entryOf('a')]], ['one'])
  expect([existsSync(paths.lock), listKeys(paths.journal)]).toEqual([false, ['one']])
  await lockWriter.flush()
  expect([...readLock(paths.lock).assets.keys()]).toEqual(['a'])
  expect(listKeys(paths.journal)).toEqual([])
})

test.each([
  ['torn', '{ "lockfileVersion": 1, "assets": {', 'lock/invalid'],
  ['of a newer Limn', '{ "lockfileVersion": 2, "assets": {} }', 'lock/newer'],
])(
  'never writes over a lockfile that is %s when the run comes to write it, and keeps what was paid for',
  async (_, text, code) => {
    const paths = createPaths()
    const start: Lock = { ...emptyLock, assets: new Map([['a', entryOf('a')]]) }
    await writeLock(paths.lock, start)
    await journal(paths, 'two')
    const lockWriter = createLockWriter(paths, start)
    writeFileSync(paths.lock, text)
    lockWriter.update([['b', entryOf('b')]], ['two'])
    await expect(lockWriter.flush()).rejects.toMatchObject({ code })
    expect(readFileSync(paths.lock, 'utf8')).toBe(text)
    expect(listKeys(paths.journal)).toEqual(['two'])
    // Mended, as by `git checkout`: the next write has all of it.
    await writeLock(paths.lock, start)
    await lockWriter.flush()
    expect([...readLock(paths.lock).assets.keys()]).toEqual(['a', 'b'])
    expect(listKeys(paths.journal)).toEqual([])
  },
)

test('keeps what somebody else put into the lockfile meanwhile, and its own change of the same picture', async () => {
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
