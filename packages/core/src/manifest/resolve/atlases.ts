import { posix } from 'node:path'
import type { ManifestFile } from '../manifest-file.ts'
import type { Asset, AtlasSettings } from '../manifest.ts'
import { normalizePath } from './paths.ts'

/** Fills in the defaults of atlases. */
export function resolveAtlases(
  { atlases = {} }: Pick<ManifestFile, 'atlases'>,
  assets: readonly Asset[],
): AtlasSettings[] {
  return Object.entries(atlases).map(([name, atlas]) => {
    const { file, pictures, size = 256, padding = 2, powerOfTwo = true, css = false } = atlas
    const names = new Set(pictures.flatMap((picture) => packedNames(picture, assets)))
    const path = posix.normalize(normalizePath(file))
    return { name, file: path, pictures: [...names], size, padding, powerOfTwo, css }
  })
}

/** Returns the assets that a name stands for: itself, or those below it without whole sheets. */
export function packedNames(name: string, assets: readonly Asset[]): string[] {
  const start = `${name.replace(/\/$/, '')}/`
  const found = assets.filter((asset) => asset.name === name || asset.name.startsWith(start))
  const sheets = new Set(
    assets.flatMap(({ operation, inputs }) => (operation === 'cut' ? [inputs[0]!.target] : [])),
  )
  const single = found.filter((asset) => !sheets.has(asset.name))
  return single.map((asset) => asset.name)
}
