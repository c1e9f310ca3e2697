import type { Pixels } from '../../pictures/decode.ts'

/** A colour, 0 to 255 each. */
type Colour = readonly [red: number, green: number, blue: number]

/** Parses `#rrggbb`. */
export function parseColour(text: string): Colour {
  const value = Number.parseInt(text.slice(1), 16)
  return [value >> 16, (value >> 8) & 255, value & 255]
}

/**
 * Replaces each colour by one between two others, by its luma. The alpha channel stays.
 *
 * @param dark replaces black
 * @param light replaces white
 */
export function mapTones(pixels: Pixels, dark: Colour, light: Colour): Pixels {
  const { data, channels } = pixels
  const ramps = ([0, 1, 2] as const).map((part) =>
    Uint8Array.from({ length: 256 }, (_, luma) =>
      Math.round(dark[part] + ((light[part] - dark[part]) * luma) / 255),
    ),
  ) as [Uint8Array, Uint8Array, Uint8Array]
  const mapped = Buffer.from(data)
  for (let at = 0; at < data.length; at += channels) {
    const luma = lumaOf(data[at]!, data[at + 1]!, data[at + 2]!)
    mapped[at] = ramps[0][luma]!
    mapped[at + 1] = ramps[1][luma]!
    mapped[at + 2] = ramps[2][luma]!
  }
  return { ...pixels, data: mapped }
}

/** Returns the luma of a colour, 0 to 255, as Rec. 709 and the filters of CSS weigh it. */
function lumaOf(red: number, green: number, blue: number): number {
  return Math.round(0.2126 * red + 0.7152 * green + 0.0722 * blue)
}
