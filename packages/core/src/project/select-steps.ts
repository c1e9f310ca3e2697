import type { Manifest } from '../manifest/manifest.ts'
import { isThisMachine } from '../models/consent.ts'
import type { Plan } from '../plan/plan.ts'
import { selectShard } from '../plan/shards.ts'
import { isNewSource, priceOfStep, sumPrices } from '../plan/steps.ts'
import { baseURLOf } from '../providers/environment.ts'
import type { ProjectContext } from './context.ts'
import type { GenerateOptions } from './options.ts'

/**
 * Leaves out the steps that the options exclude.
 *
 * @param own the assets of the shard; `undefined` if the run is not split
 */
export function selectSteps(
  whole: Plan,
  {
    freeOnly = false,
    derive = true,
    examineOnly = false,
  }: Pick<GenerateOptions, 'freeOnly' | 'derive' | 'examineOnly'>,
  {
    manifest,
    context,
    own,
  }: {
    manifest: Manifest
    context: Pick<ProjectContext, 'env'>
    own?: ReadonlySet<string> | undefined
  },
): Plan {
  const plan = own === undefined ? whole : selectShard(whole, own)
  const isFree = freeOnly && canGenerateForFree(manifest, context)
  const steps = plan.steps.filter(
    (step) =>
      (!examineOnly || step.kind === 'examine') &&
      (!freeOnly || priceOfStep(step) === 0) &&
      (!freeOnly || step.kind !== 'generate' || isFree) &&
      (derive || step.kind !== 'derive' || isNewSource(step)),
  )
  if (steps.length === plan.steps.length) return plan
  return examineOnly ? { ...plan, steps, ...sumPrices(steps) } : { ...plan, steps }
}

/**
 * Keeps the requests of some assets, without those that are made from a picture that is left out.
 *
 * @param chosen names of assets; `undefined` for all
 */
export function keepChosen(plan: Plan, chosen: ReadonlySet<string> | undefined): Plan {
  if (chosen === undefined) return plan
  const kept = withoutDependants(plan, chosen)
  const steps = plan.steps.filter((step) => step.kind !== 'generate' || kept.has(step.asset))
  return { ...plan, steps, ...sumPrices(steps) }
}

/** Leaves out assets that wait for one that is not chosen, directly or not. */
export function withoutDependants(
  { steps }: Pick<Plan, 'steps'>,
  chosen: ReadonlySet<string>,
): ReadonlySet<string> {
  const kept = new Set(chosen)
  const waiting = steps.filter((step) => step.kind === 'generate')
  const planned = new Set(waiting.map(({ asset }) => asset))
  for (let before = -1; before !== kept.size;) {
    before = kept.size
    for (const { asset, waitsFor = [] } of waiting) {
      if (waitsFor.some((input) => planned.has(input) && !kept.has(input))) {
        kept.delete(asset)
      }
    }
  }
  return kept
}

/**
 * Returns whether free pictures of the manifest's providers are free work: only if no host outside
 * this machine, and no program of the project, takes part.
 */
function canGenerateForFree(
  { providers }: Manifest,
  { env }: Pick<ProjectContext, 'env'>,
): boolean {
  return providers.every(
    (settings) => settings.server === 'local' || isThisMachine(baseURLOf(settings, env) ?? ''),
  )
}
