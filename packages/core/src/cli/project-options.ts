import { readEnvironment, trustFileOf } from '../project/environment.ts'
import type { ProjectOptions, Shard } from '../project/options.ts'
import { askForTrust } from './ask-for-trust.ts'
import type { CommandContext, OptionValues } from './command.ts'
import { commandOptions } from './parse-arguments.ts'

/** Returns the project options of a command. Prints warnings about ignored variables and files. */
export function projectOptions(context: CommandContext): ProjectOptions {
  const { cwd, options, env: own, output } = context
  const manifest = textOption(options, 'manifest')
  const { env, files, ignored } = readEnvironment({ cwd, manifest }, own)
  for (const each of ignored) {
    output.event({ type: 'ignored', ...each })
    output.problem(each.message)
  }
  return {
    cwd,
    manifest,
    provider: textOption(options, 'provider'),
    profile: textOption(options, 'profile'),
    env,
    envFiles: files,
    trustFile: trustFileOf(own),
    commandOptions: commandOptions(options),
    askForTrust: (question) => askForTrust(question, context),
  }
}

/** Returns whether `--retry-uncertain` was given; `undefined` if the manifest decides. */
export function isRetryUncertain(options: OptionValues): true | undefined {
  return options['retry-uncertain'] === true ? true : undefined
}

/** Returns the value of `--shard`; `undefined` if it was not given. @throws LimnError `usage` */
export async function shardOf(options: OptionValues): Promise<Shard | undefined> {
  const text = textOption(options, 'shard')
  if (text === undefined) return undefined
  const { requireShard } = await import('../project/shard/require-shard.ts')
  return requireShard(text)
}

/** Returns the value of an option that takes one; `undefined` if it was not given. */
export function textOption(options: OptionValues, name: string): string | undefined {
  const value = options[name]
  return typeof value === 'string' ? value : undefined
}
