import type { Calls } from '@limn/contact-sheet'
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

/** Returns why an amount may not be spent, with what to do about it; `null` if it may. */
async function findRefusal(
  { host }: SheetContext,
  { usd, budget }: { usd: number | null; budget: Manifest['budget'] },
): Promise<string | null> {
  if (usd === null) return `${unknownPrice.message} ${unknownPrice.hint}`
  const left = host.spending.leftUsd()
  const limits = [
    { of: 'left', usd: left, hint: host.spending.hint },
    { of: 'budget.run', usd: budget.run, hint: 'Raise budget.run in the manifest.' },
    {
      of: 'left of budget.month',
      usd: budget.month === null ? null : budget.month - (await host.project.spentThisMonth()),
      hint: 'Raise budget.month in the manifest, or wait for the next month (UTC).',
    },
  ]
  for (const limit of limits) {
    if (limit.usd === null) continue
    const amount = formatUsd(Math.max(0, limit.usd))
    if (usd > limit.usd + USD_TOLERANCE) {
      return limit.of === 'budget.run'
        ? `It may cost ${formatUsd(usd)}, and budget.run is ${amount}. ${limit.hint}`
        : `It may cost ${formatUsd(usd)}, and only ${amount} is ${limit.of}. ${limit.hint}`
    }
  }
  return null
}
