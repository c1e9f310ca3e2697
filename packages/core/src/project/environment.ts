import { join } from 'node:path'
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
  /** One line, if a base URL was ignored. @see joinEnvironments */
  warning?: string
}

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
  for (const path of folders.flatMap(envFilesIn)) {
    const variables = readEnvFile(path)
    Object.assign(fromFiles, variables)
    for (const name of Object.keys(variables)) if (own[name] === undefined) files[name] = path
  }
  return { ...joinEnvironments(fromFiles, own), files }
}

function envFilesIn(folder: string): string[] {
  return [join(folder, '.env'), join(folder, '.env.local')]
}
