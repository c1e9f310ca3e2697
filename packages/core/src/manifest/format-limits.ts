import type { Size } from '../models/size.ts'
import type { Output } from './manifest.ts'
import type { Format } from './presets.ts'

/** Longest edge of a file by format, px: the limit of the format, or a lower one of its encoder. */
const maxEdgeByFormat: Readonly<Partial<Record<Format, number>>> = {
  webp: 16_383,
  avif: 16_384,
  jpeg: 65_500,
  gif: 65_535,
}

const names: Readonly<Partial<Record<Format, string>>> = {
  webp: 'a WebP',
  avif: 'an AVIF',
  jpeg: 'a JPEG',
  gif: 'a GIF',
}

/**
 * Explains why a file of a format can't have a size, as two sentences: what is wrong and what to
 * do. `undefined` if it can.
 */
export function explainEdge(
  { file, format }: Pick<Output, 'file' | 'format'>,
  { width, height }: Size,
): { message: string; hint: string } | undefined {
  const limit = maxEdgeByFormat[format]
  if (limit === undefined || Math.max(width, height) <= limit) return undefined
  return {
    message: `${file} would be ${width}x${height} px, but ${names[format]} has at most ${limit.toLocaleString('en')} px per edge.`,
    hint: `Leave ${format} out of its formats, or make it smaller.`,
  }
}
