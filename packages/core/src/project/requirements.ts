import { dirname, join } from 'node:path'
import { LimnError } from '../errors.ts'
import { ManifestError } from '../manifest/manifest-error.ts'
import type { Manifest } from '../manifest/manifest.ts'
import type { Plan } from '../plan/plan.ts'
import { isWork } from '../plan/steps.ts'
import type { ProjectPaths } from '../store/paths.ts'
import type { ProjectContext } from './context.ts'

/** What a plan is executed in. */
type Surroundings = { context: ProjectContext; manifest: Manifest }

/** @throws LimnError `store/read-only`, `store/outside` if a folder cannot be written to */
export async function requireWritableFolders(
  plan: Plan,
  { context: { paths }, manifest, derive }: Surroundings & { derive: boolean },
): Promise<void> {
  const { requireWritable } = await import('../disk/preflight.ts')
  const out = derive ? manifest.out : null
  await requireWritable(paths.root, foldersOf(plan, { paths, out }))
}

/** Returns the folders that a plan writes to. The cache is left out: a run works without it. */
function foldersOf(
  { steps }: Plan,
  { paths, out }: { paths: ProjectPaths; out: string | null },
): string[] {
  const { root, lock, journal, masters } = paths
  const writesMasters = steps.some(
    ({ kind }) => kind === 'generate' || kind === 'recover' || kind === 'move',
  )
  const writesLock = writesMasters || steps.some(({ kind }) => kind === 'examine')
  return [
    ...(writesLock ? [dirname(lock)] : []),
    ...(writesMasters ? [journal, join(root, masters)] : []),
    ...(out !== null && steps.some(isWork) ? [join(root, out)] : []),
  ]
}

/**
 * Requires the key of a provider before anything about the plan is shown: without one, no picture
 * of it can be generated.
 *
 * @throws LimnError `provider/no-key` of the first provider, if none has its key; of the judge, if
 *   it has none
 */
export async function requireAnyKey(
  plan: Plan,
  { context: { env }, manifest: { providers, judge } }: Surroundings,
): Promise<void> {
  const isJudged = asksJudge(plan)
  if (!requestsPictures(plan) && !isJudged) return
  const { findKeyFailure } = await import('../providers/openai/key.ts')
  const judgeFailure = isJudged ? findKeyFailure(judge.server, env) : undefined
  if (judgeFailure !== undefined) throw judgeFailure
  if (!requestsPictures(plan)) return
  const failures = providers.map((settings) => findKeyFailure(settings, env))
  if (failures[0] !== undefined && failures.every((failure) => failure !== undefined)) {
    throw failures[0]
  }
}

/**
 * Asks for consent to use the first provider, before other processes have to wait. The providers
 * that a run fails over to ask when their turn comes.
 *
 * @throws LimnError `provider/no-consent`, `config/not-trusted`, `config/not-found`
 */
export async function requireConsent(
  plan: Plan,
  { context: { access, paths }, manifest: { providers, judge } }: Surroundings,
): Promise<void> {
  if (asksJudge(plan)) {
    const { requireProviderConsent } = await import('../providers/key-access.ts')
    await requireProviderConsent(judge.server, { access, root: paths.root })
  }
  const [first, ...others] = providers
  if (first === undefined || first.server === 'local' || !requestsPictures(plan)) return
  const { requireProviderConsent } = await import('../providers/key-access.ts')
  try {
    await requireProviderConsent(first, { access, root: paths.root })
  } catch (error) {
    // The next provider of the list takes over.
    if (others.length === 0 || !(error instanceof LimnError)) throw error
  }
}

/**
 * Checks the fonts of overlays before anything is paid for: a text that can't be drawn is a mistake
 * of the manifest.
 *
 * @throws ManifestError; LimnError `overlay/not-installed`
 */
export async function requireOverlays(
  plan: Plan,
  { context: { paths }, manifest, derive }: Surroundings & { derive: boolean },
): Promise<void> {
  const planned = new Set(plan.steps.filter(isWork).map(({ asset }) => asset))
  const assets = manifest.assets.filter(
    ({ name, outputs }) =>
      planned.has(name) && outputs.some(({ overlay }) => overlay !== undefined),
  )
  if (!derive || assets.length === 0) return
  const { findOverlayMistakes } = await import('./check-overlays.ts')
  const mistakes = findOverlayMistakes(assets, paths.root)
  if (mistakes.length > 0) throw new ManifestError(mistakes)
}

/** Whether a plan requests a picture from a provider. */
export function requestsPictures({ steps }: Plan): boolean {
  return steps.some((step) => step.kind === 'generate' && step.request.operation !== 'cut')
}

/** Whether a plan may ask the judge about a picture. */
function asksJudge({ steps }: Plan): boolean {
  return steps.some((step) => step.kind === 'examine' && step.usd !== 0)
}
