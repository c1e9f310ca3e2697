import { LimnError } from '../errors.ts'
import type { Output } from '../manifest/manifest.ts'
import type { Derived } from './encode.ts'

/**
 * Finds the best quality whose file fits `maxBytes`, by bisection.
 *
 * @param tooLarge the file at the output's own quality
 * @throws LimnError `output/too-large` if no quality fits
 */
export async function fitBytes(
  { file, quality: highest, maxBytes }: Output,
  tooLarge: Derived,
  encodeAt: (quality: number) => Promise<Derived>,
): Promise<Derived> {
  let [low, high] = [1, highest ?? 100]
  let best: Derived | undefined
  let smallest = tooLarge.bytes.length
  while (low < high) {
    const quality = Math.floor((low + high) / 2)
    const tried = await encodeAt(quality)
    smallest = Math.min(smallest, tried.bytes.length)
    if (tried.bytes.length > maxBytes!) high = quality
    else [low, best] = [quality + 1, tried]
  }
  if (best !== undefined) return best
  throw new LimnError(
    'output/too-large',
    `${file} can't be smaller than ${smallest} bytes, but its limit is ${maxBytes} bytes.`,
    { hint: 'Raise maxBytes, or choose another format or a smaller size.' },
  )
}
