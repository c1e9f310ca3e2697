import { count } from '../../count.ts'
import { LimnError } from '../../errors.ts'
import { formatBytes } from '../../project/byte-text.ts'
import type { CommandContext } from '../command.ts'
import { openProjectFor } from '../open-project.ts'
import { textOption } from '../project-options.ts'

/** The actions of `limn cache`. Each returns the exit code. */
const actions: Readonly<Record<string, (context: CommandContext) => Promise<number>>> = {
  push,
  pull,
  stat,
  verify,
  gc,
}

/** Runs `limn cache`: what is in the remote store, and its upkeep. */
export async function run(context: CommandContext): Promise<number> {
  const [name = 'stat', ...rest] = context.args
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined
  if (action === undefined || rest.length > 0) {
    throw new LimnError(
      'usage',
      `limn cache accepts push, pull, stat, verify or gc, but received ${context.args.join(' ')}.`,
      { hint: 'Run `limn cache` to see what the remote store contains.' },
    )
  }
  return action(context)
}

async function push(context: CommandContext): Promise<number> {
  const { output, signal } = context
  const result = await openProjectFor(context).cache.push({ signal })
  output.event({ type: 'pushed', ...result })
  output.line(
    `${count(result.uploaded, 'picture')} uploaded to ${result.store}, which has ${count(result.masters, 'master')} of this project.`,
  )
  for (const asset of result.skipped) {
    output.problem(
      `  ! ${asset}: its master is not on this machine as the lockfile has it. Limn did not upload it.`,
    )
  }
  return 0
}

async function pull(context: CommandContext): Promise<number> {
  const { output, signal } = context
  const result = await openProjectFor(context).cache.pull({ signal })
  output.event({ type: 'pulled', ...result })
  for (const path of result.pulled) output.line(`  ${output.paint('add', '⇣')} ${path}`)
  for (const key of result.damaged) output.problem(`  ! ${key} is damaged: Limn does not use it.`)
  for (const asset of result.missing) {
    output.problem(`  ! ${asset}: ${result.store} does not have its master.`)
  }
  output.line(`${count(result.pulled.length, 'master')} downloaded from ${result.store}.`)
  return result.missing.length > 0 ? 1 : 0
}

async function stat(context: CommandContext): Promise<number> {
  const { output, signal } = context
  const status = await openProjectFor(context).cache.stat({ signal })
  output.event({ type: 'status', ...status })
  const { store, contents, masters } = status
  output.line(store)
  if (contents !== null) {
    const { pictures, bytes, answers, claims } = contents
    output.line(
      `  ${count(pictures, 'picture')}, ${formatBytes(bytes)}; ${count(answers, 'answer')}; ${count(claims, 'claim')}`,
    )
  }
  output.line(`  ${masters.stored} of the ${count(masters.total, 'master')} in the lockfile`)
  return 0
}

async function verify(context: CommandContext): Promise<number> {
  const { output, options, signal } = context
  const isDeleting = options['delete'] === true
  const result = await openProjectFor(context).cache.verify({ isDeleting, signal })
  output.event({ type: 'verified', ...result })
  for (const { key, problem } of result.bad) output.problem(`  ! ${key}: ${problem}`)
  output.line(
    `${count(result.checked, 'object')} checked in ${result.store}: ${result.bad.length} bad, ${result.deleted.length} deleted.`,
  )
  if (result.bad.length > 0 && !isDeleting) {
    output.line(
      'Limn does not use bad objects. `limn cache verify --delete` deletes those of Limn.',
    )
  }
  return result.bad.length > result.deleted.length ? 1 : 0
}

async function gc(context: CommandContext): Promise<number> {
  const { output, options, signal } = context
  const dryRun = options['dry-run'] === true
  const olderThan = parseDays(textOption(options, 'older-than'))
  const result = await openProjectFor(context).cache.gc({ olderThan, dryRun, signal })
  output.event({ type: dryRun ? 'would-sweep' : 'swept', ...result })
  if (output.verbose) for (const key of result.keys) output.line(`  - ${key}`)
  const what = `${count(result.keys.length, 'object')}, ${formatBytes(result.bytes)}`
  output.line(
    dryRun ? `\`limn cache gc\` would delete ${what}.` : `${what} deleted from ${result.store}.`,
  )
  return 0
}

function parseDays(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const days = Number(text)
  if (text.trim() !== '' && Number.isFinite(days) && days >= 0) return days
  throw new LimnError('usage', `--older-than accepts a number of days, but received ${text}.`, {
    hint: 'Write it like --older-than 90.',
  })
}
