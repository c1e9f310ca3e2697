import { type Currency, formatUsd, roundUsd } from '../models/cost.ts'
import { displayWidth, pad, shortenMiddle, widest } from './columns.ts'
import { explainStep } from './describe-step.ts'
import { type ChangeLine, formatChanges } from './format-changes.ts'
import { groupBy } from './group-by.ts'
import { type PlanRow, planRows } from './plan-rows.ts'
import type { Plan, Reason, Step } from './plan.ts'
import { adviseOn, needOf, stateWord } from './states.ts'
import { formatEmptyPlan, hasWork, priceOfStep, sumPrices } from './steps.ts'

/** Adds color to a piece of text, or returns it unchanged where there are no colors. */
export type Paint = (
  kind: 'add' | 'change' | 'remove' | 'warn' | 'dim' | 'bold',
  text: string,
) => string

const marks: Record<Step['kind'], readonly [mark: string, paint: Parameters<Paint>[0]]> = {
  generate: ['+', 'add'],
  recover: ['+', 'add'],
  derive: ['↻', 'change'],
  move: ['→', 'change'],
  examine: ['?', 'change'],
  prune: ['-', 'remove'],
  keep: ['!', 'warn'],
}

type FormatOptions = {
  /** Default: no colors. */
  paint?: Paint
  /** Whether to list the files that are derived, and each of many similar steps. Default false. */
  verbose?: boolean
  /** The width of the terminal, cells. Default: lines may have any length. */
  columns?: number | undefined
  /** The currency of prices; `null`, the default, is USD. */
  currency?: Currency | null
}

/**
 * Formats a plan as lines of text: one per step in the order of the plan, or one for many similar
 * steps of a matrix, then the summary.
 */
export function formatPlan(
  plan: Plan,
  { paint = (_, text) => text, verbose = false, currency = null, columns }: FormatOptions = {},
): string[] {
  if (plan.steps.length === 0) return [formatEmptyPlan(plan)]
  const rows = planRows(plan, { currency, verbose })
  const table = tableOf(rows, { currency, columns })
  const lines = rows.flatMap((row) => {
    const [mark, kind] = markOf(row.steps[0])
    const { name, why, price, isWhyBelow } = cellsOf(row, table)
    const cells = [`  ${paint(kind, mark)} ${paint('bold', name)}`, why, price]
    const below = isWhyBelow ? [paint('dim', `      ${explainStep(row.steps[0])}`)] : []
    return [cells.join('  ').trimEnd(), ...below, ...formatDetails(row, { paint, verbose })]
  })
  if (plan.unchanged > 0) lines.push(paint('dim', `    ${plan.unchanged} unchanged`))
  return [...lines, '', ...summarizePlan(plan, currency)]
}

/** Returns the last lines of a plan: how many steps of each kind, and what a run does not resolve. */
export function summarizePlan(plan: Plan, currency: Currency | null): string[] {
  if (plan.steps.length === 0) return [formatEmptyPlan(plan)]
  return [formatSummary(plan, currency), ...adviseOn(plan.steps.filter(isLeft))]
}

/** The widths of the columns of a plan, cells. */
type Table = { name: number; why: number; mostWhy: number; pictures: number; price: number }

/** Widest explanation that the price is aligned after. */
const MAX_WHY = 56
/** Longest name that the other columns are aligned after, and the least that a terminal shows. */
const [MAX_NAME, MIN_NAME] = [120, 16]
/** What a terminal shows of an explanation at least before the line breaks. */
const MIN_WHY = 12
/** The mark, and the spaces between the columns. */
const MARGINS = 9

function tableOf(
  rows: readonly PlanRow[],
  { currency, columns }: { currency: Currency | null; columns: number | undefined },
): Table {
  const name = widest(rows.map((row) => row.name))
  const pictures = Math.max(10, widest(rows.map((row) => row.pictures)))
  const price = Math.max(currency === null ? 7 : 10, widest(rows.map((row) => row.price)))
  if (columns === undefined) {
    const why = Math.min(MAX_WHY, widest(rows.map((row) => row.why)))
    return { name: Math.min(MAX_NAME, name), why, mostWhy: Infinity, pictures, price }
  }
  const room = columns - MARGINS - pictures - price
  const mostWhy = Math.max(MIN_WHY, room - name)
  const why = widest(rows.map((row) => shownWhy(row, mostWhy)))
  return { name: Math.min(name, Math.max(MIN_NAME, room - why)), why, mostWhy, pictures, price }
}

/** The explanation of a row, or only its first word if the rest does not fit. */
function shownWhy({ why, steps: [step] }: PlanRow, most: number): string {
  return displayWidth(why) <= most ? why : stateWord(step)
}

function cellsOf(
  row: PlanRow,
  { name, why, mostWhy, pictures, price }: Table,
): { name: string; why: string; price: string; isWhyBelow: boolean } {
  const shown = shownWhy(row, mostWhy)
  return {
    name: pad(mostWhy === Infinity ? row.name : shortenMiddle(row.name, name), name),
    why: pad(shown, why),
    price: row.price === '' ? '' : `${row.pictures.padEnd(pictures)} ${row.price.padStart(price)}`,
    isWhyBelow: shown !== row.why,
  }
}

function markOf(step: Step): readonly [mark: string, paint: Parameters<Paint>[0]] {
  const isReplaced = step.reasons.some(({ code }) => code !== 'new')
  return step.kind === 'generate' && isReplaced ? ['~', 'change'] : marks[step.kind]
}

/** Whether a step reports something that a run does not resolve. */
function isLeft(step: Step): boolean {
  return step.kind === 'keep' && needOf(step) !== 'nothing'
}

/** The indented lines below a row: changed fields, notes, and with `verbose` its files. */
function formatDetails(
  { steps: [step, ...others], notes }: PlanRow,
  { paint, verbose }: Required<Pick<FormatOptions, 'paint' | 'verbose'>>,
): string[] {
  const files = verbose && (step.kind === 'derive' || step.kind === 'move') ? step.outputs : []
  const changes = step.reasons.flatMap(formatChanges)
  const isExample =
    changes.length > 0 &&
    others.some(({ reasons }) => !isSame(reasons.flatMap(formatChanges), changes))
  return [
    ...(isExample
      ? [paint('dim', `      ${step.asset}, as an example (--verbose shows all):`)]
      : []),
    ...changes.map(({ kind, text }) => paint(kind, `      ${text}`)),
    ...step.reasons.flatMap(failedReasons).map((text) => paint('dim', `      ${text}`)),
    ...notes.map((text) => `      ${paint('warn', '!')} ${text}`),
    ...files.map((file) => paint('dim', `      ${file}`)),
  ]
}

/** Why a picture has not passed, a sentence for each test. */
function failedReasons(reason: Reason): string[] {
  return reason.code === 'not-passed' ? reason.failed.map(({ reason: why }) => why) : []
}

function isSame(a: readonly ChangeLine[], b: readonly ChangeLine[]): boolean {
  return a.length === b.length && a.every(({ text }, index) => text === b[index]!.text)
}

/** `Plan: 2 to generate (up to $0.03), 1 to derive.` */
function formatSummary(plan: Plan, currency: Currency | null): string {
  const { steps } = plan
  const count = (kind: Step['kind']): number => steps.filter((step) => step.kind === kind).length
  const kept = groupBy(
    steps.filter(({ kind }) => kind === 'keep'),
    (step) => stateWord(step),
  )
  const counts: readonly (readonly [number: number, what: string])[] = [
    [count('generate'), `to generate (${formatTotal(plan, currency)})`],
    [count('recover'), 'to recover'],
    [count('derive'), 'to derive'],
    [count('move'), 'to rename'],
    [count('examine'), `to examine${formatExamined(plan, currency)}`],
    ...[...kept].map(([word, each]) => [each.length, word] as const),
    [count('prune'), 'to prune'],
  ]
  const parts = counts.filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`)
  const isDone = !hasWork(plan) && !steps.some(isLeft)
  return `Plan: ${isDone ? 'nothing to do. ' : ''}${parts.join(', ')}.`
}

/** ` (up to $0.002)`; empty if it is free. */
function formatExamined({ steps }: Plan, currency: Currency | null): string {
  const prices = steps.flatMap((step) => (step.kind === 'examine' ? [step.usd] : []))
  const usd = prices.reduce<number>((sum, price) => sum + (price ?? 0), 0)
  const isKnown = prices.every((price) => price !== null)
  if (!isKnown) return ' (of unknown price)'
  return usd > 0 ? ` (up to ${formatUsd(usd, currency)})` : ''
}

/** `up to $0.03 + 1 of unknown price, 2 in a batch at a lower price` */
function formatTotal(plan: Plan, currency: Currency | null): string {
  const { steps } = plan
  const { usd, unknownPrices } = sumPrices(steps.filter(({ kind }) => kind === 'generate'))
  const batched = steps.filter((step) => step.kind === 'generate' && step.batch === true).length
  const known = usd > 0 || unknownPrices === 0
  const prices = [
    ...(known ? [`${usd > 0 ? 'up to ' : ''}${formatGenerated(plan, usd, currency)}`] : []),
    ...(unknownPrices > 0 ? [`${unknownPrices} of unknown price`] : []),
  ]
  return `${prices.join(' + ')}${batched > 0 ? `, ${batched} in a batch at a lower price` : ''}`
}

/** Formats the price of a plan at most: the sum of the rounded prices that its lines show. */
export function formatPlanUsd(plan: Plan, currency: Currency | null = null): string {
  const shown = withShownPrices(plan, currency).steps.reduce(
    (sum, step) => sum + (priceOfStep(step) ?? 0),
    0,
  )
  return formatUsd(shown > 0 ? shown : plan.usd, currency)
}

/** Formats the price of the pictures of a plan, `usd` before it is rounded. */
function formatGenerated(plan: Plan, usd: number, currency: Currency | null): string {
  const steps = plan.steps.filter(({ kind }) => kind === 'generate')
  return formatPlanUsd({ ...plan, steps, usd }, currency)
}

/** Rounds the prices of steps as they are shown, so that they add up to the sum that is shown. */
export function withShownPrices(plan: Plan, currency: Currency | null): Plan {
  return {
    ...plan,
    steps: plan.steps.map((step) =>
      (step.kind === 'generate' || step.kind === 'examine') && step.usd !== null
        ? { ...step, usd: roundUsd(step.usd, currency) }
        : step,
    ),
  }
}
