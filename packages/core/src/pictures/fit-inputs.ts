import { LimnError } from '../errors.ts'
import type { Model } from '../models/model.ts'
import { decode, fromPixels, readFacts } from './decode.ts'
import type { InputPicture } from './input-picture.ts'

/** OpenAI's guide: every input picture is smaller than that, bytes. */
const MAX_BYTES = 50_000_000
/** The types of the `openai` package say so of masks, bytes. */
const MAX_MASK_BYTES = 4_000_000

/**
 * Brings input pictures to what the model takes, before anything is sent.
 *
 * @param names what each picture is called in messages, in their order
 * @throws LimnError `picture/unreadable` where one can't be brought there
 */
export async function fitInputs(
  inputs: readonly InputPicture[],
  names: readonly string[],
  model: Pick<Model, 'id' | 'inputRule'>,
): Promise<InputPicture[]> {
  return Promise.all(inputs.map((input, index) => fitInput(input, names[index]!, model)))
}

async function fitInput(
  input: InputPicture,
  name: string,
  { id, inputRule: rule }: Pick<Model, 'id' | 'inputRule'>,
): Promise<InputPicture> {
  const isMask = input.role === 'mask'
  const isFit =
    rule === undefined || isMask || rule.formats.some((format) => format === input.format)
  const fit: InputPicture = isFit
    ? input
    : {
        ...input,
        format: 'png',
        bytes: await fromPixels(await decode(input.bytes))
          .png()
          .toBuffer(),
      }
  if (rule?.square === true && !isMask) {
    const { width, height } = await readFacts(fit.bytes)
    if (width !== height) {
      throw new LimnError(
        'picture/unreadable',
        `${id} takes only square pictures, and ${name} has ${width}x${height} px.`,
        {
          hint: 'Crop it to a square, or name a model that takes any shape, as gpt-image-2.5-flare.',
        },
      )
    }
  }
  const limit = isMask ? MAX_MASK_BYTES : (rule?.maxBytes ?? MAX_BYTES)
  if (fit.bytes.length >= limit) {
    throw new LimnError(
      'picture/unreadable',
      `${id} takes ${isMask ? 'masks' : 'pictures'} of less than ${limit / 1e6} MB, and ${name} has ${(fit.bytes.length / 1e6).toFixed(1)} MB${isFit ? '' : ' as PNG'}.`,
      { hint: 'Make it smaller: fewer pixels, or a plainer picture.' },
    )
  }
  return fit
}
