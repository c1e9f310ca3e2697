import { createDebug } from '../debug.ts'
import { isErrno, LimnError } from '../errors.ts'
import type { Clock } from '../limits/clock.ts'

const debug = createDebug('store')

/** Something of the system is used up or busy, and is free again in a moment. */
const SHORTAGES = ['EMFILE', 'ENFILE', 'EAGAIN', 'EBUSY', 'ENOMEM', 'EINTR', 'ETXTBSY']
/** The disk fails or is full. Another disk may be the faster help. */
const DISK_FAULTS = ['EIO', 'ENOSPC', 'EDQUOT', 'ESTALE', 'ETIMEDOUT']

/** Pauses before each retry of a write, ms. Idle connections close meanwhile, and free their files. */
const PAUSES: readonly number[] = [100, 250, 500, 1000, 2000, 4000, 8000, 8000]
/** Number of retries after which another disk is tried. */
const PATIENCE_WITH_DISK = 3

type PatientOptions = {
  clock: Pick<Clock, 'sleep'>
  /** Whether to retry at all. */
  isPatient: boolean
  /** Writes the same content to another place. @returns that place; `undefined` if it failed too */
  saveElsewhere: () => Promise<string | undefined>
  /** Called before the first pause. */
  onStall: () => void
  /** Ends the pauses. */
  quit?: AbortSignal | undefined
}

/**
 * Writes a paid picture. Retries for about 24 seconds while the system or the disk may recover, and
 * saves the picture elsewhere before it gives up.
 *
 * @throws LimnError `store/…`, with the place where the picture was saved, if there is one
 */
export async function writePatiently(
  write: () => Promise<void>,
  { clock, isPatient, saveElsewhere, onStall, quit }: PatientOptions,
): Promise<void> {
  const pauses = isPatient ? PAUSES : []
  for (let retry = 0; ; retry++) {
    try {
      return await write()
    } catch (error) {
      const pause = isTransient(error) && quit?.aborted !== true ? pauses[retry] : undefined
      if (pause === undefined || (isDiskFault(error) && retry >= PATIENCE_WITH_DISK)) {
        const place = await saveElsewhere()
        if (place !== undefined) throw savedElsewhere(error, place)
      }
      if (pause === undefined) throw error
      if (retry === 0) onStall()
      debug('retrying a write in %d ms: %s', pause, error)
      await clock.sleep(pause, quit).catch(() => {})
    }
  }
}

function isTransient(error: unknown): boolean {
  return isErrno(causeOf(error), ...SHORTAGES) || isDiskFault(error)
}

function isDiskFault(error: unknown): boolean {
  return isErrno(causeOf(error), ...DISK_FAULTS)
}

function causeOf(error: unknown): unknown {
  return error instanceof LimnError ? error.cause : error
}

function savedElsewhere(error: unknown, place: string): unknown {
  if (!(error instanceof LimnError)) return error
  return new LimnError(error.code, `${error.message} The picture was saved to ${place}.`, {
    hint: 'Fix that, then run the command again before the machine restarts: Limn recovers the picture from there.',
    cause: error.cause,
  })
}
