import { expect, test } from 'vitest'
import type { Manifest } from '../../manifest/manifest.ts'
import type { AssetPair } from './compare-asset.ts'
import type { ComparedAsset, Comparison } from './comparison.ts'
import { describePageGrowth } from './describe.ts'
import { comparePages } from './pages.ts'
import { listFailures } from './policies.ts'
import type { Side } from './side.ts'

type Pages = Record<string, string[]>

/** Names of an asset and its bytes on a page; `null` where it does not exist. */
type Row = [before: string | null, after: string | null, bytesBefore: number, bytesAfter: number]

function sideOf(pages: Pages | undefined): Side {
  const policy = pages === undefined ? null : { pages }
  return { manifest: { policy } as unknown as Manifest } as Side
}

/** Compares the pages of two manifests. @returns `name before→after` each, own pages as `+name` */
function compared(base: Pages | undefined, head: Pages | undefined, rows: Row[]): string[] | null {
  const pages = pagesOf(base, head, rows)
  return (
    pages?.map(
      ({ page, isDeclared, bytesBefore, bytesAfter }) =>
        `${isDeclared ? '' : '+'}${page} ${bytesBefore}→${bytesAfter}`,
    ) ?? null
  )
}

function pagesOf(base: Pages | undefined, head: Pages | undefined, rows: Row[]) {
  return comparePages(
    rows.map(([before, after, pageBytesBefore, pageBytesAfter]) => {
      const sideOfAsset = (name: string | null) => (name === null ? undefined : { name })
      return {
        pair: { before: sideOfAsset(before), after: sideOfAsset(after) } as AssetPair,
        compared: { name: after ?? before, pageBytesBefore, pageBytesAfter } as ComparedAsset,
      }
    }),
    { base: sideOf(base), head: sideOf(head) },
  )
}

const rows: Row[] = [
  ['hero', 'hero', 100, 300],
  ['shop/cup', 'shop/cup', 50, 40],
  ['shop/mug', 'shop/mug', 10, 10],
  ['team', 'team', 5, 9],
]

test.each<[string, Pages | undefined, Pages | undefined, Row[], string[] | null]>([
  ['none', undefined, undefined, rows, null],
  ['an empty list', {}, {}, rows, null],
  [
    'the same on both sides',
    { home: ['hero', 'shop'], shop: ['shop/'] },
    { home: ['hero', 'shop'], shop: ['shop/'] },
    rows,
    ['home 160→350', '+team 5→9', 'shop 60→50'],
  ],
  [
    'the head only',
    undefined,
    { home: ['hero'] },
    rows,
    ['home 100→300', '+team 5→9', '+shop/cup 50→40'],
  ],
  ['the base only', { all: ['hero', 'shop', 'team'] }, undefined, rows, ['all 165→359']],
  [
    'a page that gets a picture',
    { home: ['hero'] },
    { home: ['hero', 'team'] },
    rows,
    ['home 100→309', '+shop/cup 50→40'],
  ],
  [
    'a page under a new name',
    { start: ['hero', 'team', 'shop'] },
    { home: ['hero', 'team', 'shop'] },
    rows,
    ['home 165→359'],
  ],
  ['a renamed asset', { a: ['cup'] }, { a: ['mug'] }, [['cup', 'mug', 7, 7]], ['a 7→7']],
  ['a new asset', { a: ['cup'] }, { a: ['cup'] }, [[null, 'cup', 0, 7]], ['a 0→7']],
  ['a removed asset', { a: ['cup'] }, { a: ['mug'] }, [['cup', null, 7, 0]], ['a 7→0']],
  [
    'a name that starts alike',
    { a: ['shop'] },
    { a: ['shop'] },
    [['shopping', 'shopping', 1, 2]],
    ['+shopping 1→2', 'a 0→0'],
  ],
  [
    'an asset listed twice',
    { a: ['x', 'x/y'] },
    { a: ['x', 'x/y'] },
    [['x/y', 'x/y', 1, 2]],
    ['a 1→2'],
  ],
  [
    'a page named like a property',
    { constructor: ['x'] },
    { constructor: ['x'] },
    [['x', 'x', 1, 2]],
    ['constructor 1→2'],
  ],
])('sums the bytes of pages: %s', (_, base, head, from, expected) => {
  expect(compared(base, head, from)).toEqual(expected)
})

test('limits the growth of each page, and of all files without pages', () => {
  const totals = { bytesBefore: 0, bytesAfter: 9000, pageBytesBefore: 0, pageBytesAfter: 4000 }
  const failuresOf = (pages: Pages | undefined, maxBytes: number, from = rows): string[] => {
    const comparison = { totals, regressions: [], pages: pagesOf(pages, pages, from) }
    return listFailures(comparison as unknown as Comparison, { maxBytes, failOn: [] })
  }
  expect(failuresOf(undefined, 8999)).toEqual([
    'The files of all pictures grow by 9 KB; --max-bytes allows 9 KB.',
  ])
  expect(failuresOf(undefined, 9000)).toEqual([])
  // All files together may grow by more.
  expect(failuresOf({ home: ['hero'] }, 200)).toEqual([])
  expect(failuresOf({ home: ['hero'] }, 199)).toEqual([
    'The page home grows by 200 B; --max-bytes allows 199 B.',
  ])
  expect(failuresOf({ home: ['hero'] }, 3)).toEqual([
    'The page home grows by 200 B; --max-bytes allows 3 B.',
    'A page with team grows by 4 B; --max-bytes allows 3 B.',
  ])
  const many = Array.from({ length: 50 }, (_, index): Row => [`x${index}`, `x${index}`, 0, 9])
  expect(failuresOf({ home: ['hero'] }, 1, many)).toHaveLength(21)
  expect(failuresOf({ home: ['hero'] }, 1, many).at(-1)).toBe(
    '30 more pages grow by more than that.',
  )
})

test('names the page that grows most, or one with every picture', () => {
  const totals = { pageBytesBefore: 10, pageBytesAfter: 30 }
  const most = (pages: Pages | undefined): object =>
    describePageGrowth({ totals, pages: pagesOf(pages, pages, rows) } as unknown as Comparison)
  expect(most(undefined)).toEqual({ growth: '+20 B', page: 'a page with every picture' })
  expect(most({ home: ['hero'], shop: ['shop'] })).toEqual({
    growth: '+200 B',
    page: 'the page home',
  })
  expect(most({ shop: ['shop'] })).toEqual({ growth: '+200 B', page: 'a page with hero' })
})
