import { count } from '../../count.ts'
import { LimnError } from '../../errors.ts'
import {
  type Difference,
  type FileChange,
  formatDiff,
  type Init,
  installCommand,
  prepareInit,
  prepareUndo,
  schemaLine,
  type Undo,
} from '../../project/init/init.ts'
import { openProject } from '../../project/project.ts'
import type { CommandContext } from '../command.ts'
import type { Output } from '../output.ts'
import { printWrittenTypes } from '../print-types.ts'
import { textOption } from '../project-options.ts'

/** Runs `limn init`: sets a project up, or undoes that. */
export async function run(context: CommandContext): Promise<number> {
  return context.options['undo'] === true ? undo(context) : setUp(context)
}

async function setUp(context: CommandContext): Promise<number> {
  const { cwd, options, output, env } = context
  const manifest = textOption(options, 'manifest')
  const init = await prepareInit({ cwd, manifest, env, ci: options['ci'] === true })
  printFacts(init, output)
  printDiffs(init.changes, output)
  printNotes(init, output)
  if (options['dry-run'] === true) {
    output.line()
    output.line(describeDryRun(init.changes))
    return 0
  }
  if (init.changes.length === 0) {
    output.line('Limn is set up: nothing was changed.')
  } else {
    await requireConsent(init.changes, context)
    await init.apply()
    output.line()
    output.line(`Wrote ${listPaths(init.changes)}.`)
  }
  output.event({
    type: 'initialized',
    manifest: init.paths.manifest,
    schema: init.schema ?? null,
    files: init.changes.map(({ path, before }) => ({ path, isNew: before === null })),
    notes: init.notes,
    paste: init.paste,
  })
  if (init.changes.length > 0) await printNextSteps(init, output)
  return 0
}

function printFacts({ facts }: Init, output: Output): void {
  const parts = [
    facts.framework?.name,
    facts.isTypeScript ? 'TypeScript' : undefined,
    facts.pkg === undefined ? undefined : facts.manager,
    facts.repository === undefined ? undefined : 'git',
  ].filter((part) => part !== undefined)
  if (parts.length > 0) output.line(`Found ${parts.join(', ')}.`)
}

function printDiffs(changes: readonly Difference[], output: Output): void {
  for (const change of changes) {
    const lines = formatDiff(change)
    output.event({ type: 'proposed', path: change.path, diff: lines.join('\n') })
    output.line()
    for (const line of lines) output.data(paintLine(line, output))
  }
}

function paintLine(line: string, { paint }: Output): string {
  if (line.startsWith('---') || line.startsWith('+++')) return paint('bold', line)
  if (line.startsWith('@@')) return paint('dim', line)
  if (line.startsWith('+')) return paint('add', line)
  return line.startsWith('-') ? paint('remove', line) : line
}

function printNotes({ facts, notes, paste, paths, changes }: Init, output: Output): void {
  output.line()
  for (const note of notes) output.line(note)
  for (const line of paste) output.data(`  ${line}`)
  if (!changes.some(({ path, before }) => path === paths.shownManifest && before === null)) return
  const [most] = facts.pictures
  if (most !== undefined) {
    output.line(
      `${most.folder} contains ${count(most.count, 'picture')}. \`limn import ${most.folder}\` adds them to the manifest.`,
    )
  }
  const [keyFile] = facts.keyFiles
  if (keyFile !== undefined) {
    output.line(
      `${keyFile} contains OPENAI_API_KEY. To request pictures from a model, set \`provider: openai\` in the manifest.`,
    )
  }
}

/** Asks before existing files change. New files alone need no terminal. @throws LimnError `usage` */
async function requireConsent(
  changes: readonly FileChange[],
  { options, output, signal }: CommandContext,
): Promise<void> {
  if (options['yes'] === true) return
  const answer = await output.confirm([`Write ${count(changes.length, 'file')}?`], signal)
  if (answer === true) return
  if (answer === false) throw new LimnError('aborted', 'Nothing was written.')
  const edited = changes.filter(({ before }) => before !== null)
  if (edited.length === 0) return
  throw new LimnError(
    'usage',
    `limn init would change ${listPaths(edited)}, but there is no terminal to ask on. Nothing was written.`,
    { hint: 'Add --yes to write, or --dry-run to see the changes only.' },
  )
}

function listPaths(changes: readonly { path: string }[]): string {
  return changes.map(({ path }) => path).join(', ')
}

function describeDryRun(changes: readonly FileChange[]): string {
  return changes.length === 0
    ? 'Limn is set up: there is nothing to change.'
    : `Nothing was written. \`limn init\` would write ${count(changes.length, 'file')}.`
}

async function printNextSteps(init: Init, output: Output): Promise<void> {
  const { paths, facts, schema, missing } = init
  await printWrittenTypes(openProject({ cwd: paths.root, manifest: paths.manifest }), output)
  output.line('Next:')
  if (missing.length > 0) {
    output.line(`  \`${installCommand(facts.manager, missing)}\` installs Limn in this project`)
  }
  output.line('  `limn plan` shows what would be done')
  output.line('  `limn generate` does it')
  output.line('  `limn init --undo` undoes these changes')
  if (schema !== undefined) return
  output.line()
  output.line(
    output.paint(
      'dim',
      `For completion in editors, run \`limn schema > images.schema.json\` and add this line at the top of ${paths.shownManifest}:`,
    ),
  )
  output.line(output.paint('dim', schemaLine('./images.schema.json')))
}

/** Runs `limn init --undo`. */
async function undo(context: CommandContext): Promise<number> {
  const { cwd, options, output, signal } = context
  const plan = prepareUndo({ cwd, manifest: textOption(options, 'manifest') })
  printDiffs(plan.files, output)
  output.line()
  for (const { path, isNew } of plan.kept) {
    const advice = isNew ? 'Delete it if you do not need it.' : 'Remove the lines of Limn by hand.'
    output.problem(`${path} has changed since \`limn init\`, so it stays. ${advice}`)
  }
  if (plan.moved.length > 0) {
    output.line(
      `${plan.moved.join(', ')} will move to .limn/removed, because pictures may have cost money.`,
    )
  }
  if (plan.files.length === 0) {
    if (plan.kept.length === 0) output.line('There is nothing to undo.')
    return plan.kept.length === 0 ? 0 : 1
  }
  if (options['dry-run'] === true) {
    output.line('Nothing was written.')
    return 0
  }
  await requireUndoConsent(plan, context)
  await plan.apply(signal)
  output.event({
    type: 'undone',
    files: plan.files.map(({ path }) => path),
    kept: plan.kept.map(({ path }) => path),
    moved: plan.moved,
  })
  output.line(`Undid ${count(plan.files.length, 'file')}: ${listPaths(plan.files)}.`)
  return plan.kept.length === 0 ? 0 : 1
}

/** @throws LimnError `usage` */
async function requireUndoConsent(
  { files }: Undo,
  { options, output, signal }: CommandContext,
): Promise<void> {
  if (options['yes'] === true) return
  const answer = await output.confirm([`Undo ${count(files.length, 'file')}?`], signal)
  if (answer === true) return
  throw answer === false
    ? new LimnError('aborted', 'Nothing was written.')
    : new LimnError(
        'usage',
        'limn init --undo would change files, but there is no terminal to ask on.',
        { hint: 'Add --yes to write, or --dry-run to see the changes only.' },
      )
}
