import { readIntents } from '../store/intents.ts'
import { runAsSingleWriter, type WriterSession } from '../store/single-writer.ts'
import type { ProjectContext } from './context.ts'

/** Options of `runAsWriter`. */
type WriterOptions = {
  /** Called once, before this process waits for another one. */
  onWait?: () => void
  signal?: AbortSignal | undefined
}

/**
 * Runs `work` as the single writer of a project, once the operations that a crashed writer left
 * unfinished are complete.
 *
 * @throws ManifestError if completing them requires a valid manifest; LimnError as
 *   `runAsSingleWriter`
 */
export async function runAsWriter<T>(
  context: ProjectContext,
  { onWait, signal }: WriterOptions,
  work: (session: WriterSession) => Promise<T>,
): Promise<T> {
  const { paths } = context
  return runAsSingleWriter({ paths, ...(onWait && { onWait }), signal }, async (session) => {
    const intents = readIntents(paths)
    if (intents.length > 0) {
      const { completeIntents } = await import('./complete-intents.ts')
      await completeIntents(context, intents)
    }
    return work(session)
  })
}

/** Returns a signal that fires when `signal` does, or when this process loses the writer lock. */
export function stopSignal({ lost }: WriterSession, signal: AbortSignal | undefined): AbortSignal {
  return signal === undefined ? lost : AbortSignal.any([signal, lost])
}
