import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inFolder, type Measurement, row, runScript, sideBySide, type Size } from './measure.ts'
import { type CutFormat, cuts, writePictures } from './pictures.ts'

const picturesBySize: Record<Size, number> = { tiny: 1, normal: 8, full: 40 }

/** A manifest that cuts every picture of a folder as `cuts` says. */
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

/** Files cut a second, beside a loop over sharp with the same settings. */
export const derive: Measurement = {
  name: 'derive',
  async run(size, note) {
    const count = picturesBySize[size]
    return inFolder(async (root) => {
      const names = await writePictures(
        join(root, 'photos'),
        count,
        size === 'tiny' ? { width: 160, height: 90 } : {},
      )
      writeFileSync(join(root, 'images.yaml'), cutManifest(names, { out: false }))
      const files = count * cuts.widths.length * 2
      note(`${files} files from ${count} pictures`)
      const clear = (): void => {
        for (const folder of ['node_modules', 'loop', '.limn', 'images.lock']) {
          rmSync(join(root, folder), { recursive: true, force: true })
        }
      }
      const times = await sideBySide(size === 'tiny' ? 1 : 3, {
        loop: async () =>
          (
            await runScript<{ ms: number }>('sharp-loop.ts', [
              join(root, 'photos'),
              join(root, 'loop'),
            ])
          ).ms,
        limn: async () => {
          clear()
          const { ms, derived } = await runScript<{ ms: number; derived: number }>('generate.ts', [
            root,
          ])
          if (
            derived !== files ||
            readdirSync(join(root, 'node_modules/.cache/limn/outputs')).length !== files
          ) {
            throw new Error(`${derived} files were cut, and not ${files}`)
          }
          return ms
        },
      })
      const perSecond = (ms: number): number => files / (ms / 1000)
      return [
        row({
          what: `files cut, ${files} of avif and webp`,
          limn: perSecond(times.limn),
          peer: 'a bare sharp loop',
          other: perSecond(times.loop),
          unit: 'files/s',
          bar: { atLeast: 0.9 },
        }),
      ]
    })
  },
}
