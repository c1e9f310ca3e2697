import { count } from '../../count.ts'
import { formatBytes, formatGrowth } from '../byte-text.ts'
import type { ComparedAsset, Comparison } from './comparison.ts'
import {
  describeChange,
  describeCounts,
  describeGrowth,
  describePage,
  describePageGrowth,
  describePending,
  describePrice,
  describeSetting,
  describeTotal,
  differingPages,
  formatShare,
  shortenSame,
} from './describe.ts'
import { codeMarkdown, escapeMarkdown } from './markdown-text.ts'
import { pageGrowth } from './pages.ts'

/** The first line, by which a workflow finds its comment, and Limn its own file. */
export const MARKDOWN_MARK = '<!-- limn compare -->'

/** Most characters of a comment on GitHub are 65,536. */
const MAX_LENGTH = 65_000
/** Characters for the end of the table and what follows it. */
const RESERVED = { table: 25_000, details: 500 }
/** Characters for the table of pages. */
const MAX_PAGES_LENGTH = 8_000
/** Regressions and sentences that are listed. */
const MAX_LISTED = 20

/** Formats a comparison for a comment on a pull request. Text of others is escaped. */
export function formatMarkdown(comparison: Comparison, failures: readonly string[]): string {
  const head = [
    MARKDOWN_MARK,
    `### ${titleOf(comparison)}`,
    '',
    ...formatSummary(comparison),
    ...formatAlert('CAUTION', failures.map(escapeMarkdown)),
    ...formatRegressions(comparison),
    ...formatPages(comparison),
  ]
  const table = takeUpTo(
    comparison.assets.map((asset) => formatRow(asset, comparison)),
    MAX_LENGTH - RESERVED.table - lengthOf(head),
  )
  const top = [...head, ...formatTable(table.taken, table.left)]
  const details = takeUpTo(
    comparison.assets.flatMap((asset) => formatDetails(asset, comparison)),
    MAX_LENGTH - RESERVED.details - lengthOf(top),
  )
  return `${[...top, ...wrapDetails(details.taken, details.left)].join('\n').trimEnd()}\n`
}

function titleOf(comparison: Comparison): string {
  const { assets, base } = comparison
  const ref = codeMarkdown(base.ref)
  if (assets.length === 0) return `No picture differs from ${ref}`
  return `${count(assets.length, 'picture')} ${assets.length === 1 ? 'differs' : 'differ'} from ${ref}`
}

function formatSummary(comparison: Comparison): string[] {
  const { assets, totals, base, notes } = comparison
  const { bytesBefore, bytesAfter, unchanged } = totals
  const growth = formatGrowth(bytesAfter - bytesBefore)
  const most = describePageGrowth(comparison)
  const parts = [
    ...(assets.length === 0 ? [] : [`**${describeCounts(comparison)}**, ${unchanged} unchanged`]),
    `paid **${escapeMarkdown(describeTotal(comparison))}**`,
    `files **${growth}** (${formatBytes(bytesBefore)} → ${formatBytes(bytesAfter)})`,
    `${escapeMarkdown(most.page)} **${most.growth}** at most`,
  ]
  const where = base.isStart ? `, where the branch started` : ''
  return [
    `${parts.join(' · ')}`,
    `<sub>Compared with <code>${base.commit.slice(0, 10)}</code>${where}.</sub>`,
    '',
    ...notes.slice(0, MAX_LISTED).flatMap((note) => [`> ${escapeMarkdown(note)}`, '']),
  ]
}

function formatRegressions({ regressions }: Comparison): string[] {
  const lines = regressions
    .slice(0, MAX_LISTED)
    .map(({ asset, message }) => `${codeMarkdown(asset)}: ${escapeMarkdown(message)}`)
  const left = regressions.length - lines.length
  return formatAlert('WARNING', left > 0 ? [...lines, `… and ${left} more`] : lines)
}

/** Formats the pages that load more or less than before. */
function formatPages(comparison: Comparison): string[] {
  const pages = differingPages(comparison)
  if (pages.length === 0) return []
  const rows = pages.slice(0, MAX_LISTED).map((page) => {
    const { bytesBefore, bytesAfter } = page
    const bytes = `${formatBytes(bytesBefore)} → ${formatBytes(bytesAfter)}`
    return `| ${escapeMarkdown(describePage(page))} | ${bytes} | ${formatGrowth(pageGrowth(page))} |`
  })
  const { taken } = takeUpTo(rows, MAX_PAGES_LENGTH)
  const left = pages.length - taken.length
  return [
    '| page | pictures, at most | |',
    '|---|--:|--:|',
    ...taken,
    '',
    ...(left > 0 ? [`… and ${count(left, 'more page')}.`, ''] : []),
  ]
}

/** Formats a coloured box of GitHub with a list. */
function formatAlert(kind: 'WARNING' | 'CAUTION', lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`> [!${kind}]`, ...lines.map((line) => `> - ${line}`), '']
}

const signs = { added: '+', removed: '−', changed: '~', renamed: '→' } as const

function formatRow(asset: ComparedAsset, comparison: Comparison): string {
  const { difference } = asset
  const cells = [
    signs[asset.change],
    codeMarkdown(asset.name),
    escapeMarkdown(describeChange(asset)),
    difference === null ? '' : formatShare(difference),
    escapeMarkdown(describePrice(asset, comparison)),
    describeGrowth(asset),
  ]
  return `| ${cells.join(' | ')} |`
}

function formatTable(rows: readonly string[], left: number): string[] {
  if (rows.length === 0) return []
  return [
    '| | picture | what differs | pixels | paid | files |',
    '|---|---|---|--:|--:|--:|',
    ...rows,
    '',
    ...(left > 0 ? [`… and ${left} more. \`limn compare --html\` shows all of them.`, ''] : []),
  ]
}

/** Formats what a row has no room for: the prompt and other values. */
function formatDetails(asset: ComparedAsset, comparison: Comparison): string[] {
  const { prompt, alt, settings, notCompared, outputs, change } = asset
  const pending = describePending(asset, comparison)
  const isPair = change === 'changed' || change === 'renamed'
  const files = isPair ? outputs : []
  const lines = [
    ...(prompt === null ? [] : [formatPrompt(prompt, isPair)]),
    ...(alt === null ? [] : [`alt: ${quote(alt.before)} → ${quote(alt.after)}`]),
    ...settings.map((setting) => escapeMarkdown(describeSetting(setting))),
    ...files.slice(0, MAX_LISTED).map(({ file, before, after }) => {
      return `${codeMarkdown(file)}: ${bytesOrNone(before)} → ${bytesOrNone(after)}`
    }),
    ...(notCompared === null ? [] : [escapeMarkdown(notCompared)]),
    ...(pending === '' ? [] : [`Not generated yet: ${escapeMarkdown(pending)}`]),
  ]
  return lines.length === 0 ? [] : [`**${codeMarkdown(asset.name)}**<br>${lines.join('<br>')}\n`]
}

function quote(text: string): string {
  return text === '' ? 'none' : `“${escapeMarkdown(text)}”`
}

function bytesOrNone(bytes: number | null): string {
  return bytes === null ? 'none' : formatBytes(bytes)
}

const tags = { same: ['', ''], removed: ['<del>', '</del>'], added: ['<ins>', '</ins>'] } as const

/** Most characters of the prompt of a new or removed picture. */
const MAX_PROMPT = 400

function formatPrompt(
  { words, before, after }: NonNullable<ComparedAsset['prompt']>,
  isPair: boolean,
): string {
  if (!isPair) {
    const text = after ?? before ?? ''
    return escapeMarkdown(text.length > MAX_PROMPT ? `${text.slice(0, MAX_PROMPT)}…` : text)
  }
  return shortenSame(words)
    .map(({ kind, text }) => {
      const [open, close] = tags[kind as keyof typeof tags]
      return `${open}${escapeMarkdown(text)}${close}`
    })
    .join('')
}

function wrapDetails(blocks: readonly string[], left: number): string[] {
  if (blocks.length === 0) return []
  const rest = left > 0 ? [`… and ${left} more.`, ''] : []
  return [
    '<details><summary>Prompts, settings and files</summary>',
    '',
    ...blocks,
    ...rest,
    '</details>',
  ]
}

function lengthOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + line.length + 1, 0)
}

/** Takes the first texts that fit a length. @returns them, and the number of the others */
function takeUpTo(texts: readonly string[], length: number): { taken: string[]; left: number } {
  const taken: string[] = []
  let rest = length
  for (const text of texts) {
    rest -= text.length + 1
    if (rest < 0) break
    taken.push(text)
  }
  return { taken, left: texts.length - taken.length }
}
