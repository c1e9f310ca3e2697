import { posix } from 'node:path'
import { formatPlace, type Place } from '../../diagnostic.ts'
import type { AssetFile, DefaultsFile, ManifestFile, OutputFile } from '../manifest-file.ts'
import { rebaseOverlay } from '../overlay.ts'
import type { ParsedManifest } from '../parse/parse.ts'
import type { Path } from '../parse/path.ts'
import type { Preset } from '../presets.ts'
import { rootScope, type Scope } from './expand-matrix.ts'
import { fromFolder, normalizePath } from './paths.ts'

/** Why an entry of `include` can't be followed. */
export type IncludeProblem = {
  /** Its index in `include`. */
  entry: number
  message: string
  hint: string
}

/** A file of a manifest that could be understood. */
export type ManifestPart = ParsedManifest & { file: ManifestFile }

/** The files of a manifest as one. */
export type MergedManifest = ManifestPart & {
  /** Whether an entry leads nowhere, or a file could not be understood at all. */
  isPartial: boolean
  /** Paths of the files, the root's first. */
  files: string[]
  /** What applies to the assets of each file, the root's first. */
  scopes: readonly Scope[]
  /** Returns what applies to an asset, by its key. */
  scopeOf: (key: string) => Scope
}

/** Groups that all files share: a name in them is unique over all files. */
const groups = ['assets', 'styles', 'characters', 'presets', 'profiles'] as const
type Group = (typeof groups)[number]

/** For each name of a group, the number of the file that defines it. */
type PartByName = Readonly<Record<Group, Map<string, number>>>

/**
 * Merges the files that a manifest includes into it. Of two definitions of a name the first stays,
 * and the second gets a diagnostic. Paths that start with a number lead into the included file of
 * that number, counted from 1; all others to wherever the name is written.
 */
export function mergeManifests(
  root: ManifestPart,
  included: readonly ParsedManifest[],
  problems: readonly IncludeProblem[] = [],
): MergedManifest {
  const parts = [root, ...included] as const
  const partByFile = new Map(parts.map((part) => [part.placeOf([]).file, part]))
  const frameOf = (place: Place): string => partByFile.get(place.file)!.frameOf(place)
  const diagnostics = parts.flatMap((part) => part.diagnostics)
  const report = (code: string, place: Place, message: string, hint: string): void => {
    const frame = frameOf(place)
    diagnostics.push({ code: `manifest/${code}`, severity: 'error', message, hint, place, frame })
  }
  for (const { entry, message, hint } of problems) {
    report('include', root.placeOf(['include', entry]), message, hint)
  }
  const { file, partByName } = mergeGroups(parts, (group, name, [first, second]) => {
    const other = formatPlace(first.placeOf([group, name], 'key'))
    report(
      'duplicate-name',
      second.placeOf([group, name], 'key'),
      `There are two ${group} named "${name}".`,
      `Rename one of them; the other is at ${other}.`,
    )
  })
  const scopes = scopesOf(root, parts)
  return {
    file,
    isPartial: problems.length > 0 || parts.some((part) => part.file === undefined),
    files: [...partByFile.keys()],
    diagnostics,
    placeOf: placeInParts(parts, partByName),
    frameOf,
    scopes,
    scopeOf: (key) => scopes[partByName.assets.get(key) ?? 0]!,
  }
}

type OnDuplicate = (
  group: Group,
  name: string,
  parts: [first: ParsedManifest, second: ParsedManifest],
) => void

function mergeGroups(
  parts: readonly [ManifestPart, ...ParsedManifest[]],
  onDuplicate: OnDuplicate,
): { file: ManifestFile; partByName: PartByName } {
  const file: ManifestFile = {
    ...parts[0].file,
    assets: {},
    styles: {},
    characters: {},
    presets: {},
    profiles: {},
  }
  const partByName: PartByName = {
    assets: new Map(),
    styles: new Map(),
    characters: new Map(),
    presets: new Map(),
    profiles: new Map(),
  }
  for (const [index, part] of parts.entries()) {
    for (const group of groups) {
      const own: Readonly<Record<string, object>> = part.file?.[group] ?? {}
      const all: Record<string, object> = file[group]!
      for (const name of Object.keys(own)) {
        const first = partByName[group].get(name)
        if (first !== undefined) {
          onDuplicate(group, name, [parts[first]!, part])
          continue
        }
        partByName[group].set(name, index)
        all[name] = rebase(group, own[name]!, folderOf(part)) as object
      }
    }
  }
  return { file, partByName }
}

/** Makes the paths of overlays relative to the root; other paths are those of assets. */
function rebase(group: Group, value: unknown, folder: string): unknown {
  if (folder === '' || (group !== 'assets' && group !== 'presets')) return value
  const toRoot = (path: string): string => fromFolder(folder, normalizePath(path))
  if (group === 'presets') return rebaseRule(value as Preset, toRoot)
  const asset = value as AssetFile
  return asset.outputs === undefined
    ? asset
    : { ...asset, outputs: rebaseOutputs(asset.outputs, toRoot) }
}

function rebaseOutputs(outputs: OutputFile[], toRoot: (path: string) => string): OutputFile[] {
  return outputs.map((entry) => (typeof entry === 'string' ? entry : rebaseRule(entry, toRoot)))
}

function rebaseRule<Rule extends Pick<Preset, 'overlay'>>(
  rule: Rule,
  toRoot: (path: string) => string,
): Rule {
  return rule.overlay === undefined
    ? rule
    : { ...rule, overlay: rebaseOverlay(rule.overlay, toRoot) }
}

/** Returns the folder of a file of the manifest, relative to the root; empty for the root itself. */
function folderOf({ placeOf }: Pick<ParsedManifest, 'placeOf'>): string {
  const folder = posix.dirname(placeOf([]).file)
  return folder === '.' ? '' : folder
}

/** Returns a function that finds the place of a path in whichever file it is written. */
function placeInParts(
  parts: readonly ParsedManifest[],
  partByName: PartByName,
): MergedManifest['placeOf'] {
  const partOf = ([first, second]: Path): number => {
    if (typeof first === 'number') return first
    return isGroup(first) ? (partByName[first].get(String(second)) ?? 0) : 0
  }
  return (path, part) =>
    parts[partOf(path)]!.placeOf(typeof path[0] === 'number' ? path.slice(1) : path, part)
}

function isGroup(name: unknown): name is Group {
  return groups.some((group) => group === name)
}

function scopesOf(root: ManifestPart, parts: readonly ParsedManifest[]): Scope[] {
  return parts.map(({ file, placeOf }, index) =>
    index === 0 || file === undefined
      ? rootScope(root.file)
      : includedScope(root.file, file, { index, folder: folderOf({ placeOf }) }),
  )
}

/** For the assets of an included file, its own settings override the root's. */
function includedScope(
  root: ManifestFile,
  own: ManifestFile,
  { index, folder }: { index: number; folder: string },
): Scope {
  const toRoot = (path: string): string => fromFolder(folder, normalizePath(path))
  const { outputs, ...rest } = own.defaults ?? {}
  const defaults: DefaultsFile =
    outputs === undefined ? rest : { ...rest, outputs: rebaseOutputs(outputs, toRoot) }
  return {
    path: [index],
    folder,
    own: defaults,
    defaults: mergeDefaults(root.defaults, defaults),
    vars: { ...root.vars, ...own.vars },
  }
}

/** Merges settings key by key, and so what pictures are expected to be. */
function mergeDefaults(root: DefaultsFile = {}, own: DefaultsFile = {}): DefaultsFile {
  if (root.expect === undefined || own.expect === undefined) return { ...root, ...own }
  return { ...root, ...own, expect: { ...root.expect, ...own.expect } }
}
