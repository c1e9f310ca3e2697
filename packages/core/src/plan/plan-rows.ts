import { type Currency, formatUsd, roundUsd } from '../models/cost.ts'
import { describeStep } from './describe-step.ts'
import { groupBy } from './group-by.ts'
import type { Plan, Step } from './plan.ts'
import { priceOfStep } from './steps.ts'

/** Fewer steps of one group than this are listed one by one. */
const MIN_GROUP = 4

/** One line of a plan: a step, or several with the same kind, reasons, price and notes. */
export type PlanRow = {
  /** Several steps of the asset `product` with its matrix are `product/* ×29`. */
  name: string
  steps: readonly [Step, ...Step[]]
  why: string
  /** `4 pictures`, `from sheet`; empty for a step that makes none. */
  pictures: string
  /** Empty for a step that only `limn prune` executes. */
  price: string
  notes: readonly string[]
}

/** Returns the lines of a plan, in the order of their first steps. */
export function planRows(
  { steps, notes }: { steps: readonly Step[]; notes: Plan['notes'] },
  { currency, verbose }: { currency: Currency | null; verbose: boolean },
): PlanRow[] {
  const notesByAsset = groupBy(notes, ({ asset }) => asset)
  const toRow = (step: Step): PlanRow => ({
    name: step.asset,
    steps: [step],
    why: describeStep(step),
    pictures: picturesOf([step]),
    price: priceOf([step], currency),
    notes:
      step.kind === 'prune' ? [] : (notesByAsset.get(step.asset) ?? []).map(({ text }) => text),
  })
  const rows = steps.map(toRow)
  if (verbose) return rows
  return [...groupBy(rows, keyOf).values()].flatMap((group) =>
    group.length < MIN_GROUP || !group[0]!.name.includes('/') ? group : [merge(group, currency)],
  )
}

/** Returns the names and explanations of steps, in one line where a plan has one. */
export function groupSteps(
  steps: readonly Step[],
  { verbose }: { verbose: boolean },
): Pick<PlanRow, 'name' | 'why'>[] {
  return planRows({ steps, notes: [] }, { currency: null, verbose })
}

/** What the steps of one line have in common. */
function keyOf({ name, steps: [{ kind, reasons }], why, pictures, price, notes }: PlanRow): string {
  const slash = name.indexOf('/')
  const group = slash === -1 ? name : name.slice(0, slash + 1)
  const codes = reasons.map(({ code }) => code)
  return JSON.stringify([group, kind, codes, why, pictures, price, notes])
}

function merge(group: readonly PlanRow[], currency: Currency | null): PlanRow {
  const [first] = group
  const steps = group.map(({ steps: [step] }) => step) as [Step, ...Step[]]
  return {
    ...first!,
    name: `${first!.name.replace(/\/.*/s, '')}/* ×${steps.length}`,
    steps,
    pictures: picturesOf(steps),
    price: priceOf(steps, currency),
  }
}

function picturesOf(steps: readonly Step[]): string {
  const requested = steps.filter((step) => step.kind === 'generate')
  const number = requested.reduce((sum, { images, attempts = 1 }) => sum + images * attempts, 0)
  if (number === 0) return ''
  const isCut = steps.every((step) => step.kind === 'generate' && step.request.operation === 'cut')
  if (isCut) return 'from sheet'
  const most = requested.some(({ attempts = 1 }) => attempts > 1) ? 'up to ' : ''
  return `${most}${number === 1 ? '1 picture' : `${number} pictures`}`
}

/** The sum of the rounded prices, as a line for each step would show them. */
function priceOf(steps: readonly Step[], currency: Currency | null): string {
  if (steps[0]!.kind === 'prune') return ''
  const prices = steps.map(priceOfStep)
  if (prices.some((usd) => usd === null)) return formatUsd(null, currency)
  if (prices.length === 1) return formatUsd(prices[0]!, currency)
  const shown = prices.reduce<number>((sum, usd) => sum + roundUsd(usd!, currency), 0)
  // Prices that are rounded to nothing cost something together.
  return formatUsd(shown > 0 ? shown : prices.reduce<number>((sum, usd) => sum + usd!, 0), currency)
}
