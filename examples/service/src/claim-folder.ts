import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Makes this process the only one that uses a data folder: two would not know of each other's
 * reservations. Returns what gives the folder up.
 *
 * @throws Error if another process of this machine uses it
 */
export async function claimFolder(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, 'service.pid')
  const owner = Number(await readFile(path, 'utf8').catch(() => ''))
  // In containers, each process may have the same id.
  if (owner > 0 && owner !== process.pid && isRunning(owner)) {
    throw new Error(
      `Process ${owner} uses ${folder}: stop it, or delete ${path} if it is another program.`,
    )
  }
  await writeFile(path, String(process.pid))
  return () => rm(path, { force: true })
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
