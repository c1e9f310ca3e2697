import { codeFrame, type Diagnostic, type Place, splitLines } from '../../diagnostic.ts'
import type { Asset, ProviderId } from '../manifest.ts'
import { type ParsedManifest, parseManifest } from '../parse/parse.ts'
import { mergeManifests, type MergedManifest } from '../resolve/merge-included.ts'
import { resolveManifest } from '../resolve/resolve.ts'
import type { ManifestText } from './cached-manifest.ts'
import { type EntryLayout, findEntries } from './entry-layout.ts'
import { movePlace } from './move-places.ts'
import { countLines } from './text-diff.ts'

/** Some entries of a manifest as if they were all. */
export type Entries = {
  assets: Asset[]
  warnings: Diagnostic[]
  /** Lines of the entries in the whole text. */
  firstLine: number
  lastLine: number
  /** Everything else that the manifest resolves to, as JSON: equal if only the entries differ. */
  others: string
}

type ReadEntriesOptions = {
  /** Path of the file that has the entries, and its number among the files. */
  file: string
  number: number
  /** All other files without their entries, in order. */
  around: readonly ParsedManifest[]
  provider: ProviderId | undefined
  profile: string | undefined
}

/** A range of a text that holds entries: offsets of the range, and of all entries. */
type Stretch = { layout: EntryLayout; from: number; to: number }

/**
 * Parses and resolves some entries of a file as if the manifest had no others; `undefined` if that
 * shows a mistake.
 */
export function readEntries(
  text: string,
  stretch: Stretch,
  options: ReadEntriesOptions,
): Entries | undefined {
  const { file, number, provider, profile } = options
  const pieces = cutText(text, stretch)
  const { head, own, tail } = pieces
  // Aliases after the entries may refer to anchors in entries that are not parsed here.
  if (tail.includes('*')) return undefined
  const parsed = parseManifest(head + own + tail, file, number === 0 ? 'root' : 'included')
  const merged = mergeParsed(parsed, options)
  if (merged === undefined) return undefined

  const { firstLine, lastLine, toWhole } = createLineMap(file, pieces)
  let lines: string[] | undefined
  const { manifest, diagnostics } = resolveManifest({
    ...merged,
    placeOf: (path, part) => toWhole(merged.placeOf(path, part)),
    frameOf: (at) =>
      at.file === file ? codeFrame((lines ??= splitLines(text)), at) : merged.frameOf(at),
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

/** Merges the file with the entries into the others; `undefined` if there are mistakes. */
function mergeParsed(
  parsed: ParsedManifest,
  { around, number }: ReadEntriesOptions,
): MergedManifest | undefined {
  const [root, ...included] = around.toSpliced(number, 0, parsed)
  if (root?.file === undefined || parsed.file === undefined) return undefined
  const merged = mergeManifests({ ...root, file: root.file }, included)
  return merged.diagnostics.length > 0 ? undefined : merged
}

/** A text in pieces: up to the entries, skipped ones, the own ones, those left, and the rest. */
type Pieces = { head: string; skipped: string; own: string; left: string; tail: string }

function cutText(text: string, { layout, from, to }: Stretch): Pieces {
  return {
    head: text.slice(0, layout.from),
    skipped: text.slice(layout.from, from),
    own: text.slice(from, to),
    left: text.slice(to, layout.to),
    tail: text.slice(layout.to),
  }
}

/** Converts places in a text without skipped and left entries into places in the whole text. */
function createLineMap(
  file: string,
  { head, skipped, own, left }: Pieces,
): { firstLine: number; lastLine: number; toWhole: (place: Place) => Place } {
  const headLines = countLines(head)
  const skippedLines = countLines(skipped)
  const ownLines = countLines(own) + (own.endsWith('\n') ? 0 : 1)
  const leftLines = countLines(left)
  const firstLine = headLines + skippedLines + 1
  return {
    firstLine,
    lastLine: firstLine + ownLines - 1,
    toWhole: (place) => {
      if (place.file !== file || place.line <= headLines) return place
      const isOwn = place.line <= headLines + ownLines
      return movePlace(place, skippedLines + (isOwn ? 0 : leftLines))
    },
  }
}

/**
 * Parses a file without its entries; `undefined` if the rest can't be told apart from them or has
 * mistakes.
 */
export function readWithoutEntries(
  { path, text }: ManifestText,
  role: 'root' | 'included',
): ParsedManifest | undefined {
  const layout = findEntries(text)
  // Aliases after the entries may refer to anchors in them.
  if (layout !== undefined && text.includes('*', layout.to)) return undefined
  const rest =
    layout === undefined ? text : `${text.slice(0, layout.from)}  {}\n${text.slice(layout.to)}`
  const parsed = parseManifest(rest, path, role)
  const isSound =
    parsed.file !== undefined &&
    parsed.diagnostics.length === 0 &&
    Object.keys(parsed.file.assets).length === 0
  return isSound ? parsed : undefined
}
