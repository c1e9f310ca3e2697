import sharp from 'sharp'
import type { Pixels } from './pixels.ts'

/** How a picture that is stored turned becomes upright: mirrored first, then turned clockwise. */
type Turn = { mirror?: 'flip' | 'flop'; degrees: 0 | 90 | 180 | 270 }

/** By orientation in EXIF. 1 is upright. */
const turns: Readonly<Record<number, Turn>> = {
  2: { mirror: 'flop', degrees: 0 },
  3: { degrees: 180 },
  4: { mirror: 'flip', degrees: 0 },
  5: { mirror: 'flip', degrees: 90 },
  6: { degrees: 90 },
  7: { mirror: 'flip', degrees: 270 },
  8: { degrees: 270 },
}

/**
 * Turns frames upright. sharp does not do it: it decodes frames as one column.
 *
 * @param orientation as in EXIF; `undefined` if the file has none
 */
export function turnFrames(
  frames: () => AsyncIterable<Pixels>,
  orientation: number | undefined,
): () => AsyncIterable<Pixels> {
  const turn = turns[orientation ?? 1]
  if (turn === undefined) return frames
  return async function* () {
    for await (const frame of frames()) yield await turnFrame(frame, turn)
  }
}

async function turnFrame(
  { data, width, height, channels }: Pixels,
  { mirror, degrees }: Turn,
): Promise<Pixels> {
  const picture = sharp(data, { raw: { width, height, channels } })
  if (mirror !== undefined) picture[mirror]()
  const turned = await picture.rotate(degrees).raw().toBuffer({ resolveWithObject: true })
  const { info } = turned
  return { data: turned.data, width: info.width, height: info.height, channels }
}
