import {
  codeFrame,
  type Diagnostic,
  type Place,
  sortDiagnostics,
  splitLines,
} from '../../diagnostic.ts'
import { comparedAssets } from '../compared-assets.ts'
import type { Asset, ProviderId } from '../manifest.ts'
import type { ParsedManifest } from '../parse/parse.ts'
import type { ManifestText } from './cached-manifest.ts'
import { assetAt, fieldOfAll, type PackedManifest, withAssets } from './columns.ts'
import { findEntries } from './entry-layout.ts'
import { findChange } from './find-change.ts'
import { isMoved, moveAsset, movePlace } from './move-places.ts'
import { type Entries, readEntries, readWithoutEntries } from './read-entries.ts'

type PatchOptions = {
  /** The files of the manifest now, the root's first. */
  files: readonly ManifestText[]
  /** What was read before, and the files then. */
  before: { files: readonly ManifestText[]; manifest: PackedManifest }
  provider: ProviderId | undefined
  profile: string | undefined
}

export type Patched = {
  manifest: PackedManifest
  /** Names of the assets that were parsed. */
  changed: string[]
}

/**
 * Updates a manifest whose files differ only within entries of `assets`: parses the changed
 * entries, and keeps the rest. The result is what reading everything would give.
 *
 * @returns `undefined` if everything has to be read: names were added or removed, pictures that are
 *   made from one another or make the same request changed, or there is a mistake
 */
export function patchManifest({ files, before, ...options }: PatchOptions): Patched | undefined {
  if (
    files.length !== before.files.length ||
    !files.every(({ path }, number) => path === before.files[number]!.path)
  ) {
    return undefined
  }
  const aroundOf = createAround(before.files)
  const changed = new Set<string>()
  let { manifest } = before
  for (const [number, { text }] of files.entries()) {
    const textBefore = before.files[number]!
    if (text === textBefore.text) continue
    const context = { ...options, number, aroundOf, before: { ...textBefore, manifest } }
    const patched = patchFile(text, context)
    if (patched === undefined) return undefined
    manifest = patched.manifest
    for (const name of patched.changed) changed.add(name)
  }
  return changed.size === 0 ? undefined : { manifest, changed: [...changed] }
}

/**
 * Returns a function that parses all files but one without their entries; `undefined` if one of
 * them has to be read whole. Parses each file once.
 */
function createAround(
  files: readonly ManifestText[],
): (number: number) => ParsedManifest[] | undefined {
  const parsedByNumber = new Map<number, ParsedManifest | undefined>()
  const parse = (number: number): ParsedManifest | undefined => {
    if (!parsedByNumber.has(number)) {
      const role = number === 0 ? 'root' : 'included'
      parsedByNumber.set(number, readWithoutEntries(files[number]!, role))
    }
    return parsedByNumber.get(number)
  }
  return (number) => {
    const around: ParsedManifest[] = []
    for (const other of files.keys()) {
      if (other === number) continue
      const parsed = parse(other)
      if (parsed === undefined) return undefined
      around.push(parsed)
    }
    return around
  }
}

type PatchFileOptions = Pick<PatchOptions, 'provider' | 'profile'> & {
  /** The number of the file that changed. */
  number: number
  aroundOf: (number: number) => ParsedManifest[] | undefined
  /** The file before, and the manifest that was read then. */
  before: ManifestText & { manifest: PackedManifest }
}

/** Updates a manifest of which one file changed. */
function patchFile(text: string, options: PatchFileOptions): Patched | undefined {
  const { number, aroundOf, before, provider, profile } = options
  const layout = findEntries(before.text)
  const change = layout === undefined ? undefined : findChange(before.text, text, layout)
  if (layout === undefined || change === undefined) return undefined
  const around = aroundOf(number)
  if (around === undefined) return undefined
  const { from, oldTo, newTo } = change
  const context = { file: before.path, number, around, provider, profile }
  const old = readEntries(before.text, { layout, from, to: oldTo }, context)
  const newLayout = { ...layout, to: layout.to + newTo - oldTo }
  const fresh = readEntries(text, { layout: newLayout, from, to: newTo }, context)
  if (old === undefined || fresh === undefined || old.others !== fresh.others) return undefined
  if (!haveSameNames(old.assets, fresh.assets)) return undefined
  if (affectsOthers([...old.assets, ...fresh.assets], before.manifest)) return undefined
  return {
    manifest: {
      ...withAssets(before.manifest, changedRows(before, old, fresh)),
      warnings: mergeWarnings(text, before, { old, fresh }),
    },
    changed: fresh.assets.map(({ name }) => name),
  }
}

function haveSameNames(old: readonly Asset[], fresh: readonly Asset[]): boolean {
  const names = new Set(fresh.map(({ name }) => name))
  return names.size === old.length && old.every(({ name }) => names.has(name))
}

/** Returns the assets that changed, or that moved with the lines after the change, by their rows. */
function changedRows(
  { path: file, manifest }: PatchFileOptions['before'],
  { lastLine }: Entries,
  fresh: Entries,
): Map<number, Asset> {
  const freshByName = new Map(fresh.assets.map((asset) => [asset.name, asset]))
  const shift = { file, after: lastLine, by: fresh.lastLine - lastLine }
  const movesWith =
    shift.by === 0 ? () => false : createMoveCheck(manifest, (place) => isMoved(place, shift))
  const assetByRow = new Map<number, Asset>()
  for (const [row, name] of fieldOfAll(manifest, 'name').entries()) {
    const asset = freshByName.get(name)
    if (asset !== undefined) assetByRow.set(row, asset)
    else if (movesWith(row)) assetByRow.set(row, moveAsset(assetAt(manifest, row), shift))
  }
  return assetByRow
}

/** Returns a function that says whether any place of an asset moves. */
function createMoveCheck(
  manifest: PackedManifest,
  isAfter: (place: Place) => boolean,
): (row: number) => boolean {
  const places = fieldOfAll(manifest, 'place')
  const inputs = fieldOfAll(manifest, 'inputs')
  return (row) => isAfter(places[row]!) || inputs[row]!.some(({ place }) => isAfter(place))
}

/** Replaces the warnings of the changed entries, and moves those after them. */
function mergeWarnings(
  text: string,
  { path: file, manifest }: PatchFileOptions['before'],
  { old, fresh }: { old: Entries; fresh: Entries },
): Diagnostic[] {
  const { firstLine, lastLine } = old
  const moved = fresh.lastLine - lastLine
  const lines = manifest.warnings.length === 0 ? [] : splitLines(text)
  const kept = manifest.warnings
    .filter(({ place }) => place.file !== file || place.line < firstLine || place.line > lastLine)
    .map((warning) => {
      if (warning.place.file !== file) return warning
      const place = warning.place.line > lastLine ? movePlace(warning.place, moved) : warning.place
      const frame = warning.frame === undefined ? {} : { frame: codeFrame(lines, place) }
      return { ...warning, place, ...frame }
    })
  return sortDiagnostics([...kept, ...fresh.warnings], manifest.files)
}

/**
 * Whether another asset is made from one of these, one is made from another, or makes the same
 * request.
 */
function affectsOthers(assets: readonly Asset[], manifest: PackedManifest): boolean {
  if (assets.some(({ inputs }) => inputs.some(({ kind }) => kind === 'asset'))) return true
  if (assets.some(({ expect }) => comparedAssets(expect).length > 0)) return true
  const names = new Set(assets.map(({ name }) => name))
  const prompts = new Set(assets.flatMap(({ source, prompt }) => (source === null ? [prompt] : [])))
  const nameByRow = fieldOfAll(manifest, 'name')
  const isInput = fieldOfAll(manifest, 'inputs').some((inputs) =>
    inputs.some(({ kind, target }) => kind === 'asset' && names.has(target)),
  )
  return (
    isInput ||
    fieldOfAll(manifest, 'prompt').some(
      (prompt, row) => prompts.has(prompt) && !names.has(nameByRow[row]!),
    )
  )
}
