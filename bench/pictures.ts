import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'

/** Writes PNGs with the detail of photographs: smooth shapes and some grain. @returns their names */
export async function writePictures(
  folder: string,
  count: number,
  { width = 1536, height = 864 }: { width?: number; height?: number } = {},
): Promise<string[]> {
  mkdirSync(folder, { recursive: true })
  const names = Array.from({ length: count }, (_, number) => `picture-${number}`)
  for (const [number, name] of names.entries()) {
    const grain = await sharp({
      create: {
        width,
        height,
        channels: 3,
        background: '#808080',
        noise: { type: 'gaussian', mean: 128, sigma: 8 },
      },
    })
      .png()
      .toBuffer()
    await sharp(Buffer.from(formatScene(number, { width, height })))
      .composite([{ input: grain, blend: 'soft-light' }])
      .removeAlpha()
      .png()
      .toFile(join(folder, `${name}.png`))
  }
  return names
}

/** Formats an SVG of a gradient and circles that differ from one number to the next. */
function formatScene(number: number, { width, height }: { width: number; height: number }): string {
  const circles = Array.from({ length: 40 }, (_, shape) => {
    const x = (shape * 137 + number * 61) % width
    const y = (shape * 89 + number * 31) % height
    const colour = `hsl(${(shape * 29 + number * 13) % 360},55%,${30 + ((shape * 7) % 50)}%)`
    return `<circle cx="${x}" cy="${y}" r="${20 + ((shape * 53) % 140)}" fill="${colour}" opacity="0.6"/>`
  })
  const top = `hsl(${number * 47},60%,45%)`
  const bottom = `hsl(${number * 47 + 60},60%,80%)`
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><linearGradient id="g" x2="0" y2="1"><stop stop-color="${top}"/><stop offset="1" stop-color="${bottom}"/></linearGradient><rect width="100%" height="100%" fill="url(#g)"/>${circles.join('')}</svg>`
}

/** Widths and encoder settings that all contenders use. */
export const cuts = {
  widths: [320, 640, 1280],
  quality: { avif: 55, webp: 80 },
  effort: 4,
} as const

export type CutFormat = keyof typeof cuts.quality
