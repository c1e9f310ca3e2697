import { posix } from 'node:path'
import { formatPlace, type Place } from '../../diagnostic.ts'
import type { ParsedManifest } from '../parse/parse.ts'
import type { Path } from '../parse/path.ts'
import type { ManifestFile } from '../parse/schema.ts'
import { rootScope, type Scope } from './expand-matrix.ts'

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
  /**
   * Whether something is missing, as an entry leads nowhere or a file could not be understood at
   * all.
   */
  isPartial: boolean
  /** Paths of the files, the root's first. */
  files: string[]
  /** What holds for the assets of each file, the root's first. */
  scopes: readonly Scope[]
  scopeOf: (key: string) => Scope
}

/** What all files share: a name in it is taken only once. */
const groups = {
  assets: 'assets',
  styles: 'styles',
  presets: 'presets',
  profiles: 'profiles',
} as const
type Group = keyof typeof groups

/**
 * Puts what files include beside what the root says. Where a name is taken twice the first stays,
 * and a diagnostic stands at the second. Paths that start with a number lead into the included file
 * of that number, counted from 1; all others to wherever the name is written.
 */
export function mergeManifests(
  root: ManifestPart,
  included: readonly ParsedManifest[],
  problems: readonly IncludeProblem[] = [],
): MergedManifest {
  const parts = [root, ...included]
  const diagnostics = parts.flatMap((part) => part.diagnostics)
  const partByName: Record<Group, Map<string, number>> = {
    assets: new Map(),
    styles: new Map(),
    presets: new Map(),
    profiles: new Map(),
  }
  const partOf = ([first, second]: Path): number => {
    if (typeof first === 'number') return first
    return isGroup(first) ? (partByName[first].get(String(second)) ?? 0) : 0
  }
  const placeOf: MergedManifest['placeOf'] = (path, part) =>
    parts[partOf(path)]!.placeOf(typeof path[0] === 'number' ? path.slice(1) : path, part)
  const partByFile = new Map(parts.map((part) => [part.placeOf([]).file, part]))
  const frameOf = (place: Place): string => partByFile.get(place.file)!.frameOf(place)
  const report = (code: string, place: Place, message: string, hint: string): void => {
    diagnostics.push({
      code: `manifest/${code}`,
      severity: 'error',
      message,
      hint,
      place,
      frame: frameOf(place),
    })
  }

  for (const { entry, message, hint } of problems) {
    report('include', root.placeOf(['include', entry]), message, hint)
  }
  const file: ManifestFile = { ...root.file, assets: {}, styles: {}, presets: {}, profiles: {} }
  for (const [index, part] of parts.entries()) {
    for (const group of Object.keys(groups) as Group[]) {
      for (const [name, value] of Object.entries(part.file?.[group] ?? {})) {
        const first = partByName[group].get(name)
        if (first !== undefined) {
          const other = formatPlace(parts[first]!.placeOf([group, name], 'key'))
          report(
            'duplicate-name',
            part.placeOf([group, name], 'key'),
            `There are two ${group} named "${name}".`,
            `Rename one of them; the other is at ${other}.`,
          )
          continue
        }
        partByName[group].set(name, index)
        Object.assign(file[group]!, { [name]: value })
      }
    }
  }
  const scopes = parts.map((part, index) =>
    index === 0 || part.file === undefined
      ? rootScope(root.file)
      : includedScope(root.file, part.file, index, part.placeOf([]).file),
  )
  const isPartial = problems.length > 0 || parts.some((part) => part.file === undefined)
  return {
    file,
    isPartial,
    files: [...partByFile.keys()],
    diagnostics,
    placeOf,
    frameOf,
    scopes,
    scopeOf: (key) => scopes[partByName.assets.get(key) ?? 0]!,
  }
}

/** What an included file says for its own assets goes before what the root says for all. */
function includedScope(root: ManifestFile, own: ManifestFile, index: number, path: string): Scope {
  const folder = posix.dirname(path)
  return {
    path: [index],
    folder: folder === '.' ? '' : folder,
    own: own.defaults ?? {},
    defaults: { ...root.defaults, ...own.defaults },
    vars: { ...root.vars, ...own.vars },
  }
}

function isGroup(name: unknown): name is Group {
  return typeof name === 'string' && Object.hasOwn(groups, name)
}
