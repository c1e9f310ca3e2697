import { count } from '../../count.ts'
import { LimnError } from '../../errors.ts'
import { formatDiff } from '../../project/init/init.ts'
import { type Migration, requireTool } from '../../project/migrate/migrate.ts'
import type { CommandContext } from '../command.ts'
import { openProjectFor } from '../open-project.ts'
import type { Output } from '../output.ts'
import { printWrittenTypes } from '../print-types.ts'
import { textOption } from '../project-options.ts'

/** Runs `limn migrate imagetools`: converts the imports of another tool. */
export async function run(context: CommandContext): Promise<number> {
  const { args, options, output, signal } = context
  requireTool(args[0]!)
  const project = openProjectFor(context)
  const migration = await project.prepareMigration(signal)
  const { changes, converted, left } = migration
  const patchFile = textOption(options, 'patch')
  printDiffs(migration, output)
  for (const { file, line, column, reason } of left) {
    output.problem(`${file}:${line}:${column} stays as it is: ${reason}.`)
  }
  const isApplied = changes.length > 0 && options['dry-run'] !== true && patchFile === undefined
  if (isApplied) {
    await requireConsent(migration, context)
    await migration.apply()
  }
  const files = changes.map(({ path }) => path)
  output.event({ type: 'migrated', isWritten: isApplied, converted, left, files })
  if (changes.length === 0) {
    output.line('There is no import of vite-imagetools to convert.')
    return 0
  }
  if (patchFile !== undefined && options['dry-run'] !== true) {
    await migration.writePatch(patchFile)
    output.line(`Wrote ${patchFile}. \`git apply ${patchFile}\` makes the changes.`)
  } else if (isApplied) {
    output.line(`Converted ${count(converted, 'import')}: ${files.join(', ')}.`)
    output.line('Next: `limn init` adds the plugin, `limn generate` derives the files.')
    await printWrittenTypes(project, output)
  } else output.line('Nothing was written.')
  return 0
}

function printDiffs({ changes }: Migration, output: Output): void {
  const { paint } = output
  for (const change of changes) {
    const lines = formatDiff(change)
    output.event({ type: 'proposed', path: change.path, diff: lines.join('\n') })
    for (const line of lines) {
      const kind = /^(?:---|\+\+\+)/.test(line) ? 'bold' : kinds[line[0] ?? '']
      output.data(kind === undefined ? line : paint(kind, line))
    }
    output.line()
  }
}

const kinds: Readonly<Record<string, 'add' | 'remove' | 'dim'>> = {
  '+': 'add',
  '-': 'remove',
  '@': 'dim',
}

/** @throws LimnError `usage`, `aborted` */
async function requireConsent(
  { changes }: Migration,
  { options, output, signal }: CommandContext,
): Promise<void> {
  if (options['yes'] === true) return
  const answer = await output.confirm([`Write ${count(changes.length, 'file')}?`], signal)
  if (answer === true) return
  if (answer === false) throw new LimnError('aborted', 'Nothing was written.')
  throw new LimnError(
    'usage',
    `limn migrate would write ${count(changes.length, 'file')}, but there is no terminal to ask on.`,
    { hint: 'Add --yes to write, or --patch FILE to review the changes first.' },
  )
}
