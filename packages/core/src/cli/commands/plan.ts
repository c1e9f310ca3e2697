import { resolve } from 'node:path'
import type { Diagnostic } from '../../diagnostic.ts'
import { LimnError } from '../../errors.ts'
import { formatEmptyPlan, hasWork } from '../../plan/steps.ts'
import { planWhole, type WholePlan } from '../../project/plan-cache/plan-cache.ts'
import type { CommandContext } from '../command.ts'
import type { Output } from '../output.ts'
import { projectOptions, text } from '../project-options.ts'

/**
 * `limn plan`: reads only, needs no key. What words are made with is loaded only where there is
 * something to tell.
 */
export async function run(context: CommandContext): Promise<number> {
  const { output, options, cwd } = context
  const format = text(options['format'])
  if (format !== undefined && format !== 'github') {
    throw new LimnError('usage', `There is no format "${format}".`, {
      hint: 'Write --format github.',
    })
  }
  const annotate =
    format === 'github' ? (await import('../../diagnostic.ts')).formatAnnotation : undefined
  const { plan, warnings, currency } = await planFrom(context).catch(async (error: unknown) => {
    const { ManifestError } = await import('../../manifest/manifest-error.ts')
    if (annotate !== undefined && error instanceof ManifestError) {
      for (const diagnostic of error.diagnostics) output.line(annotate(diagnostic))
    }
    throw error
  })
  if (annotate !== undefined) for (const diagnostic of warnings) output.line(annotate(diagnostic))
  if (warnings.length > 0 && output.verbose) await warnInFull(warnings, output)
  for (const diagnostic of warnings) output.event({ type: 'warning', diagnostic })
  output.event({ type: 'planned', plan })
  const lines =
    plan.steps.length === 0
      ? [formatEmptyPlan(plan)]
      : (await import('../../plan/format-plan.ts')).formatPlan(plan, { ...output, currency })
  for (const line of lines) output.line(line)
  if (warnings.length > 0 && !output.verbose) await warnInShort(warnings, output)
  const file = text(options['out'])
  if (file !== undefined) {
    const { writeFileAtomic } = await import('../../disk/write-atomic.ts')
    await writeFileAtomic(resolve(cwd, file), `${JSON.stringify(plan, null, 2)}\n`)
  }
  return options['detailed-exitcode'] === true && hasWork(plan) ? 2 : 0
}

/** The plan of the whole project, or of what is named. */
async function planFrom(context: CommandContext): Promise<WholePlan> {
  if (context.args.length === 0 && context.options['batch'] !== true) {
    return planWhole(projectOptions(context))
  }
  const { openFrom } = await import('../open-project.ts')
  const { plan, snapshot } = await openFrom(context).plan({
    names: context.args,
    batch: context.options['batch'] === true,
  })
  return { plan, warnings: snapshot.warnings, currency: snapshot.manifest.currency }
}

async function warnInFull(warnings: readonly Diagnostic[], output: Output): Promise<void> {
  const { formatDiagnostic } = await import('../../diagnostic.ts')
  for (const diagnostic of warnings) {
    output.problem(formatDiagnostic(diagnostic))
    output.problem('')
  }
}

/** What may cost more than it seems, and how many warnings there are beside. */
async function warnInShort(warnings: readonly Diagnostic[], output: Output): Promise<void> {
  const { formatPlace } = await import('../../diagnostic.ts')
  const costly = warnings.filter(
    ({ code }) => code === 'manifest/unknown-model' || code === 'manifest/retired-model',
  )
  for (const { place, message, hint } of uniqueBy(costly, ({ message }) => message)) {
    output.line(
      output.paint(
        'warn',
        `! ${formatPlace(place)} ${message}${hint === undefined ? '' : ` ${hint}`}`,
      ),
    )
  }
  const left = warnings.length - costly.length
  const more = costly.length === 0 ? '' : 'more '
  if (left > 0) {
    output.line(
      output.paint(
        'dim',
        `${left} ${more}warning${left === 1 ? '' : 's'}: \`limn plan --verbose\` shows ${left === 1 ? 'it' : 'them'}.`,
      ),
    )
  }
}

function uniqueBy<T>(items: readonly T[], keyOf: (item: T) => string): T[] {
  return [...new Map(items.map((item) => [keyOf(item), item])).values()]
}
