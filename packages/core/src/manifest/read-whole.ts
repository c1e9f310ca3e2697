import { type Diagnostic, sortDiagnostics } from '../diagnostic.ts'
import type { Manifest, ProviderId } from './manifest.ts'
import { parseManifest } from './parse/parse.ts'
import type { IncludedFiles } from './read-included.ts'
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
}

type ReadWholeOptions = {
  /** Finds the files that entries of `include` lead to. */
  findIncluded: (entries: readonly string[]) => Promise<IncludedFiles>
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
    return { manifest: undefined, diagnostics: parsed.diagnostics, entries, included: undefined }
  }
  const included =
    entries.length === 0 ? undefined : (known ?? (await options.findIncluded(entries)))
  const { manifest, diagnostics } = resolveFiles({ ...parsed, file }, included, options)
  const isSound = diagnostics.every(({ severity }) => severity !== 'error')
  return { manifest: isSound ? manifest : undefined, diagnostics, entries, included }
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

/** Merges the files of a manifest, and resolves them. */
function resolveFiles(
  root: ManifestPart,
  included: IncludedFiles | undefined,
  { provider, profile }: ReadWholeOptions,
): { manifest: Manifest; diagnostics: Diagnostic[] } {
  const merged = included === undefined ? root : mergeFiles(root, included)
  const isPartial = 'isPartial' in merged && merged.isPartial
  const { manifest, diagnostics } = resolveManifest({
    ...merged,
    provider,
    profile: isPartial ? undefined : profile,
  })
  const found = isPartial
    ? diagnostics.filter(({ code }) => !consequencesOfMissingFile.includes(code))
    : diagnostics
  const all = [...merged.diagnostics, ...found]
  return { manifest, diagnostics: sortDiagnostics(all, manifest.files) }
}

function mergeFiles(root: ManifestPart, { files, problems }: IncludedFiles): MergedManifest {
  const parts = files.map(({ path, text }) => parseManifest(text, path, 'included'))
  return mergeManifests(root, parts, problems)
}
