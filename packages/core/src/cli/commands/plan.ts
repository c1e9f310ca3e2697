import { resolve } from 'node:path'
import { formatAnnotation, formatDiagnostic, formatPlace } from '../../diagnostic.ts'
import { LimnError } from '../../errors.ts'
import { formatPlan } from '../../plan/format.ts'
import { hasWork } from '../../plan/plan.ts'
import { writeFileAtomic } from '../../store/atomic.ts'
import { ManifestError } from '../../snapshot.ts'
import type { CommandContext } from '../command.ts'
import { openFrom, text } from '../open.ts'

/** `limn plan`: reads only, needs no key. */
export async function run(context: CommandContext): Promise<number> {
  const { output, options, args, cwd } = context
  const format = text(options['format'])
  if (format !== undefined && format !== 'github') throw new LimnError('usage', `There is no format "${format}".`, { hint: 'Write --format github.' })
  const { plan, snapshot } = await openFrom(context).plan({ names: args }).catch((error: unknown) => {
    if (format === 'github' && error instanceof ManifestError) for (const diagnostic of error.diagnostics) output.line(formatAnnotation(diagnostic))
    throw error
  })
  if (format === 'github') for (const diagnostic of snapshot.warnings) output.line(formatAnnotation(diagnostic))
  for (const diagnostic of snapshot.warnings) {
    output.event({ type: 'warning', diagnostic })
    if (output.verbose) output.problem(`${formatDiagnostic(diagnostic)}\n`)
  }
  output.event({ type: 'planned', plan })
  for (const line of formatPlan(plan, output)) output.line(line)
  // What may cost more than it seems is told in any case.
  const costly = snapshot.warnings.filter(({ code }) => code === 'manifest/unknown-model' || code === 'manifest/retired-model')
  if (!output.verbose) for (const { place, message, hint } of uniqueBy(costly, ({ message }) => message)) output.line(output.paint('warn', `! ${formatPlace(place)} ${message}${hint === undefined ? '' : ` ${hint}`}`))
  const warnings = snapshot.warnings.length
  if (warnings > 0 && !output.verbose) output.line(output.paint('dim', `${warnings} warning${warnings === 1 ? '' : 's'} (--verbose shows ${warnings === 1 ? 'it' : 'them'}).`))
  const file = text(options['out'])
  if (file !== undefined) await writeFileAtomic(resolve(cwd, file), `${JSON.stringify(plan, null, 2)}\n`)
  return options['detailed-exitcode'] === true && hasWork(plan) ? 2 : 0
}

function uniqueBy<T>(items: readonly T[], keyOf: (item: T) => string): T[] {
  return [...new Map(items.map((item) => [keyOf(item), item])).values()]
}
