import { LimnError } from '../../errors.ts'
import type { CommandContext } from '../command.ts'
import { draftOption } from '../draft-hints.ts'
import { openProjectFor } from '../open-project.ts'
import { textOption } from '../project-options.ts'

/** Runs `limn pick NAME K`: candidate K, from 1, becomes the master; the others are kept. */
export async function run(context: CommandContext): Promise<number> {
  const { output, args, options } = context
  const name = args[0]!
  const number = Number(args[1])
  if (!Number.isInteger(number) || number < 1) {
    throw new LimnError(
      'usage',
      `limn pick requires the number of a candidate, but received "${args[1]}".`,
      { hint: `Write it as limn pick ${name} 2.` },
    )
  }
  const path = await openProjectFor(context).pick(name, number)
  output.event({ type: 'picked', asset: name, candidate: number, path })
  const generate = `limn generate${draftOption(textOption(options, 'profile'))}`
  output.line(`Candidate ${number} is now ${path}. \`${generate}\` derives its files.`)
  return 0
}
