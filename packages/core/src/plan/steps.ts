import type { Plan, Step } from './plan.ts'

/** Whether executing the plan would change anything: it has more than `keep` and `prune` steps. */
export function hasWork({ steps }: Plan): boolean {
  return steps.some(isWork)
}

/** Whether a run executes the step, rather than only reporting it. */
export function isWork({ kind }: Step): boolean {
  return kind !== 'prune' && kind !== 'keep'
}

/** What a step costs at most, USD; `null` if its price is unknown. */
export function priceOfStep(step: Step): number | null {
  return step.kind === 'generate' || step.kind === 'examine' ? step.usd : 0
}

/** Sums up the prices of some steps. */
export function sumPrices(steps: readonly Step[]): Pick<Plan, 'usd' | 'unknownPrices'> {
  const prices = steps.map(priceOfStep)
  return {
    usd: prices.reduce<number>((sum, usd) => sum + (usd ?? 0), 0),
    unknownPrices: prices.filter((usd) => usd === null).length,
  }
}

/**
 * Returns the step that decides the state of each asset: an examination, and its result, come
 * second to whatever else there is to do.
 */
export function mainSteps(steps: readonly Step[]): Map<string, Step> {
  const stepByAsset = new Map<string, Step>()
  for (const step of steps) {
    if (step.kind === 'prune') continue
    const known = stepByAsset.get(step.asset)
    if (known === undefined || isAboutVerdicts(known)) stepByAsset.set(step.asset, step)
  }
  return stepByAsset
}

/** Whether a step examines a picture, or reports that it is not what the manifest expects. */
export function isAboutVerdicts({ kind, reasons }: Step): boolean {
  return kind === 'examine' || reasons.some(({ code }) => code === 'not-passed')
}

/** Whether the step records a new or changed `source`, rather than only cutting files. */
export function isNewSource({ reasons }: Step): boolean {
  return reasons.some(({ code }) => code === 'source-new' || code === 'source-changed')
}

/** Formats a plan without steps: `Nothing to do: 12 pictures are up to date.` */
export function formatEmptyPlan({ unchanged }: Plan): string {
  const pictures = unchanged === 1 ? '1 picture is' : `${unchanged} pictures are`
  return `Nothing to do: ${pictures} up to date.`
}
