import { statfs } from 'node:fs/promises'
import { LimnError } from '../errors.ts'

/**
 * Refuses to pay for pictures that could not be kept.
 *
 * @param folder one that is there
 * @param bytes what is about to be written
 * @throws LimnError `store/no-space`
 */
export async function requireRoom(folder: string, bytes: number): Promise<void> {
  // Where the system can't say, writing will.
  const disk = await statfs(folder).catch(() => undefined)
  if (disk === undefined || disk.blocks === 0) return
  const free = disk.bavail * disk.bsize
  if (free >= bytes) return
  throw new LimnError(
    'store/no-space',
    `It was not asked for: what comes may need ${megabytes(bytes)}, and the disk has ${megabytes(free)} left.`,
    { hint: 'Free some space, then run the command again.' },
  )
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}
