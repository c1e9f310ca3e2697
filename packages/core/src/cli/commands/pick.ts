import { LimnError } from '../../errors.ts'
import type { CommandContext } from '../command.ts'
import { forDrafts } from '../draft-hints.ts'
import { openFrom } from '../open-project.ts'
import { text } from '../project-options.ts'

/** `limn pick NAME K`: candidate K, from 1, is the master; the others stay. */
export async function run(context: CommandContext): Promise<number> {
  const { output, args, options } = context
  const number = Number(args[1])
  if (!Number.isInteger(number) || number < 1) {
    throw new LimnError(
      'usage',
      `limn pick takes the number of a candidate, and "${args[1]}" is none.`,
      { hint: `Write it as limn pick ${args[0]} 2.` },
    )
  }
  const path = await openFrom(context).pick(args[0]!, number)
  output.event({ type: 'picked', asset: args[0]!, candidate: number, path })
  output.line(
    `Candidate ${number} is ${path} now. \`limn generate${forDrafts(text(options['profile']))}\` cuts its files.`,
  )
  return 0
}
