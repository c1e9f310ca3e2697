import {
  codeFrame,
  type Diagnostic,
  type Place,
  sortDiagnostics,
  splitLines,
} from '../../diagnostic.ts'
import type { Asset, ProviderId } from '../manifest.ts'
import { type ParsedManifest, parseManifest } from '../parse/parse.ts'
import { mergeManifests } from '../resolve/merge-included.ts'
import { resolveManifest } from '../resolve/resolve.ts'
import { assetAt, fieldOfAll, type PackedManifest, withAssets } from './columns.ts'
import {
  beginsEntry,
  type EntryLayout,
  entryAfter,
  entryBefore,
  findEntries,
} from './entry-layout.ts'

/** A file of a manifest. Plain data. */
export type ManifestText = {
  /** As diagnostics name it. */
  path: string
  text: string
}

export type PatchOptions = {
  /** The files that the manifest is made of now, the root's first. */
  files: readonly ManifestText[]
  /** What was read before, and the files then. */
  before: { files: readonly ManifestText[]; manifest: PackedManifest }
  provider: ProviderId | undefined
  profile: string | undefined
}

export type Patched = {
  manifest: PackedManifest
  /** Names of the assets that were read. */
  changed: string[]
}

/**
 * Reads files that differ from those that were read before only within entries of `assets`: those
 * are read, all else is taken over. It gives what reading everything would give, or nothing where
 * an entry may mean something to others: where names come or go, and where pictures are made from
 * one another or asked for in the same words.
 *
 * @returns `undefined` where everything has to be read; so too where there is a mistake
 */
export function patchManifest({ files, before, ...options }: PatchOptions): Patched | undefined {
  if (
    files.length !== before.files.length ||
    !files.every(({ path }, number) => path === before.files[number]!.path)
  ) {
    return undefined
  }
  const changed = new Set<string>()
  let { manifest } = before
  for (const [number, { text }] of files.entries()) {
    if (text === before.files[number]!.text) continue
    const patched = patchFile(text, { ...options, files: before.files, number, manifest })
    if (patched === undefined) return undefined
    manifest = patched.manifest
    for (const name of patched.changed) changed.add(name)
  }
  return changed.size === 0 ? undefined : { manifest, changed: [...changed] }
}

type PatchFileOptions = Pick<PatchOptions, 'provider' | 'profile'> & {
  /** The files as they were. */
  files: readonly ManifestText[]
  /** Which of them has changed. */
  number: number
  /** What was read before. */
  manifest: PackedManifest
}

/** As `patchManifest`, where one file has changed. */
function patchFile(text: string, { manifest, ...options }: PatchFileOptions): Patched | undefined {
  const { path: file, text: textBefore } = options.files[options.number]!
  const layout = findEntries(textBefore)
  const change = layout === undefined ? undefined : findChange(textBefore, text, layout)
  if (layout === undefined || change === undefined) return undefined
  const { from, oldTo, newTo } = change
  const around = readAround(options)
  if (around === undefined) return undefined
  const old = readPart(textBefore, { layout, from, to: oldTo }, around, options)
  const fresh = readPart(
    text,
    { layout: { ...layout, to: layout.to + newTo - oldTo }, from, to: newTo },
    around,
    options,
  )
  if (old === undefined || fresh === undefined || old.others !== fresh.others) return undefined
  const freshByName = new Map(fresh.assets.map((asset) => [asset.name, asset]))
  if (
    freshByName.size !== old.assets.length ||
    !old.assets.every(({ name }) => freshByName.has(name))
  ) {
    return undefined
  }
  if (meansToOthers([...old.assets, ...fresh.assets], manifest)) return undefined

  const { lastLine } = old
  const moved = fresh.lastLine - lastLine
  const places = moved === 0 ? [] : fieldOfAll(manifest, 'place')
  const assetByRow = new Map<number, Asset>()
  for (const [row, name] of fieldOfAll(manifest, 'name').entries()) {
    const asset = freshByName.get(name)
    if (asset !== undefined) assetByRow.set(row, asset)
    else if (places[row]?.file === file && places[row].line > lastLine) {
      assetByRow.set(row, moveAsset(assetAt(manifest, row), moved))
    }
  }
  const lines = manifest.warnings.length === 0 ? [] : splitLines(text)
  const kept = manifest.warnings
    .filter(
      ({ place }) => place.file !== file || place.line < old.firstLine || place.line > lastLine,
    )
    .map((warning) => {
      if (warning.place.file !== file) return warning
      const place = warning.place.line > lastLine ? movePlace(warning.place, moved) : warning.place
      return warning.frame === undefined
        ? { ...warning, place }
        : { ...warning, place, frame: codeFrame(lines, place) }
    })
  const warnings = sortDiagnostics([...kept, ...fresh.warnings], manifest.files)
  return {
    manifest: { ...withAssets(manifest, assetByRow), warnings },
    changed: [...freshByName.keys()],
  }
}

/** The entries in which two texts differ: from where, and to where in each. */
function findChange(
  before: string,
  text: string,
  layout: EntryLayout,
): { from: number; oldTo: number; newTo: number } | undefined {
  const start = sameAtStart(before, text)
  const oldEnd = before.length - sameAtEnd(before, text, start)
  if (start <= layout.from || oldEnd > layout.to) return undefined
  const from = entryBefore(before, layout, start)
  const oldTo = entryAfter(before, layout, oldEnd)
  const newTo = oldTo + text.length - before.length
  const [old, fresh] = [before.slice(from, oldTo), text.slice(from, newTo)]
  // What is read has to begin with an entry, and what follows in a line of its own, as they did.
  if (!beginsEntry(text, from, layout.indent) || (newTo < text.length && !fresh.endsWith('\n'))) {
    return undefined
  }
  // Anchors, aliases and merges reach beyond an entry, and a key at the left edge ends them all.
  if (/[&*]|<</.test(old + fresh) || /\n[^ \t\r\n#]/.test(`\n${fresh}`) || /\r(?!\n)/.test(fresh)) {
    return undefined
  }
  return { from, oldTo, newTo }
}

type Part = {
  assets: Asset[]
  warnings: Diagnostic[]
  /** Lines that it takes in the whole text. */
  firstLine: number
  lastLine: number
  /** What is said besides, of the manifest and beside its entries. */
  others: string
}

/**
 * What all files but the changed one say beside their entries; `undefined` where that can't be told
 * apart.
 */
function readAround({
  files,
  number,
}: Pick<PatchFileOptions, 'files' | 'number'>): ParsedManifest[] | undefined {
  const read = files.flatMap(({ path, text }, other): (ParsedManifest | undefined)[] => {
    if (other === number) return []
    const layout = findEntries(text)
    // Aliases behind the entries may lead to anchors in them.
    if (layout !== undefined && text.includes('*', layout.to)) return [undefined]
    const plain =
      layout === undefined ? text : `${text.slice(0, layout.from)}  {}\n${text.slice(layout.to)}`
    const parsed = parseManifest(plain, path, other === 0 ? 'root' : 'included')
    const isPlain =
      parsed.file !== undefined &&
      parsed.diagnostics.length === 0 &&
      Object.keys(parsed.file.assets).length === 0
    return [isPlain ? parsed : undefined]
  })
  return read.every((parsed) => parsed !== undefined) ? read : undefined
}

type Stretch = { layout: EntryLayout; from: number; to: number }

/** Reads some entries of a manifest as if they were all; `undefined` where that shows a mistake. */
function readPart(
  text: string,
  { layout, from, to }: Stretch,
  around: readonly ParsedManifest[],
  { files, number, provider, profile }: Omit<PatchFileOptions, 'manifest'>,
): Part | undefined {
  const { path: file } = files[number]!
  const [head, skipped, own, left, tail] = [
    text.slice(0, layout.from),
    text.slice(layout.from, from),
    text.slice(from, to),
    text.slice(to, layout.to),
    text.slice(layout.to),
  ]
  // Aliases behind the entries may lead to anchors in entries that are not read here.
  if (tail.includes('*')) return undefined
  const parsed = parseManifest(head + own + tail, file, number === 0 ? 'root' : 'included')
  const [root, ...included] = around.toSpliced(number, 0, parsed)
  if (root?.file === undefined || parsed.file === undefined || parsed.diagnostics.length > 0) {
    return undefined
  }
  const whole = mergeManifests({ ...root, file: root.file }, included)
  if (whole.diagnostics.length > 0) return undefined
  const firstLine = countLines(head) + countLines(skipped) + 1
  const ownLines = countLines(own) + (own.endsWith('\n') ? 0 : 1)
  const lastLine = firstLine + ownLines - 1
  const place = (at: Place): Place => {
    if (at.file !== file || at.line <= countLines(head)) return at
    const isOwn = at.line <= countLines(head) + ownLines
    return movePlace(at, countLines(skipped) + (isOwn ? 0 : countLines(left)))
  }
  let lines: string[] | undefined
  const { manifest, diagnostics } = resolveManifest({
    ...whole,
    placeOf: (path, part) => place(whole.placeOf(path, part)),
    frameOf: (at) =>
      at.file === file ? codeFrame((lines ??= splitLines(text)), at) : whole.frameOf(at),
    provider,
    profile,
  })
  if (diagnostics.some(({ severity }) => severity === 'error')) return undefined
  const isOwn = ({ place: at }: Diagnostic): boolean =>
    at.file === file && at.line >= firstLine && at.line <= lastLine
  const { assets, warnings: _, ...rest } = manifest
  const others = diagnostics
    .filter((diagnostic) => !isOwn(diagnostic))
    .map(({ code, message, hint }) => [code, message, hint])
  return {
    assets,
    warnings: diagnostics.filter(isOwn),
    firstLine,
    lastLine,
    others: JSON.stringify([rest, others]),
  }
}

/** Whether another asset is made from one of these or the other way round, or asks for the same. */
function meansToOthers(assets: readonly Asset[], manifest: PackedManifest): boolean {
  if (assets.some(({ inputs }) => inputs.some(({ kind }) => kind === 'asset'))) return true
  const names = new Set(assets.map(({ name }) => name))
  const prompts = new Set(assets.flatMap(({ source, prompt }) => (source === null ? [prompt] : [])))
  const nameByRow = fieldOfAll(manifest, 'name')
  if (
    fieldOfAll(manifest, 'inputs').some((inputs) =>
      inputs.some(({ kind, target }) => kind === 'asset' && names.has(target)),
    )
  ) {
    return true
  }
  return fieldOfAll(manifest, 'prompt').some(
    (prompt, row) => prompts.has(prompt) && !names.has(nameByRow[row]!),
  )
}

function moveAsset(asset: Asset, by: number): Asset {
  if (by === 0) return asset
  const { source, inputs, place } = asset
  return {
    ...asset,
    source: source === null ? null : { ...source, place: movePlace(source.place, by) },
    inputs: inputs.map((input) => ({ ...input, place: movePlace(input.place, by) })),
    place: movePlace(place, by),
  }
}

function movePlace(place: Place, by: number): Place {
  return by === 0 ? place : { ...place, line: place.line + by }
}

function countLines(text: string): number {
  let count = 0
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++
  return count
}

/** How many characters two texts share at their start. */
function sameAtStart(a: string, b: string): number {
  const most = Math.min(a.length, b.length)
  let same = 0
  // In large steps first: comparing slices is much faster than comparing characters.
  while (same + STEP <= most && a.slice(same, same + STEP) === b.slice(same, same + STEP)) {
    same += STEP
  }
  while (same < most && a[same] === b[same]) same++
  return same
}

/** How many characters two texts share at their end, not counting those at their start. */
function sameAtEnd(a: string, b: string, start: number): number {
  const most = Math.min(a.length, b.length) - start
  const part = (text: string, from: number, to: number): string =>
    text.slice(text.length - to, text.length - from)
  let same = 0
  while (same + STEP <= most && part(a, same, same + STEP) === part(b, same, same + STEP)) {
    same += STEP
  }
  while (same < most && a[a.length - same - 1] === b[b.length - same - 1]) same++
  return same
}

const STEP = 4096
