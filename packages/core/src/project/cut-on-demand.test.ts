import { expect, test } from 'vitest'
import type { Cutter } from '../derive/cutter.ts'
import { createCutterCache } from './cut-on-demand.ts'

const cutter = (() => Promise.reject(new Error('unused'))) as Cutter

/** Opens masters of some sizes (px) in a cache of 4,000 pixels. @returns those decoded, in order */
async function openAll(
  masters: readonly (readonly [name: string, pixels: number])[],
): Promise<string> {
  const cache = createCutterCache(16_000)
  const opened: string[] = []
  for (const [sha256, pixels] of masters) {
    await cache.open({ sha256, width: pixels, height: 1 }, async () => {
      opened.push(sha256)
      return cutter
    })
  }
  return opened.join(' ')
}

test.each([
  [
    'keeps as many as fit',
    [
      ['a', 1000],
      ['b', 1000],
      ['c', 2000],
      ['a', 1000],
      ['b', 1000],
    ],
    'a b c',
  ],
  [
    'drops the one that was used least recently',
    [
      ['a', 2000],
      ['b', 2000],
      ['a', 2000],
      ['c', 1000],
      ['a', 2000],
      ['b', 2000],
    ],
    'a b c b',
  ],
  [
    'keeps the latest even if it alone is too large',
    [
      ['a', 1000],
      ['b', 9000],
      ['b', 9000],
      ['a', 1000],
    ],
    'a b a',
  ],
  [
    'drops none for a small one',
    [
      ['a', 3000],
      ['b', 10],
      ['c', 10],
      ['a', 3000],
    ],
    'a b c',
  ],
] as const)('%s', async (_, masters, decoded) => {
  expect(await openAll(masters)).toBe(decoded)
})

test('opens a master again after it could not be opened', async () => {
  const cache = createCutterCache()
  const master = { sha256: 'a', width: 1, height: 1 }
  await expect(cache.open(master, () => Promise.reject(new Error('gone')))).rejects.toThrow('gone')
  expect(await cache.open(master, () => Promise.resolve(cutter))).toBe(cutter)
})
