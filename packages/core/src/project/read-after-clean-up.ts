import type { WriterSession } from '../store/single-writer.ts'
import type { ProjectContext } from './context.ts'
import type { FullSnapshot, Snapshot } from './snapshot.ts'

/** Reads the project once what a crashed run left behind is in place. */
export async function readAfterCleanUp(
  context: ProjectContext,
  session: WriterSession,
): Promise<FullSnapshot> {
  const { paths, read } = context
  const { recoverFromFallback } = await import('../store/journal-fallback.ts')
  let snapshot = await read()
  if (await recoverFromFallback(paths)) snapshot = await read()
  if (session.isAfterCrash) {
    const { cleanUpAfterCrash } = await import('../store/clean-up-after-crash.ts')
    if (await cleanUpAfterCrash({ paths, ...snapshot })) snapshot = await read()
    await session.markCleanedUp()
  } else if (hasInstalledInJournal(snapshot)) {
    const { removeInstalledPictures } = await import('../store/clean-up-after-crash.ts')
    if (await removeInstalledPictures(paths, snapshot.lock)) snapshot = await read()
  }
  return snapshot
}

/**
 * Returns whether a picture in the journal is a master already. A power failure may leave one
 * behind and no other trace; a later picture of the same request would be taken for an older one.
 */
export function hasInstalledInJournal({ inventory: { journal }, lock }: Snapshot): boolean {
  if (journal.size === 0) return false
  const received = new Set(journal.values())
  return [...lock.assets.values()].some(({ master }) => received.has(master.sha256))
}
