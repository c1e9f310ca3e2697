import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { pruneThumbs } from './prune-thumbs.ts'

const nameOf = (index: number): string => `${String(index).padStart(64, '0')}.webp`

/** Creates a cache with thumbnails, the first one the oldest, and other files. */
function createCache(count: number): { root: string; folder: string; names: () => string[] } {
  const root = mkdtempSync(join(tmpdir(), 'limn-thumbs-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  const folder = join(root, 'cache/thumbs')
  mkdirSync(folder, { recursive: true })
  for (let index = 0; index < count; index++) {
    const path = join(folder, nameOf(index))
    writeFileSync(path, 'x')
    utimesSync(path, 1000 + index, 1000 + index)
  }
  for (const name of ['notes.txt', 'A'.repeat(64), `${nameOf(1)}.tmp`]) {
    writeFileSync(join(folder, name), 'x')
  }
  return { root, folder, names: () => readdirSync(folder).sort() }
}

test.each([
  [10, 10, 10],
  [11, 10, 9],
  [40, 20, 18],
])('of %i thumbnails with a limit of %i, keeps the %i latest', async (count, max, kept) => {
  const { root, folder, names } = createCache(count)
  await pruneThumbs(root, folder, max)
  const thumbs = names().filter((name) => /^\d{64}\.webp$/.test(name))
  expect(thumbs).toEqual(Array.from({ length: kept }, (_, index) => nameOf(count - kept + index)))
  expect(names()).toHaveLength(kept + 3)
})

test('removes nothing behind a link, and needs no folder', async () => {
  const { root, folder } = createCache(0)
  const other = createCache(5)
  rmSync(folder, { recursive: true })
  await pruneThumbs(root, folder, 1)
  symlinkSync(other.folder, folder)
  await pruneThumbs(root, folder, 1)
  expect(other.names()).toHaveLength(8)
})
