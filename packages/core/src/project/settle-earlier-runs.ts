import { dirname, join } from 'node:path'
import type { BatchFailure } from '../run/batch-collection.ts'
import { readBatchRecords } from '../store/batch-records.ts'
import { readIntents } from '../store/intents.ts'
import { listLinkKeys } from '../store/pending-links.ts'
import type { ProjectContext } from './context.ts'
import type { GenerateOptions } from './options.ts'
import { runAsWriter, stopSignal } from './run-as-writer.ts'

/**
 * Completes what earlier runs left open: an operation that a crash interrupted, finished batches,
 * and links that could not be fetched. With a saved plan, or if only free steps are executed, only
 * the first.
 *
 * @returns the requests that returned no picture
 * @throws ManifestError, LimnError
 */
export async function settleEarlierRuns(
  context: ProjectContext,
  options: GenerateOptions,
): Promise<BatchFailure[]> {
  await completeInterrupted(context, options)
  return collectPending(context, options)
}

/**
 * Completes what a crashed writer left unfinished, if anything, so that the plan does not request a
 * picture again that is in place.
 *
 * @throws LimnError `store/read-only`, `store/outside` if that can't be written
 */
async function completeInterrupted(
  context: ProjectContext,
  { onEvent = () => {}, signal }: GenerateOptions,
): Promise<void> {
  const { paths } = context
  if (readIntents(paths).length === 0) return
  const { requireWritable } = await import('../disk/preflight.ts')
  await requireWritable(paths.root, [dirname(paths.lock), join(paths.root, paths.masters)])
  await runAsWriter(context, { onWait: () => onEvent({ type: 'waiting' }), signal }, async () => {})
}

/**
 * Moves the pictures of finished batches, and those behind links that an earlier run could not
 * fetch, to the journal.
 */
async function collectPending(
  context: ProjectContext,
  { freeOnly = false, plan: saved, onEvent = () => {}, signal }: GenerateOptions,
): Promise<BatchFailure[]> {
  if (freeOnly || saved !== undefined) return []
  const { paths } = context
  const hasBatches = readBatchRecords(paths.batches).length > 0
  const hasLinks = listLinkKeys(paths.journal).length > 0
  if (!hasBatches && !hasLinks) return []
  return runAsWriter(
    context,
    { onWait: () => onEvent({ type: 'waiting' }), signal },
    async (session) => {
      const { collectIntoJournal } = await import('./batches.ts')
      const { collectLinksIntoJournal } = await import('./pending-links.ts')
      const collecting = { onEvent, signal: stopSignal(session, signal) }
      return [
        ...(hasLinks ? await collectLinksIntoJournal(context, collecting) : []),
        ...(hasBatches ? await collectIntoJournal(context, collecting) : []),
      ]
    },
  )
}
