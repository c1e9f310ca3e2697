import type { TrustQuestion } from '../project/options.ts'
import type { CommandContext } from './command.ts'

/** Asks on the terminal whether a key may be sent to a host, or a program run. */
export async function askForTrust(
  { message, grant }: TrustQuestion,
  { output, signal }: CommandContext,
): Promise<boolean> {
  const question = [message, `Trust ${grant} in this project from now on?`]
  return (await output.confirm(question, signal)) === true
}
