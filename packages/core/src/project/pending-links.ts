import type { OnEvent } from '../events.ts'
import type { BatchFailure } from '../run/batch-collection.ts'
import type { ProjectContext } from './context.ts'

/** Moves the pictures behind recorded links to the journal. Only the writer may call it. */
export async function collectLinksIntoJournal(
  { paths, env, read }: ProjectContext,
  { onEvent, signal }: { onEvent: OnEvent; signal?: AbortSignal | undefined },
): Promise<BatchFailure[]> {
  const { collectLinks } = await import('../run/collect-links.ts')
  const { manifest, lock } = await read()
  return collectLinks({ paths, lock, manifest, env, onEvent, signal })
}
