import { LimnError } from '../errors.ts'
import { isOwnPicture } from '../models/input-role.ts'
import type { Model } from '../models/model.ts'
import { decode, fromPixels } from './decode.ts'
import type { InputPicture } from './input-picture.ts'
import { readFacts } from './read-facts.ts'

/** Every input picture must be smaller than that, bytes. Source: OpenAI's image guide. */
const MAX_BYTES = 50_000_000
/** Every mask must be smaller than that, bytes. Source: the types of the `openai` package. */
const MAX_MASK_BYTES = 4_000_000

/**
 * Converts input pictures to a type that the model accepts, and checks their shape and size before
 * anything is sent.
 *
 * @param names of the pictures as messages show them, in the same order
 * @throws LimnError `picture/unreadable` if the model does not accept a picture
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
  const isAccepted =
    rule === undefined ||
    !isOwnPicture(input) ||
    rule.formats.some((format) => format === input.format)
  const fit = isAccepted ? input : await convertToPng(input)
  if (rule?.square === true && isOwnPicture(input)) await requireSquare(fit, name, id)
  const limit = isMask ? MAX_MASK_BYTES : (rule?.maxBytes ?? MAX_BYTES)
  if (fit.bytes.length >= limit) {
    const kind = isMask ? 'masks' : 'pictures'
    const size = `${(fit.bytes.length / 1e6).toFixed(1)} MB${isAccepted ? '' : ' as PNG'}`
    throw new LimnError(
      'picture/unreadable',
      `${id} accepts only ${kind} of less than ${limit / 1e6} MB, and ${name} has ${size}.`,
      { hint: 'Make it smaller: use fewer pixels, or a picture with less detail.' },
    )
  }
  return fit
}

async function convertToPng(input: InputPicture): Promise<InputPicture> {
  const bytes = await fromPixels(await decode(input.bytes))
    .png()
    .toBuffer()
  return { ...input, format: 'png', bytes }
}

async function requireSquare({ bytes }: InputPicture, name: string, model: string): Promise<void> {
  const { width, height } = await readFacts(bytes)
  if (width === height) return
  throw new LimnError(
    'picture/unreadable',
    `${model} accepts only square pictures, and ${name} has ${width}x${height} px.`,
    { hint: 'Crop it to a square, or use a model that accepts any shape (gpt-image-2.5-flare).' },
  )
}
