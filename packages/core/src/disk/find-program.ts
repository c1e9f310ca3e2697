import { accessSync, constants, statSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { process } from './node-builtins.ts'

const isWindows = process.platform === 'win32'

/**
 * Finds a program as a shell does: by its path, relative to `root`, or by its name in PATH. Skips
 * the parts of PATH that a repository can fill: relative ones, `node_modules/.bin`, and those in
 * `root`.
 *
 * @param root absolute
 * @returns its absolute path; `undefined` if there is no such program, or it can't be executed
 */
export function findProgram(name: string, root: string): string | undefined {
  if (isPath(name)) return withEnding(isAbsolute(name) ? name : join(root, name))
  const { PATH = process.env['Path'] ?? '' } = process.env
  const folders = PATH.split(isWindows ? ';' : ':').filter(
    (folder) =>
      isAbsolute(folder) &&
      !/[\\/]node_modules[\\/]\.bin[\\/]?$/.test(folder) &&
      !`${folder}/`.startsWith(`${root}/`),
  )
  for (const folder of folders) {
    const found = withEnding(join(folder, name))
    if (found !== undefined) return found
  }
  return undefined
}

/** Whether a program is written as a path, not as a name that is looked up in PATH. */
export function isPath(name: string): boolean {
  return name.includes('/') || (isWindows && name.includes('\\'))
}

function withEnding(path: string): string | undefined {
  const endings = isWindows ? ['', '.exe', '.com'] : ['']
  return endings.map((ending) => path + ending).find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}
