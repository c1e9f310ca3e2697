import { fromPixels, type Pixels } from '../pictures/decode.ts'

/** How hard the encoder tries, 0 to 6: takes half the time of the default (4), for 4 % more bytes. */
const EFFORT = 2

/** Draws a picture as WebP, at most `edge` px wide and high. */
export async function drawPreview(pixels: Pixels, edge: number): Promise<Buffer> {
  return fromPixels(pixels)
    .resize({ width: edge, height: edge, fit: 'inside', withoutEnlargement: true })
    .webp({ quality: 78, effort: EFFORT })
    .toBuffer()
}

/** Longest edges of previews, px, by the number of pictures up to which they are used. */
const EDGES: readonly (readonly [pictures: number, edge: number])[] = [
  [12, 1400],
  [40, 1000],
  [120, 640],
  [400, 400],
  [1500, 240],
]

/** Returns the longest edge of previews, px, for a number of pictures in one document. */
export function chooseEdge(pictures: number): number {
  return EDGES.find(([most]) => pictures <= most)?.[1] ?? 128
}

/** Counts the bytes of pictures in a document. */
export type ByteBudget = {
  /** Takes bytes, if so many are left. @returns whether there were */
  take(bytes: number): boolean
  readonly used: number
  /** Number of pictures that there was no room for. */
  readonly refused: number
}

/** Creates a budget. */
export function createBudget(maxBytes: number): ByteBudget {
  let used = 0
  let refused = 0
  return {
    take(bytes) {
      if (used + bytes > maxBytes) {
        refused++
        return false
      }
      used += bytes
      return true
    },
    get used() {
      return used
    },
    get refused() {
      return refused
    },
  }
}

/** Formats a WebP as a data URL. */
export function dataUrl(webp: Buffer): string {
  return `data:image/webp;base64,${webp.toString('base64')}`
}
