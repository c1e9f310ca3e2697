import { type Currency, formatUsd, roundUsd } from '../models/cost.ts'
import { describeStep } from './describe-step.ts'
import { formatChanges } from './format-changes.ts'
import { groupBy } from './group-by.ts'
import type { Plan, Step } from './plan.ts'
import { adviseOn, needOf, stateWord } from './states.ts'
import { formatEmptyPlan, hasWork } from './steps.ts'

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
  prune: ['-', 'remove'],
  keep: ['!', 'warn'],
}

type FormatOptions = {
  /** Default: no colors. */
  paint?: Paint
  /** Whether to list the files that are derived. Default false. */
  verbose?: boolean
  /** The currency of prices; `null`, the default, is USD. */
  currency?: Currency | null
}

/** Formats a plan as lines of text: one per step in the order of the plan, then the summary. */
export function formatPlan(
  plan: Plan,
  { paint = (_, text) => text, verbose = false, currency = null }: FormatOptions = {},
): string[] {
  if (plan.steps.length === 0) return [formatEmptyPlan(plan)]
  const rows = plan.steps.map((step) => ({
    step,
    name: step.asset,
    why: describeStep(step),
    price: formatStepPrice(step, currency),
  }))
  const nameWidth = Math.min(40, Math.max(...rows.map(({ name }) => displayWidth(name))))
  const whyWidth = Math.min(56, Math.max(...rows.map(({ why }) => displayWidth(why))))
  const lines = rows.flatMap(({ step, name, why, price }) => {
    const [mark, kind] = markOf(step)
    const columns = [
      `  ${paint(kind, mark)} ${paint('bold', pad(name, nameWidth))}`,
      pad(why, whyWidth),
      price,
    ]
    return [columns.join('  ').trimEnd(), ...formatDetails(step, plan, { paint, verbose })]
  })
  if (plan.unchanged > 0) lines.push(paint('dim', `    ${plan.unchanged} unchanged`))
  return [...lines, '', formatSummary(plan, currency), ...adviseOn(plan.steps.filter(isLeft))]
}

function markOf(step: Step): readonly [mark: string, paint: Parameters<Paint>[0]] {
  const isReplaced = step.reasons.some(({ code }) => code !== 'new')
  return step.kind === 'generate' && isReplaced ? ['~', 'change'] : marks[step.kind]
}

/** Whether a step reports something that a run does not resolve. */
function isLeft(step: Step): boolean {
  return step.kind === 'keep' && needOf(step) !== 'nothing'
}

/** The indented lines below a step: changed fields, notes, and with `verbose` its files. */
function formatDetails(
  step: Step,
  { notes }: Plan,
  { paint, verbose }: Required<Pick<FormatOptions, 'paint' | 'verbose'>>,
): string[] {
  const noted = step.kind === 'prune' ? [] : notes.filter(({ asset }) => asset === step.asset)
  const files = verbose && (step.kind === 'derive' || step.kind === 'move') ? step.outputs : []
  return [
    ...step.reasons.flatMap(formatChanges).map(({ kind, text }) => paint(kind, `      ${text}`)),
    ...noted.map(({ text }) => `      ${paint('warn', '!')} ${text}`),
    ...files.map((file) => paint('dim', `      ${file}`)),
  ]
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
    ...[...kept].map(([word, each]) => [each.length, word] as const),
    [count('prune'), 'to prune'],
  ]
  const parts = counts.filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`)
  const isDone = !hasWork(plan) && !steps.some(isLeft)
  return `Plan: ${isDone ? 'nothing to do. ' : ''}${parts.join(', ')}.`
}

/** `up to $0.03 + 1 of unknown price, 2 in a batch at half the price` */
function formatTotal(plan: Plan, currency: Currency | null): string {
  const { steps, usd, unknownPrices } = plan
  const batched = steps.filter((step) => step.kind === 'generate' && step.batch === true).length
  const known = usd > 0 || unknownPrices === 0
  const prices = [
    ...(known ? [`${usd > 0 ? 'up to ' : ''}${formatPlanUsd(plan, currency)}`] : []),
    ...(unknownPrices > 0 ? [`${unknownPrices} of unknown price`] : []),
  ]
  return `${prices.join(' + ')}${batched > 0 ? `, ${batched} in a batch at half the price` : ''}`
}

/** Formats the price of a plan at most: the sum of the rounded prices that its lines show. */
export function formatPlanUsd(plan: Plan, currency: Currency | null = null): string {
  const shown = withShownPrices(plan, currency).steps.reduce(
    (sum, step) => sum + (step.kind === 'generate' ? (step.usd ?? 0) : 0),
    0,
  )
  return formatUsd(shown > 0 ? shown : plan.usd, currency)
}

/** Rounds the prices of steps as they are shown, so that they add up to the sum that is shown. */
export function withShownPrices(plan: Plan, currency: Currency | null): Plan {
  return {
    ...plan,
    steps: plan.steps.map((step) =>
      step.kind === 'generate' && step.usd !== null
        ? { ...step, usd: roundUsd(step.usd, currency) }
        : step,
    ),
  }
}

function formatStepPrice(step: Step, currency: Currency | null): string {
  if (step.kind === 'prune') return ''
  const width = currency === null ? 7 : 10
  const price = formatUsd(step.kind === 'generate' ? step.usd : 0, currency).padStart(width)
  if (step.kind !== 'generate') return `${' '.repeat(11)}${price}`
  const pictures = step.images === 1 ? '1 picture' : `${step.images} pictures`
  return `${pictures.padEnd(10)} ${price}`
}

/** Pads a text with spaces to a width in terminal cells. */
export function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)))
}

/** The width of a text in terminal cells: two for each wide East Asian character. */
export function displayWidth(text: string): number {
  let width = 0
  for (const character of text) {
    if (/\p{M}/u.test(character)) continue
    width +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u.test(
        character,
      )
        ? 2
        : 1
  }
  return width
}
