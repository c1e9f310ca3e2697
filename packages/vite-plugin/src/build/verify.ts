import { type GenerateResult, LimnError, type Step } from '@limn/core'
import { createFailureGroups, isAboutVerdicts, isNewSource, needOf } from '@limn/core/for-vite'
import type { Context } from '../context.ts'
import { describeOrigin } from '../errors/describe-origin.ts'
import { listSteps } from '../errors/list-steps.ts'

/**
 * Compares the project with the manifest, after generating what `build.stale` allows. With `warn`,
 * reports stale images by `warn` instead of throwing.
 *
 * @throws LimnError `plan/stale`, ManifestError
 */
export async function verify(context: Context, warn: (message: string) => void): Promise<void> {
  const { stale } = context.options.build
  await readState(context)
  if (context.failure !== undefined) throw context.failure
  const { plan } = await context.requireState()
  const problems = plan.steps.filter(isProblem)
  if (problems.length === 0) return
  const { message, advice } = listSteps(problems)
  if (stale === 'warn') {
    return warn(`${message}\nThe build continues with the existing pictures. ${advice}`)
  }
  throw new LimnError('plan/stale', message, {
    hint: `${advice} Then commit images.lock and images/. Or set build: { stale } of limn().`,
  })
}

/** Reads the state, after generating what is allowed. */
async function readState(context: Context): Promise<void> {
  const { stale } = context.options.build
  const read =
    stale === 'free' || stale === 'generate'
      ? await generateMissing(context, { freeOnly: stale === 'free' })
      : undefined
  if (read === undefined) await context.refresh('a build starts')
  else await context.setState(read)
}

/** Returns whether a step makes a build stale. Outputs are derived during the build. */
function isProblem(step: Step): boolean {
  // `limn check` decides about pictures that are not what the manifest expects.
  if (isAboutVerdicts(step)) return false
  return needOf(step) !== 'nothing' && (step.kind !== 'derive' || isNewSource(step))
}

/**
 * Generates missing images.
 *
 * @returns the plan and snapshot if there was nothing to do, so that they need not be read again
 * @throws LimnError, ManifestError
 */
async function generateMissing(
  { project, log }: Context,
  { freeOnly }: { freeOnly: boolean },
): Promise<GenerateResult['seen']> {
  const { failed, seen } = await project.generate({
    freeOnly,
    derive: false,
    onEvent: (event) => {
      if (event.type !== 'generated') return
      log.info(`[limn] ${event.path} ${describeOrigin(event)}`)
    },
  })
  throwFirst(failed, log)
  return seen
}

/**
 * Throws the error of the first failure by name, with the names of all assets that share its cause,
 * after it has logged the other causes. Does nothing if nothing failed.
 */
function throwFirst(failed: GenerateResult['failed'], log: Context['log']): void {
  const groups = createFailureGroups()
  for (const failure of failed) groups.add({ type: 'failed', ...failure })
  const [first, ...others] = groups
    .take('end')
    .map(({ names, label, error }) => (names.length === 1 ? error : withLabel(label, error)))
  if (first === undefined) {
    if (failed.length > 0) throw failed[0]!.error
    return
  }
  for (const error of others) {
    log.warn(`[limn] ${error instanceof Error ? error.message : String(error)}`)
  }
  throw first
}

function withLabel(label: string, error: unknown): unknown {
  if (!(error instanceof LimnError)) return error
  const { code, message, hint, location } = error
  return new LimnError(code, `${label}: ${message}`, {
    cause: error,
    ...(hint === undefined ? {} : { hint }),
    ...(location === undefined ? {} : { location }),
  })
}
