import type { Calls, Refusal } from '@limn/contact-sheet'
import type { Manifest } from '../../manifest/manifest.ts'
import { formatUsd, USD_TOLERANCE } from '../../models/cost.ts'
import type { Plan } from '../../plan/plan.ts'
import type { PlanSelection } from '../options.ts'
import type { SheetContext } from './context.ts'
import { usdOfPlan } from './read-sheet.ts'

type Selection = Pick<Calls['generate']['input'], 'names' | 'force'>

/** Returns what a run would cost, and why it would be refused. */
export async function priceRun(
  context: SheetContext,
  selection: Selection,
): Promise<Calls['price']['output']> {
  const { plan, snapshot } = await context.host.project.planWithSnapshot(toPlanSelection(selection))
  const usd = usdOfPlan(plan)
  return {
    pictures: countPictures(plan),
    usd,
    refusal: await findRefusal(context, { usd, budget: snapshot.manifest.budget }),
  }
}

/** Returns the selection of a run that the page starts. No names stand for everything stale. */
export function toPlanSelection({ names, force }: Selection): PlanSelection {
  return names === null ? {} : { names, force }
}

function countPictures({ steps }: Plan): number {
  return steps.reduce((sum, step) => sum + (step.kind === 'generate' ? step.images : 0), 0)
}

/** Why nobody can agree to a run in the page. */
export const unknownPrice: Readonly<Record<'message' | 'hint', string>> = {
  message: 'The price of a request is unknown, so the contact sheet does not start the run.',
  hint: 'Describe the price of the model in `providers`, or run `limn generate` in a terminal.',
}

/** Returns why an amount may not be spent; `null` if it may. */
async function findRefusal(
  { host }: SheetContext,
  { usd, budget }: { usd: number | null; budget: Manifest['budget'] },
): Promise<Refusal | null> {
  if (usd === null) {
    const text = `${unknownPrice.message} ${unknownPrice.hint}`
    return { kind: 'unknown-price', usd, limit: null, text }
  }
  const left = host.spending.leftUsd()
  const limits = [
    { kind: 'host', usd: left, hint: host.spending.hint },
    { kind: 'run', usd: budget.run, hint: 'Raise budget.run in the manifest.' },
    {
      kind: 'month',
      usd: budget.month === null ? null : budget.month - (await host.project.spentThisMonth()),
      hint: 'Raise budget.month in the manifest, or wait for the next month (UTC).',
    },
  ] as const
  for (const { kind, hint, ...limit } of limits) {
    if (limit.usd === null || usd <= limit.usd + USD_TOLERANCE) continue
    const amount = Math.max(0, limit.usd)
    const text = `It may cost ${formatUsd(usd)}, and ${limitText[kind](formatUsd(amount))}. ${hint}`
    return { kind, usd, limit: amount, text }
  }
  return null
}

const limitText = {
  host: (amount: string) => `only ${amount} is left`,
  run: (amount: string) => `budget.run is ${amount}`,
  month: (amount: string) => `only ${amount} is left of budget.month`,
} as const
