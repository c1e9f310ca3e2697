import { chownSync, lchownSync, lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** A user as the system knows them. */
export type User = { uid: number; gid: number }

/**
 * A user whom permissions bind, for processes that tests start, as root may read and write
 * everything. `undefined` where this process runs as such a one.
 */
export const plainUser: User | undefined =
  process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : undefined

/** Gives a folder, and all that is in it, to a user. */
export function handOver(folder: string, { uid, gid }: User): void {
  chownSync(folder, uid, gid)
  for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, entry)
    // What is theirs already keeps its times.
    if (lstatSync(path).uid !== uid) lchownSync(path, uid, gid)
  }
}
