import { type Diagnostic, sortDiagnostics } from '../diagnostic.ts'
import type { DataTables, TableProblems } from './data/data-table.ts'
import type { FoundData } from './data/find-data.ts'
import { parseTable } from './data/parse-table.ts'
import type { Manifest, ProviderId } from './manifest.ts'
import { parseManifest } from './parse/parse.ts'
import type { IncludedFiles } from './read-included.ts'
import { rootScope } from './resolve/expand-matrix.ts'
import { findDataPatterns } from './resolve/find-data-patterns.ts'
import { type ManifestPart, type MergedManifest, mergeManifests } from './resolve/merge-included.ts'
import { resolveManifest } from './resolve/resolve.ts'

type WholeManifest = {
  /** `undefined` if the manifest has mistakes. */
  manifest: Manifest | undefined
  diagnostics: Diagnostic[]
  /** The entries of `include`. */
  entries: string[]
  /** The files that they lead to; `undefined` if there are no entries. */
  included: IncludedFiles | undefined
  /** Paths and globs of data files, relative to the root. */
  patterns: string[]
  /** The files that they lead to; `undefined` if there are none. */
  data: FoundData | undefined
}

type ReadWholeOptions = {
  /** Finds the files that entries of `include` lead to. */
  findIncluded: (entries: readonly string[]) => Promise<IncludedFiles>
  /** Finds the data files that paths and globs lead to. */
  findData: (patterns: readonly string[]) => Promise<FoundData>
  /** The path that messages name. */
  shownPath: string
  provider?: ProviderId | undefined
  profile?: string | undefined
}

/**
 * Parses a manifest and the files that it includes, each once, and resolves them.
 *
 * @param text the root manifest
 * @param known what the entries of `include` lead to, if that is known
 */
export async function readWhole(
  text: string,
  known: IncludedFiles | undefined,
  options: ReadWholeOptions,
): Promise<WholeManifest> {
  const { shownPath } = options
  const { file, ...parsed } = parseManifest(text, shownPath)
  const entries = file?.include ?? []
  if (file === undefined) {
    const { diagnostics } = parsed
    const nothing = { included: undefined, patterns: [], data: undefined }
    return { manifest: undefined, diagnostics, entries, ...nothing }
  }
  const included =
    entries.length === 0 ? undefined : (known ?? (await options.findIncluded(entries)))
  const root = { ...parsed, file }
  const merged = included === undefined ? root : mergeFiles(root, included)
  const patterns = patternsOf(merged)
  const data = patterns.length === 0 ? undefined : await options.findData(patterns)
  const { manifest, diagnostics } = resolveFiles(merged, data, options)
  const isSound = diagnostics.every(({ severity }) => severity !== 'error')
  return {
    manifest: isSound ? manifest : undefined,
    diagnostics,
    entries,
    included,
    patterns,
    data,
  }
}

/** Returns the paths and globs of the data files that a manifest names. */
function patternsOf(merged: ManifestPart | MergedManifest): string[] {
  const root = rootScope(merged.file)
  const { scopes, scopeOf } = 'scopes' in merged ? merged : { scopes: [root], scopeOf: () => root }
  return findDataPatterns(merged.file, scopes, scopeOf)
}

/** Returns whether files of a table could not be read. */
function isIncomplete({ problems, mistakes }: TableProblems): boolean {
  return problems.length > 0 || mistakes.length > 0
}

/** Parses data files as tables. */
function parseData({ byPattern }: FoundData): DataTables {
  return new Map(
    [...byPattern].map(([pattern, { files, problems }]) => [
      pattern,
      { ...parseTable(files), problems: problems.map(({ message, hint }) => ({ message, hint })) },
    ]),
  )
}

/**
 * Mistakes that may be the consequence of a missing file: a name that it would define is not
 * reported as unknown as well.
 */
const consequencesOfMissingFile: readonly string[] = [
  'manifest/unknown-style',
  'manifest/unknown-preset',
  'manifest/unknown-asset',
]

/** Resolves the merged files of a manifest with its data. */
function resolveFiles(
  merged: ManifestPart | MergedManifest,
  data: FoundData | undefined,
  { provider, profile }: ReadWholeOptions,
): { manifest: Manifest; diagnostics: Diagnostic[] } {
  const tables = data === undefined ? undefined : parseData(data)
  const isPartial =
    ('isPartial' in merged && merged.isPartial) || [...(tables?.values() ?? [])].some(isIncomplete)
  const { manifest, diagnostics } = resolveManifest({
    ...merged,
    data: tables,
    provider,
    profile: isPartial ? undefined : profile,
  })
  const found = isPartial
    ? diagnostics.filter(({ code }) => !consequencesOfMissingFile.includes(code))
    : diagnostics
  const all = [...merged.diagnostics, ...found]
  return {
    manifest,
    diagnostics: sortDiagnostics(all, [...manifest.files, ...(data?.files ?? [])]),
  }
}

function mergeFiles(root: ManifestPart, { files, problems }: IncludedFiles): MergedManifest {
  const parts = files.map(({ path, text }) => parseManifest(text, path, 'included'))
  return mergeManifests(root, parts, problems)
}
