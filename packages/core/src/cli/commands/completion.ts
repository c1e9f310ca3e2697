import { didYouMean } from '../../did-you-mean.ts'
import { LimnError } from '../../errors.ts'
import type { CommandContext } from '../command.ts'
import { scriptByShell, type Shell, shells } from '../shell-scripts.ts'

/** Runs `limn completion`: prints the script that completes commands, options and asset names. */
export async function run({ args, output }: CommandContext): Promise<number> {
  const shell = args[0]!
  if (!isShell(shell)) {
    throw new LimnError('usage', `There is no completion for the shell "${shell}".`, {
      hint: didYouMean(shell, shells) ?? `Write one of ${shells.join(', ')}.`,
    })
  }
  const script = scriptByShell[shell]
  if (output.json) output.event({ shell, script })
  else for (const line of script.trimEnd().split('\n')) output.data(line)
  return 0
}

function isShell(text: string): text is Shell {
  return (shells as readonly string[]).includes(text)
}
