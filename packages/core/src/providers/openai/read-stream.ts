import { isObject } from '../../is-object.ts'
import type { ServerEvent } from '../http/read-events.ts'
import { CHECK_USAGE, ProviderError } from '../provider.ts'
import { toBytes } from './decode-picture.ts'
import { type AnswerPicture, findPictures } from './find-pictures.ts'

/** The result of a stream, in the form of an answer without streaming. */
type StreamedAnswer = { data: AnswerPicture[]; usage?: unknown }

type StreamOptions = {
  /** Number of final pictures to wait for. */
  count: number
  /** Headers of the response, for the explanation of an error. */
  headers?: Headers
  /** Called with each partial picture when it arrives. */
  onPartial?: ((picture: Uint8Array, index: number) => void) | undefined
}

/**
 * Reads the events of a stream until all final pictures have arrived. All pictures that arrive have
 * been paid for, and are kept: neither an event that is damaged, unknown or reports an error nor a
 * connection that breaks changes that.
 *
 * @throws ProviderError `provider/network` if the stream ends without a picture; what `events`
 *   throws; the error that an event reports
 */
export async function readStream(
  events: AsyncIterable<ServerEvent>,
  { count, headers, onPartial }: StreamOptions,
): Promise<StreamedAnswer> {
  const final: AnswerPicture[] = []
  /** Pictures of events that do not say whether they are final. */
  const others: AnswerPicture[] = []
  const empty: AnswerPicture[] = []
  let usage: Record<string, unknown> | undefined
  let failure: unknown
  try {
    for await (const { type, value, failure: damage } of events) {
      failure ??= damage
      if (!isObject(value)) continue
      if (/partial/.test(type) || value['partial_image_index'] !== undefined) {
        reportPartial(value, onPartial)
        continue
      }
      const error = reportedError(type, value)
      // An error explains more than damaged data.
      if (error !== undefined) failure = Object.assign(new Error(''), { error, headers })
      if (isObject(value['usage'])) usage = value['usage']
      const pictures = findPictures(value)
      if (!type.endsWith('.completed')) others.push(...pictures)
      else if (pictures.length > 0) final.push(...pictures)
      // Stands for the picture that a final event lacks.
      else empty.push({})
      if (final.length >= count) break
    }
  } catch (error) {
    failure = error
  }
  const data = [final, others, failure === undefined ? empty : []].find(({ length }) => length > 0)
  if (data !== undefined) return { data, usage }
  throw failure ?? endedEarly()
}

/** Returns the error that an event reports; `undefined` if it reports none. */
function reportedError(type: string, value: Record<string, unknown>): unknown {
  const { error } = value
  if (error !== undefined && error !== null) return error
  return type === 'error' || type.endsWith('.failed') ? value : undefined
}

function endedEarly(): ProviderError {
  return new ProviderError(
    'provider/network',
    'The stream ended before the picture was complete. The picture may have been billed.',
    { hint: CHECK_USAGE, isBegun: true, isUncertain: true },
  )
}

/** Skips a partial picture that cannot be read: partial pictures are only shown. */
function reportPartial(
  { b64_json: base64, partial_image_index: index }: Record<string, unknown>,
  onPartial: StreamOptions['onPartial'],
): void {
  if (onPartial === undefined || !(typeof base64 === 'string' || base64 instanceof Uint8Array)) {
    return
  }
  let picture
  try {
    picture = toBytes(base64)
  } catch {
    return
  }
  onPartial(picture, typeof index === 'number' ? index : 0)
}
