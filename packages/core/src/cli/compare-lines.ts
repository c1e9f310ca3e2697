import { count } from '../count.ts'
import { formatBytes, formatGrowth } from '../project/byte-text.ts'
import type { ComparedAsset, Comparison } from '../project/compare/comparison.ts'
import {
  describeBase,
  describeChange,
  describeCounts,
  describeDifference,
  describeGrowth,
  describePage,
  describePageGrowth,
  describePending,
  describePrice,
  describeSetting,
  describeTotal,
  differingPages,
  shortenSame,
} from '../project/compare/describe.ts'
import { pageGrowth } from '../project/compare/pages.ts'
import { pad, type Paint, shortenMiddle, widest } from '../project/plan-text.ts'
import { columnWidths } from './table.ts'

type LinesOptions = {
  paint: Paint
  /** Width of the terminal, cells; `undefined` if there is none. */
  columns: number | undefined
  verbose: boolean
}

/** Assets that are listed without `--verbose`. */
const MAX_LISTED = 40
/** What a terminal shows of a long name at most, cells. */
const MAX_NAME = 36

/** Formats a comparison for a terminal. */
export function compareLines(comparison: Comparison, options: LinesOptions): string[] {
  const { assets, notes, regressions } = comparison
  const { paint, verbose } = options
  const shown = verbose ? assets : assets.slice(0, MAX_LISTED)
  const left = assets.length - shown.length
  return [
    formatHead(comparison, paint),
    ...(assets.length === 0 ? [] : ['', ...formatAssets(shown, comparison, options)]),
    ...(left > 0 ? [paint('dim', `  … and ${left} more: --verbose lists them`)] : []),
    '',
    ...formatTotals(comparison),
    ...formatPages(comparison, options),
    ...notes.map((note) => paint('warn', `! ${note}`)),
    ...(regressions.length === 0 ? [] : ['', `${count(regressions.length, 'regression')}:`]),
    ...regressions.map(({ asset, message }) => `  ${paint('warn', '!')} ${asset}: ${message}`),
  ]
}

function formatHead(comparison: Comparison, paint: Paint): string {
  const { base, head } = comparison
  const start = base.isStart ? ', where the branch started' : ''
  const when = paint('dim', `(${base.at.slice(0, 10)}${start})`)
  return `${paint('bold', head.ref)} compared with ${paint('bold', describeBase(comparison))} ${when}`
}

const signs = {
  added: ['+', 'add'],
  removed: ['-', 'remove'],
  changed: ['~', 'change'],
  renamed: ['→', 'change'],
} as const

function formatAssets(
  assets: readonly ComparedAsset[],
  comparison: Comparison,
  options: LinesOptions,
): string[] {
  const width = Math.min(MAX_NAME, widest(assets.map(({ name }) => name)))
  const rows = assets.map((asset) => [
    describeChange(asset),
    describeDifference(asset),
    describePrice(asset, comparison),
    describeGrowth(asset),
  ])
  const widths = columnWidths(rows)
  return assets.flatMap((asset, index) => {
    const [sign, kind] = signs[asset.change]
    const [what, ...numbers] = rows[index]! as [string, ...string[]]
    const cells = [
      options.paint('bold', pad(shortenMiddle(asset.name, width), width)),
      pad(what, widths[0]!),
      ...numbers.map((cell, column) => cell.padStart(widths[column + 1]!)),
    ]
    const row = `  ${options.paint(kind, sign)} ${cells.join('  ').trimEnd()}`
    return [row, ...formatDetails(asset, comparison, options)]
  })
}

/** Formats what a row has no room for, below it. */
function formatDetails(
  asset: ComparedAsset,
  comparison: Comparison,
  { paint, verbose }: LinesOptions,
): string[] {
  const { prompt, alt, settings, notCompared, outputs, change } = asset
  const isPair = change === 'changed' || change === 'renamed'
  const pending = describePending(asset, comparison)
  const details = [
    ...(isPair && prompt !== null ? [formatPrompt(prompt.words, paint)] : []),
    ...(alt === null ? [] : [`alt: ${quote(alt.before)} → ${quote(alt.after)}`]),
    ...settings.map(describeSetting),
    ...(isPair && verbose ? outputs.map(formatOutput) : []),
    ...(notCompared === null ? [] : [paint('warn', notCompared)]),
    ...(pending === '' ? [] : [paint('warn', `not generated yet: ${pending}`)]),
  ]
  return details.map((line) => `      ${line}`)
}

/** Shows what was removed as `[-…-]` and what was added as `{+…+}`, as git does. */
function formatPrompt(words: Parameters<typeof shortenSame>[0], paint: Paint): string {
  return shortenSame(words)
    .map(({ kind, text }) => {
      if (kind === 'same') return text
      return kind === 'removed' ? paint('remove', `[-${text}-]`) : paint('add', `{+${text}+}`)
    })
    .join('')
}

function formatOutput({ file, before, after }: ComparedAsset['outputs'][number]): string {
  const [from, to] = [before, after].map((bytes) => (bytes === null ? 'none' : formatBytes(bytes)))
  return `${file}: ${from} → ${to}`
}

function quote(text: string): string {
  return text === '' ? 'none' : `"${text}"`
}

function formatTotals(comparison: Comparison): string[] {
  const { assets, totals } = comparison
  const { unchanged, bytesBefore, bytesAfter } = totals
  if (assets.length === 0) return [`No picture differs; ${count(unchanged, 'picture')} compared.`]
  const differ = `${count(assets.length, 'picture')} ${assets.length === 1 ? 'differs' : 'differ'}`
  const growth = formatGrowth(bytesAfter - bytesBefore)
  return [
    `${differ} (${describeCounts(comparison)}), ${unchanged} unchanged.`,
    `Paid for new pictures: ${describeTotal(comparison)}.`,
    `Files: ${formatBytes(bytesBefore)} → ${formatBytes(bytesAfter)} (${growth}).`,
  ]
}

function formatPages(comparison: Comparison, { paint, verbose }: LinesOptions): string[] {
  const { assets, pages } = comparison
  if (pages === null) {
    if (assets.length === 0) return []
    const { growth, page } = describePageGrowth(comparison)
    return [`Pages: \`policy.pages\` declares none; ${page} loads at most ${growth}.`]
  }
  const differing = differingPages(comparison)
  if (differing.length === 0) return assets.length === 0 ? [] : ['Pages: none loads more or less.']
  const shown = verbose ? differing : differing.slice(0, MAX_LISTED)
  const left = differing.length - shown.length
  const width = widest(shown.map(describePage))
  return [
    'Pages, at most:',
    ...shown.map((page) => {
      const bytes = `${formatBytes(page.bytesBefore)} → ${formatBytes(page.bytesAfter)}`
      return `  ${pad(describePage(page), width)}  ${bytes} (${formatGrowth(pageGrowth(page))})`
    }),
    ...(left > 0 ? [paint('dim', `  … and ${left} more: --verbose lists them`)] : []),
  ]
}
