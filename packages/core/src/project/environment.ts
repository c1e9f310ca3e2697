import { join, relative } from 'node:path'
import type { ProviderEnvironment } from '../providers/environment.ts'
import { joinEnvironments, readEnvFile } from '../providers/environment.ts'
import { projectPaths } from '../store/paths.ts'
import type { ProjectOptions } from './options.ts'

export { trustFileOf } from '../providers/environment.ts'

/** The variables that Limn reads, from the process and from `.env` files. */
export type Environment = {
  env: ProviderEnvironment
  /**
   * Absolute path of the file that a variable comes from, by its name. Variables of the process are
   * left out.
   */
  files: Readonly<Record<string, string>>
  /** What was ignored: a base URL (see `joinEnvironments`), or a file that can't be read. */
  ignored: Ignored[]
}

/** A variable or a file, by its absolute path, that Limn ignores; `message` is one line. */
export type Ignored = ({ variable: string } | { file: string }) & { message: string }

/**
 * Reads the variables of a project: those of the process, and those of `.env` and `.env.local` in
 * `cwd` and in the manifest's folder. The process overrides the files; later files override earlier
 * ones.
 *
 * @param own variables of the process
 */
export function readEnvironment(
  { cwd, manifest }: Pick<ProjectOptions, 'cwd' | 'manifest'>,
  own: ProviderEnvironment,
): Environment {
  const folders = [...new Set([cwd, projectPaths(cwd, manifest).root])]
  const fromFiles: Record<string, string | undefined> = {}
  const files: Record<string, string> = {}
  const ignored: Ignored[] = []
  for (const path of folders.flatMap(envFilesIn)) {
    const { variables, problem } = readEnvFile(path)
    if (problem !== undefined) ignored.push({ file: path, message: unread(path, cwd, problem) })
    Object.assign(fromFiles, variables)
    for (const name of Object.keys(variables)) if (own[name] === undefined) files[name] = path
  }
  const { env, warning } = joinEnvironments(fromFiles, own)
  if (warning !== undefined) ignored.push({ variable: 'OPENAI_BASE_URL', message: warning })
  return { env, files, ignored }
}

function unread(path: string, cwd: string, problem: string): string {
  const name = relative(cwd, path)
  return `Limn does not read ${name}: ${problem}. Set its variables in the environment, or replace ${name} with a file that Limn can read.`
}

function envFilesIn(folder: string): string[] {
  return [join(folder, '.env'), join(folder, '.env.local')]
}
