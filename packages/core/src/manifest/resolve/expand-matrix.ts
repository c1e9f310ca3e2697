import type { Path } from '../parse/path.ts'
import type { AssetFile, ManifestFile } from '../parse/schema.ts'
import type { Vars } from './fill-template.ts'

/** One picture that an entry of `assets` stands for: itself, or one combination of its matrix. */
export type ExpandedAsset = {
  name: string
  /** The entry's own name in the manifest. */
  key: string
  asset: AssetFile
  vars: Vars
  /** The name under which several shapes are one, where it is one of them. */
  family?: string
}

/** What holds for the assets of one file of a manifest, beside what they say themselves. Plain data. */
export type Scope = {
  /**
   * In front of a path within the file: nothing for the root's, else the number of the included
   * file.
   */
  path: Path
  /**
   * Folder that the file's paths are relative to, relative to the root with `/`; empty for the
   * root's.
   */
  folder: string
  /** The file's own defaults, as they are written. */
  own: Defaults
  /** The root's defaults, and over them the file's own. */
  defaults: Defaults
  /** The root's variables, and over them the file's own. */
  vars: Vars
}
type Defaults = NonNullable<ManifestFile['defaults']>

/** What holds for the assets of the root manifest. */
export function rootScope({ defaults = {}, vars = {} }: ManifestFile): Scope {
  return { path: [], folder: '', own: defaults, defaults, vars }
}

type Combination = Record<string, string | number>

/**
 * Every picture of a manifest. Names depend on the picture's own values alone, so that another
 * value touches no other picture.
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

type Matrix = NonNullable<AssetFile['matrix']>

/**
 * All combinations but the excluded ones, then what `include` adds, as in CI files: to every
 * combination that it does not contradict, else as one of its own.
 */
function combinationsOf({
  include = [],
  exclude = [],
  ...dimensions
}: Matrix): { named: Combination; extra: Combination }[] {
  const lists = Object.entries(dimensions) as [string, (string | number)[]][]
  if (countCombinations(dimensions) > MOST_COMBINATIONS) return []
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

/** Pictures that one matrix can make; a rule tells of more. */
export const MOST_COMBINATIONS = 10_000

/** How many combinations the lists of a matrix have, before `exclude` and `include`. */
export function countCombinations(matrix: Matrix): number {
  const lists = Object.entries(matrix).filter(([key]) => key !== 'include' && key !== 'exclude')
  return lists.reduce((product, [, values]) => product * (values as unknown[]).length, 1)
}

function matches(combination: Combination, wanted: Combination): boolean {
  return Object.entries(wanted).every(([key, value]) => String(combination[key]) === String(value))
}

/** A value as part of a name: `Dark blue` is `Dark-blue`. */
function slug(value: string | number): string {
  return String(value)
    .normalize('NFC')
    .trim()
    .replace(/[^\p{L}\p{M}\p{N}_-]+/gu, '-')
    .replace(/^-+|-+$/g, '')
}
