import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  inTemporaryFolder,
  type Measurement,
  row,
  runScript,
  type Size,
  timeAlternating,
} from './measure.ts'
import { type CutFormat, cuts, writePictures } from './pictures.ts'

const picturesBySize: Record<Size, number> = { tiny: 1, normal: 8, full: 40 }

/** Formats a manifest that cuts every picture in `photos/` according to `cuts`. */
export function cutManifest(
  names: readonly string[],
  {
    out,
    widths = cuts.widths,
    formats = ['avif', 'webp'],
  }: { out: boolean; widths?: readonly number[]; formats?: readonly CutFormat[] },
): string {
  const rule = (format: CutFormat): string =>
    `{ name: wide, widths: [${widths.join(', ')}], formats: [${format}], quality: ${cuts.quality[format]} }`
  const assets = names.map((name) => `  ${name}: { source: ./photos/${name}.png, alt: ${name} }\n`)
  return `version: 1\n${out ? 'out: public/pictures\n' : ''}defaults: { outputs: [${formats.map(rule).join(', ')}] }\nassets:\n${assets.join('')}`
}

/** Files cut per second, compared with a loop over sharp with the same settings. */
export const derive: Measurement = {
  name: 'derive',
  async run(size, onProgress) {
    const count = picturesBySize[size]
    return inTemporaryFolder(async (root) => {
      const picture = size === 'tiny' ? { width: 160, height: 90 } : {}
      const names = await writePictures(join(root, 'photos'), count, picture)
      writeFileSync(join(root, 'images.yaml'), cutManifest(names, { out: false }))
      const files = count * cuts.widths.length * 2
      onProgress(`${files} files from ${count} pictures`)
      const times = await timeAlternating(size === 'tiny' ? 1 : 3, {
        loop: () => runSharpLoop(root),
        limn: () => cutWithLimn(root, files),
      })
      const perSecond = (ms: number): number => files / (ms / 1000)
      return [
        row({
          what: `files cut per second, ${files} AVIF and WebP files`,
          limn: times.limn.map(perSecond),
          peer: 'bare sharp loop',
          other: times.loop.map(perSecond),
          unit: 'files/s',
          bar: { atLeast: 1 },
        }),
      ]
    })
  },
}

async function runSharpLoop(root: string): Promise<number> {
  const { ms } = await runScript<{ ms: number }>('sharp-loop.ts', [
    join(root, 'photos'),
    join(root, 'loop'),
  ])
  return ms
}

/** Cuts with an empty cache. @returns the time, ms @throws Error if not all files were cut */
async function cutWithLimn(root: string, files: number): Promise<number> {
  for (const folder of ['node_modules', 'loop', '.limn', 'images.lock']) {
    rmSync(join(root, folder), { recursive: true, force: true })
  }
  const { ms, derived } = await runScript<{ ms: number; derived: number }>('generate.ts', [root])
  const cached = readdirSync(join(root, 'node_modules/.cache/limn/outputs')).length
  if (derived !== files || cached !== files) {
    throw new Error(`Expected ${files} cut files, got ${derived}.`)
  }
  return ms
}
