import { type GenerateResult, LimnError } from '@limn/core'
import { describeStep, isNewSource } from '@limn/core/for-vite'
import type { Context } from '../context.ts'

/**
 * Holds the repo against the manifest, and does what the options allow. @throws LimnError,
 * ManifestError
 */
export async function verify(context: Context, warn: (message: string) => void): Promise<void> {
  const { stale } = context.options.build
  const seen =
    stale === 'free' || stale === 'generate' ? await fillIn(context, stale === 'free') : undefined
  if (seen === undefined) await context.refresh()
  else await context.take(seen)
  if (context.failure !== undefined) throw context.failure
  const { plan } = await context.ready()
  const problems = plan.steps.filter(
    (step) => step.kind !== 'prune' && (step.kind !== 'derive' || isNewSource(step)),
  )
  if (problems.length === 0) return
  const list = problems.map((step) => `  ${step.asset}: ${describeStep(step)}`).join('\n')
  const message = `${problems.length} picture${problems.length === 1 ? ' is' : 's are'} not as the manifest wants:\n${list}`
  if (stale === 'warn') warn(`${message}\nThe build goes on with what is there.`)
  else {
    throw new LimnError('plan/stale', message, {
      hint: 'Run `limn generate` and commit images.lock and images/, or set build: { stale } of limn().',
    })
  }
}

/**
 * Makes what is missing. @returns what was read for that, where there was nothing to do @throws
 * LimnError, ManifestError
 */
async function fillIn(
  { project, config }: Context,
  freeOnly: boolean,
): Promise<GenerateResult['seen']> {
  const { failed, seen } = await project.generate({
    freeOnly,
    derive: false,
    onEvent: (event) => {
      if (event.type === 'generated') {
        config.logger.info(
          `[limn] ${event.path} ${event.recovered ? 'taken from the journal' : 'generated'}`,
        )
      }
    },
  })
  const [failure] = failed
  if (failure !== undefined) throw failure.error
  return seen
}
