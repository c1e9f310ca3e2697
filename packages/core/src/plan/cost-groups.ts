import type { Cause } from './cause.ts'
import { type CauseContext, findCauses, type GenerateStep } from './causes.ts'
import { describeCauses } from './describe-causes.ts'
import { groupBy } from './group-by.ts'
import type { Plan } from './plan.ts'

/** The pictures of a plan that have the same causes, and what they cost at most. Plain data. */
export type CostGroup = {
  /** `style brand changed`. */
  cause: string
  causes: Cause[]
  /** Names of the assets, in the order of the plan. */
  assets: string[]
  /** Number of pictures, candidates included. */
  pictures: number
  /** Price at most, USD, without the assets whose price is unknown. */
  usd: number
  /** Number of assets whose price is unknown. */
  unknownPrices: number
}

/** Groups the requests of a plan by their causes, the most expensive group first. */
export function groupByCause(plan: Pick<Plan, 'steps'>, context: CauseContext): CostGroup[] {
  const causesByName = findCauses(plan, context)
  const steps = plan.steps.filter((step) => step.kind === 'generate')
  const causesOf = ({ asset }: GenerateStep): readonly Cause[] => causesByName.get(asset)!
  const groups = groupBy(steps, (step) => keyOf(causesOf(step)))
  return [...groups.values()].map((each) => sumUp(each, causesOf)).sort(compareGroups)
}

/** What the assets of a group have in common: not the values that they had before. */
function keyOf(causes: readonly Cause[]): string {
  return JSON.stringify(causes.map((cause) => ({ ...cause, from: undefined })))
}

function sumUp(
  steps: readonly GenerateStep[],
  causesOf: (step: GenerateStep) => readonly Cause[],
): CostGroup {
  const causes = mergeCauses(steps.map(causesOf))
  return {
    cause: describeCauses(causes),
    causes,
    assets: steps.map(({ asset }) => asset),
    pictures: steps.reduce((sum, { images }) => sum + images, 0),
    usd: steps.reduce((sum, { usd }) => sum + (usd ?? 0), 0),
    unknownPrices: steps.filter(({ usd }) => usd === null).length,
  }
}

/** Merges the causes of several assets; an earlier value stays only if all had it. */
function mergeCauses([first, ...others]: readonly (readonly Cause[])[]): Cause[] {
  return first!.map((cause, index) => {
    if (cause.kind !== 'setting') return cause
    const isSame = others.every((each) => {
      const other = each[index]
      return other?.kind === 'setting' && other.from === cause.from
    })
    return isSame ? cause : { ...cause, from: null }
  })
}

function compareGroups(a: CostGroup, b: CostGroup): number {
  return b.usd - a.usd || b.unknownPrices - a.unknownPrices || b.pictures - a.pictures
}
