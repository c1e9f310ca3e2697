import { delimiter, join } from 'node:path'

/** How a program was started. */
export type Start = {
  env: Readonly<Record<string, string | undefined>>
  /** Path of the program's file. */
  script: string
  /** Whether a file exists. */
  exists: (path: string) => boolean
}

/** How each package manager runs a program of the project, by the name that it gives itself. */
const runnerByManager: Readonly<Record<string, string>> = {
  npm: 'npx limn',
  pnpm: 'pnpm exec limn',
  yarn: 'yarn limn',
  bun: 'bunx limn',
}

/**
 * Returns the command that runs Limn as the user did: with the package manager that started the
 * program, or as `limn` if the shell finds it.
 */
export function commandName({ env, script, exists }: Start): string {
  const manager = /^[a-z]+(?=\/)/.exec(env['npm_config_user_agent'] ?? '')?.[0]
  if (manager !== undefined && Object.hasOwn(runnerByManager, manager)) {
    return runnerByManager[manager]!
  }
  const isInstalled = /[\\/]node_modules[\\/]/.test(script)
  return isInstalled && !isOnPath(env, exists) ? 'npx limn' : 'limn'
}

/** Whether the shell finds `limn` in a folder that no package manager has added. */
function isOnPath(env: Start['env'], exists: Start['exists']): boolean {
  return (env['PATH'] ?? env['Path'] ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '' && !/[\\/]node_modules[\\/]\.bin[\\/]?$/.test(folder))
    .some((folder) => ['limn', 'limn.cmd'].some((name) => exists(join(folder, name))))
}

/** Replaces `limn` by a command in what a text tells the user to run: in backticks or parentheses. */
export function nameCommands(text: string, command: () => string): string {
  return text.replaceAll(/(?<=`|\()limn(?= [a-z-])/g, command)
}
