import { compareText } from '../../digest.ts'
import type { AssetPair } from './compare-asset.ts'
import type { ComparedAsset, ComparedPage } from './comparison.ts'
import type { Side } from './side.ts'

/** The pictures of each page, as `policy.pages` declares them: assets, or names that they are below. */
type Pages = ReadonlyMap<string, readonly string[]>

type Row = { pair: AssetPair; compared: ComparedAsset }

/**
 * Compares what each page may load. A page has the pictures that its own side declares; if the base
 * does not know the page, those of the head. A picture of no page is a page of its own, as for
 * `maxPageBytes`.
 *
 * @returns the declared pages, and the others that differ; those that grow most come first. `null`
 *   if no side declares pages
 */
export function comparePages(
  rows: readonly Row[],
  { base, head }: { base: Side; head: Side },
): ComparedPage[] | null {
  const known = pagesOf(base)
  const declared = pagesOf(head).size === 0 ? known : pagesOf(head)
  if (declared.size === 0) return null
  const findPages = pageFinder(declared)
  const findEarlier = earlierFinder(declared, known)
  const pages = new Map(
    [...declared.keys()].map((page) => [
      page,
      { page, isDeclared: true, bytesBefore: 0, bytesAfter: 0 },
    ]),
  )
  const others: ComparedPage[] = []
  for (const { pair, compared } of rows) {
    const { name, pageBytesBefore: bytesBefore, pageBytesAfter: bytesAfter } = compared
    const [before, after] = [findEarlier(pair), findPages(name)]
    for (const page of before) pages.get(page)!.bytesBefore += bytesBefore
    for (const page of after) pages.get(page)!.bytesAfter += bytesAfter
    const isOnPage = (pair.after === undefined ? before : after).length > 0
    if (isOnPage || bytesBefore === bytesAfter) continue
    others.push({ page: name, isDeclared: false, bytesBefore, bytesAfter })
  }
  return [...pages.values(), ...others].sort(
    (a, b) => pageGrowth(b) - pageGrowth(a) || compareText(a.page, b.page),
  )
}

/** Bytes that a page may load more than before. */
export function pageGrowth({ bytesBefore, bytesAfter }: ComparedPage): number {
  return bytesAfter - bytesBefore
}

function pagesOf({ manifest }: Side): Pages {
  return new Map(Object.entries(manifest?.policy?.pages ?? {}))
}

/** Finds the pages on which an asset was. */
function earlierFinder(declared: Pages, known: Pages): (pair: AssetPair) => string[] {
  const [findKnown, findAdded] = [
    pageFinder(new Map([...known].filter(([page]) => declared.has(page)))),
    pageFinder(new Map([...declared].filter(([page]) => !known.has(page)))),
  ]
  return ({ before, after }) =>
    before === undefined
      ? []
      : [...findKnown(before.name), ...findAdded(after?.name ?? before.name)]
}

/** Finds the pages of an asset by its name, without a look at every page. */
function pageFinder(pages: Pages): (asset: string) => string[] {
  const pagesByName = new Map<string, Set<string>>()
  for (const [page, names] of pages) {
    for (const name of names.map((each) => each.replace(/\/$/, ''))) {
      pagesByName.set(name, (pagesByName.get(name) ?? new Set()).add(page))
    }
  }
  return (asset) => {
    const parts = asset.split('/')
    const prefixes = parts.map((_, index) => parts.slice(0, index + 1).join('/'))
    return [...new Set(prefixes.flatMap((prefix) => [...(pagesByName.get(prefix) ?? [])]))]
  }
}
