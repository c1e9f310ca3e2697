import { ProviderError } from '../providers/provider.ts'
import type { BatchLine } from '../store/batch-records.ts'
import type { CollectOptions } from './batch-collection.ts'
import { keepResponse } from './keep-response.ts'

/*
 * A line of a batch's results that is not JSON, or that is cut off at the end of the file, may be the
 * answer to any request that has none. Limn stores it, and reads the results once more in the next
 * run: the file may have arrived damaged. If the line is the same then, the server has it so, and
 * waiting longer would never end.
 */

/**
 * Stores the damaged lines that may answer a request, which stays open.
 *
 * @returns the error to report
 */
export function keepDamaged(
  line: BatchLine,
  damaged: readonly Uint8Array[],
  { paths }: CollectOptions,
): Promise<ProviderError> {
  const error = createError(
    'The answer to this request may be a line in the results of the batch that is damaged.',
    'Run the command again: Limn reads the results once more before it gives up on the line.',
  )
  error.response = linesFor(line, damaged)
  return keepResponse(error, { ...line, paths })
}

/** Creates the error of a request whose answer was damaged twice. It may have been billed. */
export function damagedAnswer(line: BatchLine, damaged: readonly Uint8Array[]): ProviderError {
  const error = createError(
    'The answer to this request is damaged in the results of the batch. The request may have been billed.',
    'Limn requests the picture again in the next run.',
  )
  error.response = linesFor(line, damaged)
  return error
}

function createError(message: string, hint: string): ProviderError {
  return new ProviderError('provider/bad-answer', message, { hint })
}

/** Returns the line that names a request, or else all of them. */
function linesFor({ id }: BatchLine, damaged: readonly Uint8Array[]): Uint8Array {
  const own = damaged.find((text) => Buffer.from(text).includes(JSON.stringify(id)))
  if (own !== undefined) return own
  return Buffer.concat(damaged.flatMap((text) => [text, Buffer.from('\n')]))
}
