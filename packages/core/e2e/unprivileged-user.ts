import { chownSync, lchownSync, lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** A user and a group by their numeric ids. */
export type User = { uid: number; gid: number }

/**
 * A user without privileges, for processes that tests start: root ignores file permissions.
 * `undefined` if the tests do not run as root.
 */
export const unprivilegedUser: User | undefined =
  process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : undefined

/** Makes a user the owner of a folder and everything in it. */
export function changeOwner(folder: string, { uid, gid }: User): void {
  chownSync(folder, uid, gid)
  for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, entry)
    // Changing the owner changes a file's ctime, and with it its stamp.
    if (lstatSync(path).uid !== uid) lchownSync(path, uid, gid)
  }
}
