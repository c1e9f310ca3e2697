import { type Currency, formatUsd, roundUsd } from '../models/cost.ts'
import type { Plan, Reason, Step } from './plan.ts'
import { describeNothing, hasWork } from './steps.ts'

/** Colours a piece of text; the identity where there are no colours. */
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

/** A plan as a person reads it, in lines: one an asset, what costs money first, then the sum. */
export function formatPlan(
  plan: Plan,
  {
    paint = (_, text) => text,
    verbose = false,
    currency = null,
  }: { paint?: Paint; verbose?: boolean; currency?: Currency | null } = {},
): string[] {
  if (plan.steps.length === 0) return [describeNothing(plan)]
  const rows = plan.steps.map((step) => ({
    step,
    name: step.asset,
    why: describe(step),
    price: priceOf(step, currency),
  }))
  const nameWidth = Math.min(40, Math.max(...rows.map(({ name }) => displayWidth(name))))
  const whyWidth = Math.min(56, Math.max(...rows.map(({ why }) => displayWidth(why))))
  const lines: string[] = []
  for (const { step, name, why, price } of rows) {
    const [mark, kind] =
      step.kind === 'generate' && step.reasons.some(({ code }) => code !== 'new')
        ? (['~', 'change'] as const)
        : marks[step.kind]
    lines.push(
      `  ${paint(kind, mark)} ${paint('bold', pad(name, nameWidth))}  ${pad(why, whyWidth)}  ${price}`.trimEnd(),
    )
    for (const reason of step.reasons) lines.push(...details(reason, paint))
    for (const note of plan.notes) {
      if (note.asset === step.asset && step.kind !== 'prune') {
        lines.push(`      ${paint('warn', '!')} ${note.text}`)
      }
    }
    if (verbose && (step.kind === 'derive' || step.kind === 'move')) {
      for (const file of step.outputs) lines.push(paint('dim', `      ${file}`))
    }
  }
  if (plan.unchanged > 0) lines.push(paint('dim', `    ${plan.unchanged} unchanged`))
  return [...lines, '', summarize(plan, currency)]
}

/** `Plan: 2 to generate (≈ $0.03), 1 to derive.` */
export function summarize(plan: Plan, currency: Currency | null = null): string {
  const count = (kind: Step['kind']): number =>
    plan.steps.filter((step) => step.kind === kind).length
  const unknown =
    plan.unknownPrices > 0
      ? `${plan.usd > 0 ? ' + ' : ''}${plan.unknownPrices} of unknown price`
      : ''
  const cost =
    plan.usd > 0 || unknown === ''
      ? `${plan.usd > 0 ? '≈ ' : ''}${formatPlanUsd(plan, currency)}`
      : ''
  const isOf =
    (code: Reason['code']) =>
    ({ reasons }: Step): boolean =>
      reasons.some((reason) => reason.code === code)
  const edited = plan.steps.filter(isOf('edited')).length
  const inBatch = plan.steps.filter(isOf('in-batch')).length
  const batched = plan.steps.filter(
    (step) => step.kind === 'generate' && step.batch === true,
  ).length
  const parts = [
    [
      count('generate'),
      `to generate (${cost}${unknown}${batched === 0 ? '' : `, ${batched} in a batch at half the price`})`,
    ],
    [count('recover'), 'paid for before'],
    [count('derive'), 'to derive'],
    [count('move'), 'to rename'],
    [inBatch, 'in a batch'],
    [edited, 'edited'],
    [count('keep') - edited - inBatch, 'kept'],
    [count('prune'), 'to prune'],
  ] as const
  const said = parts.filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`)
  return `Plan: ${hasWork(plan) ? '' : 'nothing to do. '}${said.join(', ')}.`
}

/** Why a step is there, in words. */
export function describe({ kind, reasons }: Step): string {
  const words = reasons.map(describeReason).join(', ')
  return kind === 'derive' ? `derive only: ${words}` : words
}

function describeReason(reason: Reason): string {
  switch (reason.code) {
    case 'new':
      return 'new'
    case 'request-changed':
      return `${list(reason.changes.map(({ field }) => field))} changed`
    case 'input-changed':
      return reason.inputs.length === 0 ? 'fewer input pictures' : `${list(reason.inputs)} changed`
    case 'master-missing':
      return 'its picture is missing (git can bring it back)'
    case 'forced':
      return 'forced'
    case 'received-before':
      return 'paid for before: taken from the journal'
    case 'had-before':
      return 'as it was before: taken back, not asked for again'
    case 'renamed':
      return `renamed from ${reason.from}`
    case 'source-new':
      return 'new source'
    case 'source-changed':
      return 'its source changed'
    case 'picked':
      return `candidate ${reason.candidate} picked`
    case 'adopted':
      return 'adopted'
    case 'outputs-added':
      return `${list(reason.presets)} added`
    case 'outputs-changed':
      return `${list(reason.presets)} changed`
    case 'outputs-missing':
      return `${reason.files} file${reason.files === 1 ? '' : 's'} not made on this machine`
    case 'outputs-altered':
      return `${list(reason.files)} altered`
    case 'edited':
      return 'edited by hand: kept (limn adopt, or --force)'
    case 'paid-for':
      return `made by ${reason.provider}: kept (--force draws it anew)`
    case 'kept-missing':
      return `${reason.state}, and its picture is missing: git can bring it back (or name it with --force)`
    case 'untracked':
      return `${reason.path} is not in the lock: kept (limn adopt, or --force)`
    case 'link':
      return `${reason.path} is a link, and Limn follows none: kept (put the picture itself there)`
    case 'in-batch':
      return `asked in a batch since ${reason.since.slice(0, 16).replace('T', ' ')} UTC`
    case 'waits-for-batch':
      return `waits for ${list(reason.inputs)}, asked in a batch`
    case 'failed-in-batch':
      return 'its batch brought no picture'
    case 'not-in-manifest':
      return 'no longer in the manifest (limn prune)'
    case 'outputs-not-asked':
      return `no longer asked for (limn prune): ${list(reason.files)}`
  }
}

/** What changed, old and new below each other. */
function details(reason: Reason, paint: Paint): string[] {
  if (reason.code !== 'request-changed') return []
  return reason.changes.flatMap(({ field, from, to }) => {
    const label = field === 'prompt' ? '' : `${field}: `
    const [was, is] = [oneLine(from ?? 'nothing'), oneLine(to ?? 'nothing')]
    const start = startOfDifference(was, is)
    return [
      paint('remove', `      - ${label}${clip(was, start)}`),
      paint('add', `      + ${label}${clip(is, start)}`),
    ]
  })
}

/** What a plan costs at most: the sum of the prices as they are shown, so that it adds up. */
export function formatPlanUsd(plan: Plan, currency: Currency | null = null): string {
  const shown = withShownPrices(plan, currency).steps.reduce(
    (sum, step) => sum + (step.kind === 'generate' ? (step.usd ?? 0) : 0),
    0,
  )
  return formatUsd(shown > 0 ? shown : plan.usd, currency)
}

/**
 * A plan whose steps cost what is shown of their prices: whatever adds them up comes to the sum
 * that the plan shows.
 */
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

function priceOf(step: Step, currency: Currency | null): string {
  const price = (usd: number | null): string =>
    formatUsd(usd, currency).padStart(currency === null ? 7 : 10)
  if (step.kind === 'generate') {
    return `${step.images === 1 ? '1 image ' : `${step.images} images`.padEnd(8)} ${price(step.usd)}`
  }
  return step.kind === 'prune' ? '' : `         ${price(0)}`
}

function list(words: readonly string[]): string {
  return words.length > 3
    ? `${words.slice(0, 3).join(', ')} and ${words.length - 3} more`
    : words.join(', ')
}

/** Characters of a prompt that are shown. */
const SHOWN = 100

/** Characters of it that are looked at: no model takes as many. */
const MOST = 100_000

function oneLine(text: string): string {
  return text.slice(0, MOST).replace(/\s+/g, ' ')
}

/** Where two long texts are to be shown from, so that their first difference is seen. */
function startOfDifference(a: string, b: string): number {
  let same = 0
  while (same < a.length && same < b.length && a[same] === b[same]) same++
  if (same < SHOWN - 30) return 0
  return a.lastIndexOf(' ', same - 30) + 1
}

function clip(text: string, start: number): string {
  const rest = start === 0 ? text : `…${text.slice(start)}`
  return rest.length > SHOWN ? `${rest.slice(0, SHOWN - 1)}…` : rest
}

/** Pads to a width in terminal cells. */
export function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)))
}

/** Terminal cells that a text takes: two for each East Asian wide character. */
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
