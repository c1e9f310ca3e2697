import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { examinePixels, perceptualHash } from '../../packages/core/src/examine/examine-pixels.ts'
import { inTemporaryFolder, timeAlternating } from '../measure.ts'
import { cuts, writePictures } from '../pictures.ts'

/*
 * Times all free tests of a picture, and encoding it as AVIF, in alternating runs. Prints the times
 * of an opaque picture and of a cut-out, ms.
 */
const [width, height, runs] = process.argv.slice(2).map(Number) as [number, number, number]
const bytes = await inTemporaryFolder(async (folder) => {
  const [name] = await writePictures(folder, 1, { width, height })
  return readFileSync(join(folder, `${name}.png`))
})
const subject = Buffer.from(
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><circle cx="50%" cy="50%" r="40%"/></svg>`,
)
const opaque = await sharp(bytes).ensureAlpha().raw().toBuffer()
const transparent = await sharp(bytes)
  .ensureAlpha()
  .composite([{ input: subject, blend: 'dest-in' }])
  .raw()
  .toBuffer()
const times = { opaque: await time(opaque), transparent: await time(transparent) }
process.stdout.write(`${JSON.stringify(times)}\n`)

async function time(data: Buffer): Promise<{ limn: number[]; avif: number[] }> {
  const picture = { data, width, height }
  const others = new Map([['other', perceptualHash(picture)]])
  return timeAlternating(runs, {
    limn: async () =>
      examinePixels(
        picture,
        {
          transparent: true,
          whole: true,
          quiet: 'left',
          contrast: { at: 'top', with: 'white', ratio: 4.5 },
          palette: { near: ['white', 'navy', 'tomato', 'gold'], most: 10 },
          tileable: true,
          sharp: true,
          'not-blank': true,
          unlike: ['other'],
        },
        others,
      ),
    avif: () =>
      sharp(data, { raw: { width, height, channels: 4 } })
        .avif({ quality: cuts.quality.avif, effort: cuts.effort })
        .toBuffer(),
  })
}
