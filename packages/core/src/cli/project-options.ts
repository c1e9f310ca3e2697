import type { ProjectOptions } from '../project/project.ts'
import { projectPaths } from '../store/paths.ts'
import type { CommandContext } from './command.ts'
import { readEnvironment } from './environment.ts'

/** What a command's options say of the project, and the variables that go with it. */
export function projectOptions({ cwd, options, env: own, output }: CommandContext): ProjectOptions {
  const { manifest, root } = projectPaths(cwd, text(options['manifest']))
  const { env, warning } = readEnvironment([...new Set([cwd, root])], own)
  if (warning !== undefined) {
    output.event({ type: 'ignored', variable: 'OPENAI_BASE_URL', message: warning })
    output.problem(warning)
  }
  return {
    cwd,
    manifest,
    provider: text(options['provider']),
    profile: text(options['profile']),
    env,
  }
}

/** An option's text; `undefined` where it was not given. */
export function text(value: string | boolean | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}
