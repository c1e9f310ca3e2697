import { count } from '../../count.ts'
import { LimnError } from '../../errors.ts'
import type { Import, ImportKind } from '../../project/import/import.ts'
import type { CommandContext } from '../command.ts'
import { openProjectFor } from '../open-project.ts'
import type { Output } from '../output.ts'
import { printWrittenTypes } from '../print-types.ts'
import { textOption } from '../project-options.ts'

/** Most lines of a diff, and most paths of a list, that are printed without `--verbose`. */
const MOST_LINES = 60
const MOST_PATHS = 5

/** Runs `limn import`: adds pictures that exist to the manifest. */
export async function run(context: CommandContext): Promise<number> {
  const { args, options, output, signal } = context
  const kind = kindOf(textOption(options, 'as'))
  const project = openProjectFor(context)
  const found = await project.prepareImport({ folder: args[0]!, kind, signal })
  const isVerbose = options['verbose'] === true
  printDiff(found, { output, isVerbose })
  printSummary(found, { folder: args[0]!, output, isVerbose })
  const isDry = options['dry-run'] === true
  const hasWork = found.assets.length > 0 && !isDry
  if (hasWork) await requireConsent(found, context)
  const failed = hasWork ? await found.apply() : []
  for (const { path, reason } of failed) output.problem(`${path} is left out: ${reason}.`)
  const left = new Set(failed.map(({ path }) => path))
  const assets = found.assets.filter(({ path }) => !left.has(path))
  const { manifest, known, copies, unusable } = found
  output.event({ type: 'imported', manifest, isWritten: hasWork, assets, known, copies, unusable })
  if (isDry) {
    output.line('Nothing was written.')
    return 0
  }
  if (hasWork) {
    output.line(`Added ${count(assets.length, 'asset')} to ${manifest}.`)
    output.line('Next: `limn plan` shows what would be done, `limn generate` derives the files.')
    await printWrittenTypes(project, output)
  }
  return 0
}

/** @throws LimnError `usage` */
function kindOf(text: string | undefined): ImportKind {
  if (text === undefined || text === 'sources' || text === 'masters') return text ?? 'sources'
  throw new LimnError('usage', `--as is ${text}, but it can only be sources or masters.`, {
    hint: 'Leave --as out to derive files from the pictures where they are.',
  })
}

type Printing = { output: Output; isVerbose: boolean }

function printDiff({ diff, manifest, isNew }: Import, { output, isVerbose }: Printing): void {
  if (diff === '') return
  output.event({ type: 'proposed', path: manifest, diff })
  const { paint } = output
  const lines = diff.split('\n')
  output.data(paint('bold', isNew ? '--- /dev/null' : `--- a/${manifest}`))
  output.data(paint('bold', `+++ b/${manifest}`))
  for (const line of isVerbose ? lines : lines.slice(0, MOST_LINES)) {
    output.data(line.startsWith('+') ? paint('add', line) : line)
  }
  if (!isVerbose && lines.length > MOST_LINES) {
    output.line(paint('dim', `… ${lines.length - MOST_LINES} more lines (--verbose shows them)`))
  }
  output.line()
}

function printSummary(
  { assets, known, copies, unusable, manifest }: Import,
  { folder, output, isVerbose }: Printing & { folder: string },
): void {
  const list = (paths: readonly string[]): string => {
    const shown = isVerbose ? paths : paths.slice(0, MOST_PATHS)
    const rest = paths.length - shown.length
    return `${shown.join(', ')}${rest === 0 ? '' : ` and ${rest} more`}`
  }
  const total = assets.length + known.length + copies.length
  if (total === 0) output.line(`${folder} contains no picture that Limn can read.`)
  else {
    const parts = [
      `${assets.length} new`,
      known.length > 0 && `${known.length} already in ${manifest}`,
      copies.length > 0 && (copies.length === 1 ? '1 copy' : `${copies.length} copies`),
    ].filter((part) => part !== false)
    output.line(`${folder} contains ${count(total, 'picture')}: ${parts.join(', ')}.`)
  }
  if (copies.length > 0) {
    const pairs = copies.map(({ path, of }) => `${path} (the same as ${of})`)
    output.line(`Left out as copies: ${list(pairs)}.`)
  }
  for (const { reason, paths } of unusable) {
    const verb = paths.length === 1 ? 'is' : 'are'
    output.problem(
      `${count(paths.length, 'file')} ${verb} left out, because ${reason}: ${list(paths)}.`,
    )
  }
}

/** @throws LimnError `usage`, `aborted` */
async function requireConsent(
  { assets, manifest }: Import,
  { options, output, signal }: CommandContext,
): Promise<void> {
  if (options['yes'] === true) return
  const what = `${count(assets.length, 'asset')} to ${manifest}`
  const answer = await output.confirm([`Add ${what}?`], signal)
  if (answer === true) return
  throw answer === false
    ? new LimnError('aborted', 'Nothing was written.')
    : new LimnError('usage', `limn import would add ${what}, but there is no terminal to ask on.`, {
        hint: 'Add --yes to write, or --dry-run to see the changes only.',
      })
}
