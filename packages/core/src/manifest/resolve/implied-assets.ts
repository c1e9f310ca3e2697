import type { Place } from '../../diagnostic.ts'
import type { Size } from '../../models/size.ts'
import type { AssetFile, ManifestFile } from '../manifest-file.ts'
import type { Path } from '../parse/path.ts'
import { characterAsset, characterKey, CHARACTER_SIZE } from './characters.ts'
import type { Scope } from './expand-matrix.ts'

/** A manifest and where its parts are written. */
export type Written = {
  file: ManifestFile
  /** Returns the place of a key or its value. */
  placeOf: (path: Path, part?: 'key' | 'value') => Place
  /** Returns what applies to an asset, by its key. */
  scopeOf: (key: string) => Scope
  /** Returns what applies to the file that has a path. */
  scopeAt: (path: Path) => Scope
}

/** An asset that another part of the manifest defines. */
type ImpliedAsset = {
  asset: AssetFile
  /** The part that defines it: paths into the asset lead there. */
  path: Path
  scope: Scope
  /** Smallest size to request if no output has a shape, px. */
  cover?: Size
}

/** A manifest with the assets that it implies, as if they were written below `assets`. */
export type WithImplied = Omit<Written, 'scopeAt'> & {
  /** Returns the smallest size to request for an asset if no output has a shape, px. */
  coverOf: (key: string) => Size | undefined
}

/**
 * Adds the assets that other keys imply: the sheet of each character. An entry of `assets` with the
 * same name stays, and a rule reports it.
 */
export function addImpliedAssets(written: Written): WithImplied {
  const { file, placeOf, scopeOf } = written
  const implied = new Map(impliedBy(written))
  if (implied.size === 0) return { file, placeOf, scopeOf, coverOf: () => undefined }
  const added = [...implied].map(([key, { asset }]) => [key, asset] as const)
  return {
    file: { ...file, assets: { ...Object.fromEntries(added), ...file.assets } },
    placeOf: (path, part) => placeOf(toWritten(path, implied), part),
    scopeOf: (key) => implied.get(key)?.scope ?? scopeOf(key),
    coverOf: (key) => implied.get(key)?.cover,
  }
}

function impliedBy({ file, scopeAt }: Written): [key: string, ImpliedAsset][] {
  return Object.entries(file.characters ?? {}).flatMap(([name, character]) => {
    const key = characterKey(name)
    if (Object.hasOwn(file.assets, key)) return []
    const path = ['characters', name]
    const asset = characterAsset(character)
    return [[key, { asset, path, scope: scopeAt(path), cover: CHARACTER_SIZE }]]
  })
}

/** Returns the path at which a part of an asset is written. */
function toWritten(path: Path, implied: ReadonlyMap<string, ImpliedAsset>): Path {
  const [group, key, ...rest] = path
  const asset = group === 'assets' ? implied.get(String(key)) : undefined
  return asset === undefined ? path : [...asset.path, ...rest]
}
