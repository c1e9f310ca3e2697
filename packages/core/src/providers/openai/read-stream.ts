import { ProviderError } from '../provider.ts'
import { type AnswerPicture, decodePicture, isObject } from './read-answer.ts'

/** What a stream came to, in the form of an answer in one piece. */
export type StreamedAnswer = { data: AnswerPicture[]; usage?: unknown }

export type StreamOptions = {
  /** Finished pictures to wait for. */
  count: number
  /** Called with each unfinished picture as it comes. */
  onPartial?: ((picture: Uint8Array, index: number) => void) | undefined
}

/**
 * Reads the events of a stream until the finished pictures are there. Pictures that came whole
 * before it broke were paid for, and are kept.
 *
 * @throws ProviderError `provider/network` where it ends without one; what the events throw
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
      if (type.endsWith('.partial_image')) handOn(event, onPartial)
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
      'The stream ended before the picture was whole. It may have been billed all the same.',
      { hint: 'Look at the usage page before you run the command again.', isBegun: true },
    )
  }
  return { data, usage }
}

/** An unfinished picture is only shown: one that can't be read is left out. */
function handOn(
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
