import type { FieldChange } from '../../identity/request.ts'
import { formatUsd } from '../../models/cost.ts'
import { formatSize } from '../../models/size.ts'
import { formatGrowth } from '../byte-text.ts'
import type { ComparedAsset, ComparedPage, Comparison } from './comparison.ts'
import { pageGrowth } from './pages.ts'

/*
 * The words that the terminal, Markdown and HTML share. None of them is escaped: they may contain
 * text of the manifest.
 */

/** `new, 1024x1024`, `removed`, `picture, prompt`, `renamed from cup`. */
export function describeChange({ change, from, aspects, after }: ComparedAsset): string {
  if (change === 'added') return after === null ? 'new' : `new, ${formatSize(after)}`
  if (change === 'removed') return 'removed'
  const renamed = from === null ? [] : [`renamed from ${from}`]
  return [...renamed, ...aspects].join(', ')
}

/** `12 % of the pixels`; empty if they were not compared. */
export function describeDifference({ difference }: ComparedAsset): string {
  return difference === null ? '' : `${formatShare(difference)} of the pixels`
}

/** `12 %`, `<1 %`, `0 %`. */
export function formatShare(share: number): string {
  if (share > 0 && share < 0.01) return '<1 %'
  // Only all of the pixels are 100 %.
  return `${share < 1 ? Math.min(99, Math.round(share * 100)) : 100} %`
}

/** What was paid: empty for an old or free picture. */
export function describePrice({ usd }: ComparedAsset, { currency }: Comparison): string {
  return usd === 0 ? '' : formatUsd(usd, currency)
}

/** How the files grew: empty if they did not. */
export function describeGrowth({ bytesBefore, bytesAfter }: ComparedAsset): string {
  return bytesBefore === bytesAfter ? '' : formatGrowth(bytesAfter - bytesBefore)
}

/** `size: 256x256 → 320x256`. */
export function describeSetting({ field, from, to }: FieldChange): string {
  return `${field}: ${from ?? 'none'} → ${to ?? 'none'}`
}

/** `stale (prompt changed); a run costs at most $0.04`; empty if nothing is left to do. */
export function describePending({ pending }: ComparedAsset, { currency }: Comparison): string {
  if (pending === null) return ''
  const { state, why, usd } = pending
  const price = usd === 0 ? '' : `; a run costs at most ${formatUsd(usd, currency)}`
  return `${state}${why === '' ? '' : ` (${why})`}${price}`
}

/** `main at a1b2c3d`. */
export function describeBase({ base: { ref, commit } }: Comparison): string {
  return `${ref} at ${commit.slice(0, 7)}`
}

/** `2 new, 1 removed, 3 changed`. */
export function describeCounts({
  totals: { added, removed, changed, renamed },
}: Comparison): string {
  const counts = { new: added, removed, changed, renamed }
  return Object.entries(counts)
    .filter(([, number]) => number > 0)
    .map(([word, number]) => `${number} ${word}`)
    .join(', ')
}

/** `$0.08`, `$0.08 and 2 pictures of unknown price`. */
export function describeTotal({ totals: { usd, unknownPrices }, currency }: Comparison): string {
  if (unknownPrices === 0) return formatUsd(usd, currency)
  return `${formatUsd(usd, currency)} and ${unknownPrices} of unknown price`
}

/**
 * How much more a page loads at most: the one that grows most, or one with every picture if no
 * pages are declared. `page` continues a sentence.
 */
export function describePageGrowth({ pages, totals }: Comparison): {
  growth: string
  page: string
} {
  const [most] = pages ?? []
  if (most === undefined) {
    const growth = formatGrowth(totals.pageBytesAfter - totals.pageBytesBefore)
    return { growth, page: 'a page with every picture' }
  }
  const page = describePage(most)
  return {
    growth: formatGrowth(pageGrowth(most)),
    page: `${page[0]!.toLowerCase()}${page.slice(1)}`,
  }
}

/** `The page home`; `A page with hero` for a picture of no page. */
export function describePage({ page, isDeclared }: ComparedPage): string {
  return isDeclared ? `The page ${page}` : `A page with ${page}`
}

/** Lists the pages that load more or less than before. */
export function differingPages({ pages }: Comparison): ComparedPage[] {
  return (pages ?? []).filter((page) => pageGrowth(page) !== 0)
}

/** The characters around a difference that `shortenSame` keeps. */
const CONTEXT = 40

/** Cuts the middle of what is the same, so that a long prompt shows what differs. */
export function shortenSame(
  words: readonly { kind: string; text: string }[],
): { kind: string; text: string }[] {
  return words.map(({ kind, text }, index) => {
    if (kind !== 'same' || text.length <= 2 * CONTEXT) return { kind, text }
    const head = index === 0 ? '' : text.slice(0, CONTEXT).replace(/\S*$/, '')
    const tail = index === words.length - 1 ? '' : text.slice(-CONTEXT).replace(/^\S*/, '')
    return { kind, text: `${head}…${tail}` }
  })
}
