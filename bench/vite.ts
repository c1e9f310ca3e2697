import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cutManifest } from './derive.ts'
import {
  inTemporaryFolder,
  type Measurement,
  type Row,
  row,
  runLimn,
  runAlternating,
  runScript,
  type Size,
  timeAlternating,
} from './measure.ts'
import { cuts, writePictures } from './pictures.ts'
import { installPublished } from './published.ts'
import {
  changePicture,
  type Contender,
  contenders,
  createSites,
  fillPlainSite,
  type SiteOptions,
} from './site.ts'

const tiny: SiteOptions = {
  count: 2,
  picture: { width: 160, height: 90 },
  widths: [40, 80, 160],
  formats: ['avif', 'webp'],
}
const large: Omit<SiteOptions, 'count'> = {
  picture: { width: 1536, height: 864 },
  widths: cuts.widths,
  formats: ['avif', 'webp'],
}
/** Few large pictures: most of the time is spent on cutting them. */
const fewBySize: Record<Size, SiteOptions> = {
  tiny,
  normal: { count: 6, ...large },
  full: { count: 40, ...large },
}
/** 1,200 files: once cut, most of the time depends on their number. AVIF would take too long to cut. */
const manyBySize: Record<Size, SiteOptions> = {
  tiny,
  normal: {
    count: 200,
    picture: { width: 480, height: 270 },
    widths: [80, 120, 160, 240, 320, 480],
    formats: ['webp'],
  },
  full: { count: 200, ...large },
}
const runsBySize: Record<Size, number> = { tiny: 1, normal: 7, full: 7 }
/** A cold build takes half a minute. */
const coldRunsBySize: Record<Size, number> = { tiny: 1, normal: 3, full: 3 }
/** Assets of the site whose dev server is started. */
const readyBySize: Record<Size, number> = { tiny: 2, normal: 500, full: 500 }

type Built = { ms: number; cpu: number; files: number; bytes: number }
type Served = Record<'ready' | 'page' | 'cold' | 'warm' | 'repeated' | 'later', number>
type Tools = { size: Size; onProgress: (text: string) => void; rows: Row[] }

/** Builds and dev servers of the same site with Limn, with vite-imagetools, and with plain files. */
export const vite: Measurement = {
  name: 'vite',
  async run(size, onProgress) {
    const tools: Tools = { size, onProgress, rows: [] }
    await inTemporaryFolder(async (root) => {
      await installPublished(root)
      await measureFew(join(root, 'few'), tools)
      await measureMany(join(root, 'many'), tools)
      await measureReady(join(root, 'ready'), tools)
    })
    return tools.rows
  },
}

/** Measures cold builds, and then the answers of a dev server, with a few large pictures. */
async function measureFew(root: string, tools: Tools): Promise<void> {
  const options = fewBySize[tools.size]
  tools.onProgress(`three sites with ${options.count} large pictures`)
  const sites = await createSites(root, options)
  await measureColdBuilds(sites, tools)
  await fillPlainSite(sites, options)
  await measureDev(sites, options.widths, tools)
}

async function measureColdBuilds(
  sites: Record<Contender, string>,
  { size, rows }: Tools,
): Promise<void> {
  const cold = await runAlternating(['limn', 'imagetools'], coldRunsBySize[size], (contender) => {
    clearCache(sites[contender])
    return build(contender, sites)
  })
  assertSame({ limn: cold.limn[0]!, imagetools: cold.imagetools[0]! })
  const compare = (what: string, key: 'ms' | 'cpu'): void =>
    void rows.push(
      row({
        what,
        limn: valuesOf(cold.limn, key),
        peer: 'vite-imagetools',
        other: valuesOf(cold.imagetools, key),
        unit: 'ms',
        bar: { atMost: 1 },
      }),
    )
  compare('build, cold', 'ms')
  compare('build (CPU), cold', 'cpu')
}

async function measureDev(
  sites: Record<Contender, string>,
  widths: readonly number[],
  { size, rows }: Tools,
): Promise<void> {
  const served = await runAlternating(contenders, runsBySize[size], (contender) => {
    // The dev server shares the cache with builds, so it is cleared for a cold request.
    if (contender !== 'plain') clearCache(sites[contender])
    const args = [contender, sites[contender], 'get', String(widths[1]), String(widths[2])]
    return runScript<Served>('vite-dev.ts', args)
  })
  const compare = (
    what: string,
    key: keyof Served,
    peer: 'imagetools' | 'plain',
    atMost: number = 1,
  ): void =>
    void rows.push(
      row({
        what,
        limn: valuesOf(served.limn, key),
        peer: peer === 'imagetools' ? 'vite-imagetools' : 'plain files',
        other: valuesOf(served[peer], key),
        unit: 'ms',
        bar: peer === 'imagetools' ? { atMost } : null,
      }),
    )
  compare('page with one picture in dev, cold', 'page', 'imagetools')
  compare('GET of another size in dev, after a pause', 'later', 'imagetools', 0.7)
  for (const what of ['cold', 'warm', 'repeated'] as const) {
    compare(`GET of a picture in dev, ${what}`, what, 'imagetools', what === 'cold' ? 0.7 : 1)
    compare(`GET of a picture in dev, ${what}`, what, 'plain')
  }
}

/** Measures builds with a warm cache, and after a change of one picture. */
async function measureMany(root: string, { size, onProgress, rows }: Tools): Promise<void> {
  const options = manyBySize[size]
  const runs = runsBySize[size]
  onProgress(
    `three sites with ${options.count} pictures, ${options.count * options.widths.length * options.formats.length} files`,
  )
  const sites = await createSites(root, options)
  assertSame({ limn: await build('limn', sites), imagetools: await build('imagetools', sites) })
  await fillPlainSite(sites, options)
  const warm = await runAlternating(contenders, runs, (contender) => build(contender, sites))
  assertSame({ limn: warm.limn[0]!, imagetools: warm.imagetools[0]!, plain: warm.plain[0]! })
  const changed = await runAlternating(['limn', 'imagetools'], runs, async (contender) => {
    await changePicture(sites[contender])
    return build(contender, sites)
  })
  for (const key of ['ms', 'cpu'] as const) {
    const what = (of: string): string => `build${key === 'cpu' ? ' (CPU)' : ''}, ${of}`
    const compare = (
      of: string,
      limn: Built[],
      peer: string,
      other: Built[],
      atMost: number,
    ): void => {
      rows.push(
        row({
          what: what(of),
          limn: valuesOf(limn, key),
          peer,
          other: valuesOf(other, key),
          unit: 'ms',
          bar: { atMost },
        }),
      )
    }
    compare(`warm, ${warm.limn[0]!.files} files`, warm.limn, 'vite-imagetools', warm.imagetools, 1)
    compare(`warm, ${warm.limn[0]!.files} files`, warm.limn, 'plain files', warm.plain, 1.05)
    compare('one picture changed', changed.limn, 'vite-imagetools', changed.imagetools, 1)
  }
}

/** Measures what the plugin adds to the start of a dev server when all assets are up to date. */
async function measureReady(root: string, { size, onProgress, rows }: Tools): Promise<void> {
  const count = readyBySize[size]
  onProgress(`dev servers with ${count} assets`)
  const names = await writePictures(join(root, 'photos'), count, { width: 96, height: 54 })
  writeFileSync(join(root, 'package.json'), '{ "type": "module", "private": true }')
  writeFileSync(join(root, 'index.html'), '<!doctype html><html lang="en"><body></body></html>')
  writeFileSync(join(root, 'images.yaml'), cutManifest(names, { out: false, widths: [32] }))
  await runLimn(['generate'], root)
  const ready = async (contender: Contender): Promise<number> =>
    (await runScript<Served>('vite-dev.ts', [contender, root, 'start'])).ready
  const times = await timeAlternating(runsBySize[size], {
    limn: () => ready('limn'),
    plain: () => ready('plain'),
  })
  rows.push(
    row({
      what: `added to the dev server's start, ${count} assets (target: 50 ms)`,
      // Each pair of runs is seconds apart, so both saw the same load.
      limn: times.limn.map((ms, run) => Math.max(0, ms - times.plain[run]!)),
      peer: 'target',
      other: 50,
      unit: 'ms',
      bar: { atMost: 1 },
    }),
  )
}

/** Removes the cut files of a site. */
function clearCache(site: string): void {
  rmSync(join(site, 'node_modules/.cache'), { recursive: true, force: true })
}

function build(contender: Contender, sites: Record<Contender, string>): Promise<Built> {
  return runScript<Built>('vite-build.ts', [contender, sites[contender]])
}

function valuesOf<Key extends string>(
  results: readonly Record<Key, number>[],
  key: Key,
): readonly number[] {
  return results.map((result) => result[key])
}

/** Maximum ratio of the bytes that two sites ship: the same sharp encodes both. */
const MAX_BYTES_RATIO = 1.1

/** Checks that all sites ship equally many pictures of similar size. @throws Error */
function assertSame(built: Readonly<Record<string, Built>>): void {
  const files = Object.values(built).map((site) => site.files)
  const bytes = Object.values(built).map((site) => site.bytes)
  const hasSimilarBytes = Math.max(...bytes) <= MAX_BYTES_RATIO * Math.min(...bytes)
  if (new Set(files).size === 1 && hasSimilarBytes) return
  throw new Error(
    `The sites don't ship the same pictures: ${Object.entries(built)
      .map(([name, site]) => `${name} ${site.files} pictures of ${site.bytes} bytes`)
      .join(', ')}`,
  )
}
