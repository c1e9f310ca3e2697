import type {
  AssetFile,
  Combination,
  DefaultsFile,
  ManifestFile,
  MatrixFile,
} from '../manifest-file.ts'
import type { Path } from '../parse/path.ts'
import type { Scalar } from '../scalar.ts'
import type { Vars } from './fill-template.ts'
import { slug } from './slug.ts'

/** One picture of an entry of `assets`: the entry itself, or one combination of its matrix. */
export type ExpandedAsset = {
  name: string
  /** The entry's own name in the manifest. */
  key: string
  asset: AssetFile
  vars: Vars
  /** The name that several shapes share; absent for an asset with one shape. */
  family?: string
}

/** What applies to the assets of one file of a manifest, unless they override it. Plain data. */
export type Scope = {
  /** Start of a path into the file: empty for the root, otherwise the number of the included file. */
  path: Path
  /** Folder of the file, relative to the root with `/`; empty for the root itself. */
  folder: string
  /** The file's own defaults, as they are written. */
  own: DefaultsFile
  /** The root's defaults, overridden by the file's own. */
  defaults: DefaultsFile
  /** The root's variables, overridden by the file's own. */
  vars: Vars
}

/** Returns what applies to the assets of the root manifest. */
export function rootScope({ defaults = {}, vars = {} }: ManifestFile): Scope {
  return { path: [], folder: '', own: defaults, defaults, vars }
}

/**
 * Returns every picture of a manifest. A name depends only on the picture's own values, so that a
 * new value changes no other picture.
 */
export function expandAssets(file: ManifestFile, scopeOf: (key: string) => Scope): ExpandedAsset[] {
  return Object.entries(file.assets).flatMap(([key, asset]) => {
    const shared = { ...scopeOf(key).vars, ...asset.vars }
    if (asset.matrix === undefined) {
      return [{ name: key, key, asset, vars: { ...shared, name: key } }]
    }
    return combinationsOf(asset.matrix).map(({ named, extra }) => {
      const name = [key, ...Object.values(named).map(slug)].join('/')
      return { name, key, asset, vars: { ...shared, ...named, ...extra, name } }
    })
  })
}

/**
 * Returns all combinations except the excluded ones, then applies `include` as CI files do: to
 * every combination that it does not contradict, otherwise as a combination of its own.
 */
function combinationsOf({
  include = [],
  exclude = [],
  ...dimensions
}: MatrixFile): { named: Combination; extra: Combination }[] {
  const lists = Object.entries(dimensions) as [string, Scalar[]][]
  if (countCombinations(dimensions) > MAX_COMBINATIONS) return []
  let all: Combination[] = lists.length === 0 ? [] : [{}]
  for (const [key, values] of lists) {
    all = all.flatMap((combination) => values.map((value) => ({ ...combination, [key]: value })))
  }
  const kept = all
    .filter((combination) => !exclude.some((out) => matches(combination, out)))
    .map((named) => ({ named, extra: {} as Combination }))
  const original = [...kept]
  for (const addition of include) {
    const known = Object.fromEntries(
      Object.entries(addition).filter(([key]) => Object.hasOwn(dimensions, key)),
    )
    const fitting = original.filter(({ named }) => matches(named, known))
    if (fitting.length === 0 || (Object.keys(known).length === 0 && lists.length === 0)) {
      kept.push({ named: addition, extra: {} })
    } else for (const combination of fitting) Object.assign(combination.extra, addition)
  }
  return kept
}

/** Number of combinations that a matrix can have; a rule reports more. */
export const MAX_COMBINATIONS = 10_000

/** Returns the number of combinations of a matrix, before `exclude` and `include`. */
export function countCombinations(matrix: MatrixFile): number {
  const lists = Object.entries(matrix).filter(([key]) => key !== 'include' && key !== 'exclude')
  return lists.reduce((product, [, values]) => product * (values as unknown[]).length, 1)
}

function matches(combination: Combination, wanted: Combination): boolean {
  return Object.entries(wanted).every(([key, value]) => String(combination[key]) === String(value))
}
