import type { Manifest } from '../manifest/manifest.ts'
import { isThisMachine } from '../models/consent.ts'
import type { Plan } from '../plan/plan.ts'
import { selectShard } from '../plan/shards.ts'
import { isNewSource } from '../plan/steps.ts'
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
  { freeOnly = false, derive = true }: Pick<GenerateOptions, 'freeOnly' | 'derive'>,
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
      (!freeOnly || step.kind !== 'generate' || (step.usd === 0 && isFree)) &&
      (derive || step.kind !== 'derive' || isNewSource(step)),
  )
  return steps.length === plan.steps.length ? plan : { ...plan, steps }
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
