import type { LockEntry } from '../lock/lock.ts'

/** What to do with a damaged picture that a person supplied. */
export const REPLACE_PICTURE = 'Replace it with a good copy.'

/** Returns what to do with a damaged master, one sentence: only a model's can be generated again. */
export function remedyFor({ request, master }: LockEntry): string {
  if (request.operation === 'source') return REPLACE_PICTURE
  return master.state === 'adopted'
    ? 'Restore it with git, or replace it with a good copy and run `limn adopt`.'
    : 'Restore it with git, or request another one: `limn generate NAME --force`.'
}
