import type { Place } from '../../diagnostic.ts'
import type { Size } from '../../models/size.ts'
import type { AssetFile, ManifestFile, OutputFile } from '../manifest-file.ts'
import type { Path } from '../parse/path.ts'
import { characterAsset, characterKey, CHARACTER_SIZE } from './characters.ts'
import type { Scope } from './expand-matrix.ts'
import { type Cut, gridOf, sheetAsset, sheetParts } from './sheets.ts'

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

/** How the manifest defines an asset other than by an entry of `assets` with its own name. */
export type Implied = {
  /** The parts that define it. A path into the asset leads to the first that has it. */
  paths: readonly Path[]
  /** The grid of a sheet, and the outputs of its cells. */
  grid?: { columns: number; rows: number; outputs: readonly OutputFile[] | undefined }
  /** Smallest size to request if no output has a shape, px. */
  cover?: Size
  /** How it is cut from another picture. */
  cut?: Cut
}

type ImpliedAsset = Implied & { asset: AssetFile; scope: Scope }

/** A manifest with the assets that it implies, as if they were written below `assets`. */
export type WithImplied = Omit<Written, 'scopeAt'> & {
  /** Returns how an asset is defined, by its key; `undefined` for an entry as it is written. */
  impliedOf: (key: string) => Implied | undefined
}

/**
 * Adds the assets that other keys imply: the sheet of each character, and the cells of each sheet.
 * An entry of `assets` with the same name stays, and a rule reports it.
 */
export function addImpliedAssets(written: Written): WithImplied {
  const { file, placeOf, scopeOf } = written
  const implied = new Map([...impliedByCharacters(written), ...impliedBySheets(written)])
  if (implied.size === 0) return { file, placeOf, scopeOf, impliedOf: () => undefined }
  const assets = [...implied].map(([key, { asset }]) => [key, asset] as const)
  return {
    file: { ...file, assets: { ...file.assets, ...Object.fromEntries(assets) } },
    placeOf: (path, part) => placeOf(toWritten(path, implied, file), part),
    scopeOf: (key) => implied.get(key)?.scope ?? scopeOf(key),
    impliedOf: (key) => implied.get(key),
  }
}

type Entries = (readonly [key: string, asset: ImpliedAsset])[]

function impliedByCharacters({ file, scopeAt }: Written): Entries {
  return Object.entries(file.characters ?? {}).flatMap(([name, character]): Entries => {
    const key = characterKey(name)
    if (Object.hasOwn(file.assets, key)) return []
    const paths = [['characters', name]]
    const scope = scopeAt(paths[0]!)
    return [[key, { asset: characterAsset(character), paths, scope, cover: CHARACTER_SIZE }]]
  })
}

function impliedBySheets({ file, scopeOf }: Written): Entries {
  return Object.entries(file.assets).flatMap(([key, asset]): Entries => {
    const { sheet } = asset
    if (sheet === undefined) return []
    const scope = scopeOf(key)
    const path = ['assets', key]
    const grid = { ...gridOf(sheet), outputs: asset.outputs }
    const cells = sheetParts(key, asset, sheet).flatMap(
      ({ key: own, asset: cell, index, cut }): Entries => {
        if (Object.hasOwn(file.assets, own)) return []
        const paths = [[...path, 'sheet', 'cells', index], path]
        return [[own, { asset: cell, paths, scope, ...(cut === undefined ? {} : { cut }) }]]
      },
    )
    return [[key, { asset: sheetAsset(asset, sheet), paths: [path], scope, grid }], ...cells]
  })
}

/** Returns the path at which a part of an asset is written. */
function toWritten(
  path: Path,
  implied: ReadonlyMap<string, ImpliedAsset>,
  file: ManifestFile,
): Path {
  const [group, key, ...rest] = path
  const asset = group === 'assets' ? implied.get(String(key)) : undefined
  if (asset === undefined) return path
  const owner = asset.paths.find((each) => rest.length > 0 && hasPath(file, [...each, rest[0]!]))
  return [...(owner ?? asset.paths[0]!), ...rest]
}

function hasPath(value: unknown, path: Path): boolean {
  let at = value
  for (const step of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return false
    at = (at as Readonly<Record<string, unknown>>)[step]
  }
  return true
}
