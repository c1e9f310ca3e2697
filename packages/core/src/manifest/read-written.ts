import { maxBytes, readTextInside } from '../disk/read-inside.ts'
import { entryAfter, findEntries } from './cache/entry-layout.ts'
import type { AssetFile, ManifestFile, OutputFile } from './manifest-file.ts'
import type { Asset, Manifest } from './manifest.ts'
import { type ParsedManifest, parseManifest } from './parse/parse.ts'
import { builtInPresetNames } from './presets.ts'
import { builtInStyleNames } from './resolve/styles.ts'

/** An asset as people wrote it, and the names that it may use. */
export type WrittenAsset = {
  /** Its entry; `undefined` if the file has changed since. */
  entry: AssetFile | undefined
  /** Names of styles and presets: the manifest's own first, then the built-in ones. */
  styles: string[]
  presets: string[]
}

/**
 * Reads the entry of an asset as it is written, without defaults. Parses as little of the files as
 * possible. Skips files that can't be read.
 *
 * @param root absolute
 */
export function readWritten(root: string, { files }: Manifest, asset: Asset): WrittenAsset {
  const parsed = files.map((path, number) => {
    const text = readIfPossible(root, path)
    const own = path === asset.place.file ? asset : undefined
    const isRoot = number === 0
    return {
      path,
      file: text === undefined ? undefined : parseFew(text, { path, isRoot, asset: own }),
    }
  })
  const namesOf = (group: 'styles' | 'presets'): string[] =>
    parsed.flatMap(({ file }) => Object.keys(file?.[group] ?? {}))
  const assets = parsed.find(({ path }) => path === asset.place.file)?.file?.assets ?? {}
  return {
    entry: Object.hasOwn(assets, asset.key) ? assets[asset.key] : undefined,
    styles: [...new Set([...namesOf('styles'), ...builtInStyleNames])],
    presets: [...new Set([...namesOf('presets'), ...builtInPresetNames])],
  }
}

function readIfPossible(root: string, path: string): string | undefined {
  try {
    return readTextInside(root, path, maxBytes.text)
  } catch {
    return undefined
  }
}

/** Parses a file with the entry of one asset, or with none. */
function parseFew(
  text: string,
  { path, isRoot, asset }: { path: string; isRoot: boolean; asset: Asset | undefined },
): ManifestFile | undefined {
  const parse = (part: string): ParsedManifest =>
    parseManifest(part, path, isRoot ? 'root' : 'included')
  const few = withOneEntry(text, asset)
  const parsed = few === undefined ? undefined : parse(few)
  const isComplete =
    parsed?.file !== undefined &&
    parsed.diagnostics.every(({ severity }) => severity !== 'error') &&
    (asset === undefined || Object.hasOwn(parsed.file.assets, asset.key))
  return isComplete ? parsed.file : parse(text).file
}

/** Returns a text without all entries but one; `undefined` if they can't be told apart. */
function withOneEntry(text: string, asset: Asset | undefined): string | undefined {
  const layout = findEntries(text)
  if (layout === undefined) return undefined
  const from = asset === undefined ? layout.to : startOfLine(text, asset.place.line)
  const own = asset === undefined ? '  {}\n' : text.slice(from, entryAfter(text, layout, from))
  return `${text.slice(0, layout.from)}${own}${text.slice(layout.to)}`
}

/** Returns the offset of a line, which counts from 1. */
function startOfLine(text: string, line: number): number {
  let offset = 0
  for (let number = 1; number < line; number++) offset = text.indexOf('\n', offset) + 1
  return offset
}

/** Returns the name of an entry of `outputs`, as pages show it. */
export function nameOfRule(rule: OutputFile): string {
  if (typeof rule === 'string') return rule
  const { name, preset, width, widths, height } = rule
  const widest = widths === undefined ? width : Math.max(...widths)
  return name ?? preset ?? `${widest ?? ''}x${height ?? ''}`
}
