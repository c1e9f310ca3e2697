import { readEnvironment, trustFileOf } from '../project/environment.ts'
import type { ProjectOptions } from '../project/options.ts'
import { askForTrust } from './ask-for-trust.ts'
import type { CommandContext, OptionValues } from './command.ts'

/** Returns the project options of a command. Prints a warning about an ignored base URL. */
export function projectOptions(context: CommandContext): ProjectOptions {
  const { cwd, options, env: own, output } = context
  const manifest = textOption(options, 'manifest')
  const { env, files, warning } = readEnvironment({ cwd, manifest }, own)
  if (warning !== undefined) {
    output.event({ type: 'ignored', variable: 'OPENAI_BASE_URL', message: warning })
    output.problem(warning)
  }
  return {
    cwd,
    manifest,
    provider: textOption(options, 'provider'),
    profile: textOption(options, 'profile'),
    env,
    envFiles: files,
    trustFile: trustFileOf(own),
    askForTrust: (question) => askForTrust(question, context),
  }
}

/** Returns whether `--retry-uncertain` was given; `undefined` if the manifest decides. */
export function isRetryUncertain(options: OptionValues): true | undefined {
  return options['retry-uncertain'] === true ? true : undefined
}

/** Returns the value of an option that takes one; `undefined` if it was not given. */
export function textOption(options: OptionValues, name: string): string | undefined {
  const value = options[name]
  return typeof value === 'string' ? value : undefined
}
