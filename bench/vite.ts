import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cutManifest } from './derive.ts'
import { inFolder, median, type Measurement, type Row, row, runLimn, runScript, sideBySide, type Size } from './measure.ts'
import { writePictures } from './pictures.ts'
import { changePicture, type Contender, contenders, createSites, fillPlainSite } from './site.ts'

const picturesBySize: Record<Size, number> = { tiny: 2, normal: 6, full: 40 }
const readyBySize: Record<Size, number> = { tiny: 2, normal: 500, full: 500 }

type Built = { ms: number; files: number }
type Served = { ready: number; cold: number; warm: number; repeated: number }

/** Builds and dev servers of the same site with Limn, with vite-imagetools, and with the finished files imported. */
export const vite: Measurement = {
  name: 'vite',
  async run(size, note) {
    const count = picturesBySize[size]
    const turns = size === 'tiny' ? 1 : 5
    return inFolder(async (root) => {
      note(`three sites with ${count} pictures, ${count * 6} files`)
      const sites = await createSites(root, count, size === 'tiny' ? { width: 160, height: 90 } : {})
      const build = (contender: Contender): Promise<Built> => runScript<Built>('vite-build.ts', [contender, sites[contender]])
      const cold = { limn: await build('limn'), imagetools: await build('imagetools') }
      if (cold.limn.files !== cold.imagetools.files) throw new Error(`The sites ship ${cold.limn.files} and ${cold.imagetools.files} pictures`)
      await fillPlainSite(sites)
      const ofAll = (work: (contender: Contender) => Promise<number>): Record<Contender, () => Promise<number>> => Object.fromEntries(contenders.map((contender) => [contender, () => work(contender)])) as Record<Contender, () => Promise<number>>
      const warm = await sideBySide(turns, ofAll(async (contender) => (await build(contender)).ms))

      note('dev servers')
      const served = Object.fromEntries(contenders.map((contender) => [contender, [] as Served[]])) as Record<Contender, Served[]>
      for (let turn = 0; turn < turns; turn++) {
        for (const contender of contenders) {
          // What was cut for builds is found by dev too: cold is a picture that nobody has cut yet.
          if (contender !== 'plain') rmSync(join(sites[contender], 'node_modules/.cache'), { recursive: true, force: true })
          served[contender].push(await runScript<Served>('vite-dev.ts', [contender, sites[contender], 'get']))
        }
      }
      const took = (contender: Contender, what: keyof Served): number => median(served[contender].map((times) => times[what]))

      for (const contender of ['limn', 'imagetools'] as const) await build(contender)
      for (const contender of ['limn', 'imagetools'] as const) await changePicture(sites[contender])
      const changed = { limn: await build('limn'), imagetools: await build('imagetools') }

      const rows: Row[] = []
      const compare = (what: string, limn: number, other: number, peer: string, bar: Row['bar']): void => void rows.push(row({ what, limn, peer, other, unit: 'ms', bar }))
      compare('build, cold', cold.limn.ms, cold.imagetools.ms, 'vite-imagetools', { atMost: 1 })
      compare('build, warm', warm.limn, warm.imagetools, 'vite-imagetools', { atMost: 1 })
      compare('build, warm', warm.limn, warm.plain, 'plain files', { atMost: 1.05 })
      compare('build, one picture changed', changed.limn.ms, changed.imagetools.ms, 'vite-imagetools', { atMost: 1 })
      for (const what of ['cold', 'warm', 'repeated'] as const) {
        compare(`GET of a picture in dev, ${what}`, took('limn', what), took('imagetools', what), 'vite-imagetools', { atMost: 1 })
        compare(`GET of a picture in dev, ${what}`, took('limn', what), took('plain', what), 'plain files', null)
      }
      return [...rows, ...(await measureReady(readyBySize[size], turns, note))]
    })
  },
}

/** What the plugin adds to the time in which a dev server is ready, with so many assets that are up to date. */
async function measureReady(count: number, turns: number, note: (text: string) => void): Promise<Row[]> {
  note(`dev servers with ${count} assets`)
  return inFolder(async (root) => {
    const names = await writePictures(join(root, 'photos'), count, { width: 96, height: 54 })
    writeFileSync(join(root, 'package.json'), '{ "type": "module", "private": true }')
    writeFileSync(join(root, 'index.html'), '<!doctype html><html lang="en"><body></body></html>')
    writeFileSync(join(root, 'images.yaml'), cutManifest(names, false).replace('[320, 640, 1280]', '[32]').replace('[320, 640, 1280]', '[32]'))
    await runLimn(['generate'], root)
    const ready = async (contender: Contender): Promise<number> => (await runScript<Served>('vite-dev.ts', [contender, root, 'start'])).ready
    const times = await sideBySide(turns, { limn: () => ready('limn'), plain: () => ready('plain') })
    return [row({ what: `added to a dev server's start, ${count} assets (bar: 50 ms)`, limn: Math.max(0, times.limn - times.plain), peer: 'the bar', other: 50, unit: 'ms', bar: { atMost: 1 } })]
  })
}
