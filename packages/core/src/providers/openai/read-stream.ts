import { isObject } from '../is-object.ts'
import { CHECK_USAGE, ProviderError } from '../provider.ts'
import { type AnswerPicture, decodePicture } from './read-answer.ts'

/** The result of a stream, in the form of an answer without streaming. */
type StreamedAnswer = { data: AnswerPicture[]; usage?: unknown }

type StreamOptions = {
  /** Number of final pictures to wait for. */
  count: number
  /** Called with each partial picture when it arrives. */
  onPartial?: ((picture: Uint8Array, index: number) => void) | undefined
}

/**
 * Reads the events of a stream until all final pictures have arrived. Pictures that arrived before
 * the stream broke have been paid for, and are kept.
 *
 * @throws ProviderError `provider/network` if the stream ends without a picture; what `events`
 *   throws
 */
export async function readStream(
  events: AsyncIterable<unknown>,
  { count, onPartial }: StreamOptions,
): Promise<StreamedAnswer> {
  const data: AnswerPicture[] = []
  let usage: Record<string, unknown> | undefined
  try {
    for await (const event of events) {
      const type = isObject(event) && typeof event['type'] === 'string' ? event['type'] : ''
      if (!isObject(event)) continue
      if (type.endsWith('.partial_image')) reportPartial(event, onPartial)
      if (!type.endsWith('.completed')) continue
      data.push(event)
      if (isObject(event['usage'])) usage = event['usage']
      if (data.length >= count) break
    }
  } catch (error) {
    if (data.length === 0) throw error
  }
  if (data.length === 0) {
    throw new ProviderError(
      'provider/network',
      'The stream ended before the picture was complete. The picture may have been billed.',
      { hint: CHECK_USAGE, isBegun: true, isUncertain: true },
    )
  }
  return { data, usage }
}

/** Skips a partial picture that cannot be read: partial pictures are only shown. */
function reportPartial(
  { b64_json: base64, partial_image_index: index }: Record<string, unknown>,
  onPartial: StreamOptions['onPartial'],
): void {
  if (typeof base64 !== 'string' || onPartial === undefined) return
  let picture
  try {
    picture = decodePicture(base64)
  } catch {
    return
  }
  onPartial(picture, typeof index === 'number' ? index : 0)
}
