import { process } from '../../disk/node-builtins.ts'
import type { ProviderEnvironment } from '../environment.ts'

/** What every program needs of the user's environment to run. None of it is a key. */
const KEPT_VARIABLES: readonly string[] = `
  PATH HOME USER LOGNAME SHELL LANG LANGUAGE TZ TMPDIR
  LC_ALL LC_CTYPE LC_MESSAGES LD_LIBRARY_PATH VIRTUAL_ENV
  XDG_CACHE_HOME XDG_CONFIG_HOME XDG_DATA_HOME XDG_RUNTIME_DIR
  Path PATHEXT SystemRoot SystemDrive ComSpec TEMP TMP USERPROFILE
  HOMEDRIVE HOMEPATH APPDATA LOCALAPPDATA ProgramData ProgramFiles
`
  .trim()
  .split(/\s+/)

/** The variables of a program, and the values among them that must not be shown. */
export type ProgramEnvironment = {
  variables: Readonly<Record<string, string>>
  secrets: readonly string[]
}

/**
 * Returns the environment of a program: what every program needs, from the process alone, and the
 * variables that the manifest names. Of those, only the ones that Limn reads may come from `.env`.
 */
export function environmentOfProgram(
  names: readonly string[],
  env: ProviderEnvironment,
): ProgramEnvironment {
  const kept = KEPT_VARIABLES.map((name) => [name, process.env[name]] as const)
  const named = names.map((name) => [name, env[name] ?? process.env[name]] as const)
  const isSet = (entry: readonly [string, string | undefined]): entry is [string, string] =>
    entry[1] !== undefined
  return {
    variables: Object.fromEntries([...kept, ...named].filter(isSet)),
    secrets: named.filter(isSet).map(([, value]) => value),
  }
}
