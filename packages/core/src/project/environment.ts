import { join } from 'node:path'
import { fs, util } from '../disk/node-builtins.ts'
import { joinEnvironments } from '../providers/environment.ts'

type Environment = Readonly<Record<string, string | undefined>>

export type ReadEnvironment = {
  env: Environment
  /**
   * Where a variable came from that the process did not set: the absolute path of its file, by
   * name.
   */
  files: Readonly<Record<string, string>>
  /** @see joinEnvironments */
  warning?: string
}

/**
 * The variables that Limn reads: those of the process, and beside them those of `.env` and
 * `.env.local` in these folders. The process's own win, then the last file.
 *
 * @see joinEnvironments for which they are
 */
export function readEnvironment(folders: readonly string[], own: Environment): ReadEnvironment {
  const fromFiles: Record<string, string | undefined> = {}
  const files: Record<string, string> = {}
  for (const path of folders.flatMap((folder) => [
    join(folder, '.env'),
    join(folder, '.env.local'),
  ])) {
    // To fail takes a hundred times as long.
    if (!fs.existsSync(path)) continue
    try {
      const read = util.parseEnv(fs.readFileSync(path, 'utf8'))
      Object.assign(fromFiles, read)
      for (const name of Object.keys(read)) if (own[name] === undefined) files[name] = path
    } catch {
      // One that can't be read is none.
    }
  }
  return { ...joinEnvironments(fromFiles, own), files }
}
