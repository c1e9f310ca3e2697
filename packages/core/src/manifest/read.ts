import { readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { type Diagnostic, sortDiagnostics } from '../diagnostic.ts'
import { sha256 } from '../digest.ts'
import { refusalOf } from '../disk/read-errors.ts'
import { tryWriteFile } from '../disk/write-atomic.ts'
import { isErrno, LimnError } from '../errors.ts'
import { CACHE_VERSION } from '../version.ts'
import { packManifest, type PackedManifest, unpackManifest } from './cache/columns.ts'
import type { ManifestText, Patched } from './cache/reread-changed.ts'
import type { Manifest, ProviderId } from './manifest.ts'
import type { IncludedFiles } from './read-included.ts'
import type { ManifestPart, MergedManifest } from './resolve/merge-included.ts'

export type ReadManifestOptions = {
  /** Absolute path of `images.yaml`. */
  path: string
  /** The path as messages name it. */
  shownPath: string
  /** Absolute path of the folder for what can be worked out again. */
  cacheDir: string
  /** Who draws, whatever the manifest says. */
  provider?: ProviderId | undefined
  /** Name of the profile that overrides the run. */
  profile?: string | undefined
}

export type ReadManifest = {
  /** `undefined` where the file has mistakes. */
  manifest: Manifest | undefined
  diagnostics: Diagnostic[]
  /** SHA-256 of everything that it was read from. */
  digest: string
  followed: Followed
  /** Only where other files are included: what names them, and what came of it. */
  include?: Include | undefined
}

export type Include = { entries: string[] } & Pick<IncludedFiles, 'digest' | 'isDeep'>

/** What a manifest was read from. A change in it can change the manifest. */
export type Followed = {
  /** Its files, those too that are named and are not there. */
  files: string[]
  /** Folders in which globs look for more. */
  folders: string[]
}

type Cached = {
  /** What the manifest depends on beside its text. */
  key: string
  /** The files that it was read from, the root's first. */
  files: ManifestText[]
  manifest: PackedManifest
  include?: Include | undefined
}

const MAX_BYTES = 4 * 1024 * 1024

/**
 * Reads and resolves `images.yaml`. What a text without mistakes resolved to is cached beside it,
 * so that an unchanged manifest costs one JSON parse: neither `yaml` nor `zod` is loaded. Where
 * only some of its assets changed, only those are read. What other files are included is looked up
 * each time.
 *
 * @throws LimnError `manifest/not-found`, `manifest/unreadable`
 */
export async function readManifest(options: ReadManifestOptions): Promise<ReadManifest> {
  const { path, shownPath, provider, profile } = options
  const text = readText(path, shownPath)
  const before = readCached(options)
  const isSame = before?.files[0]!.text === text
  const includedBefore = await findIncludedBefore(before, options)
  if (isSame && before.include?.digest === includedBefore?.digest) {
    const manifest = unpackManifest(before.manifest)
    return {
      manifest,
      diagnostics: manifest.warnings,
      digest: digestOf(text, includedBefore),
      followed: followedOf(shownPath, includedBefore),
      include: before.include,
    }
  }
  const patched =
    before === undefined
      ? undefined
      : await patch(text, { before, included: includedBefore }, options)
  if (patched !== undefined) {
    const manifest = unpackManifest(patched.manifest)
    return {
      manifest,
      diagnostics: manifest.warnings,
      digest: patched.digest,
      followed: followedOf(shownPath, includedBefore),
      include: patched.include,
    }
  }

  const [{ parseManifest }, { resolveManifest }] = await Promise.all([
    import('./parse/parse.ts'),
    import('./resolve/resolve.ts'),
  ])
  const parsed = parseManifest(text, shownPath)
  if (parsed.file === undefined) {
    return {
      manifest: undefined,
      diagnostics: parsed.diagnostics,
      digest: digestOf(text),
      followed: followedOf(shownPath),
    }
  }
  const root = { ...parsed, file: parsed.file }
  const { include: entries = [] } = root.file
  const included =
    entries.length === 0
      ? undefined
      : ((isSame ? includedBefore : undefined) ?? (await findIncluded(path, entries)))
  const whole: ManifestPart & Partial<MergedManifest> =
    included === undefined ? root : await merge(root, included)
  const { manifest, diagnostics } = resolveManifest({
    ...whole,
    provider,
    profile: whole.isPartial === true ? undefined : profile,
  })
  const told =
    whole.isPartial === true
      ? diagnostics.filter(({ code }) => !definedElsewhere.includes(code))
      : diagnostics
  const all = sortDiagnostics([...whole.diagnostics, ...told], manifest.files)
  const followed = followedOf(shownPath, included)
  const digest = digestOf(text, included)
  if (all.some(({ severity }) => severity === 'error')) {
    return { manifest: undefined, diagnostics: all, digest, followed }
  }
  const include =
    included === undefined
      ? undefined
      : { entries, digest: included.digest, isDeep: included.isDeep }
  keep(options, {
    files: filesOf(options, text, included),
    manifest: packManifest(manifest),
    include,
  })
  return { manifest, diagnostics: all, digest, followed, include }
}

/**
 * Mistakes that may only come of a file that is missing: what it would have defined is not called
 * unknown as well.
 */
const definedElsewhere: readonly string[] = [
  'manifest/unknown-style',
  'manifest/unknown-preset',
  'manifest/unknown-asset',
]

/** A manifest's files, the root's first. */
function filesOf(
  { shownPath }: ReadManifestOptions,
  text: string,
  included: IncludedFiles | undefined,
): ManifestText[] {
  return [{ path: shownPath, text }, ...(included?.files ?? [])]
}

function digestOf(text: string, included?: Pick<IncludedFiles, 'digest'>): string {
  return included === undefined ? sha256(text) : sha256(`${sha256(text)} ${included.digest}`)
}

/** What the entries lead to now that a manifest had when it was read before. */
async function findIncludedBefore(
  before: Cached | undefined,
  { path }: ReadManifestOptions,
): Promise<IncludedFiles | undefined> {
  return before?.include === undefined ? undefined : findIncluded(path, before.include.entries)
}

/** Finds and reads what the manifest at a path includes. */
export async function findIncluded(path: string, entries: string[]): Promise<IncludedFiles> {
  const { readIncluded } = await import('./read-included.ts')
  return readIncluded({ root: dirname(path), manifest: basename(path), entries, readText })
}

async function merge(
  root: ManifestPart,
  { files, problems }: IncludedFiles,
): Promise<MergedManifest> {
  const [{ parseManifest }, { mergeManifests }] = await Promise.all([
    import('./parse/parse.ts'),
    import('./resolve/merge-included.ts'),
  ])
  return mergeManifests(
    root,
    files.map(({ path, text }) => parseManifest(text, path, 'included')),
    problems,
  )
}

function followedOf(shownPath: string, included?: IncludedFiles): Followed {
  return { files: [shownPath, ...(included?.named ?? [])], folders: included?.folders ?? [] }
}

function readText(path: string, shownPath: string): string {
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) {
      throw new LimnError(
        'manifest/not-found',
        `There is no ${basename(path)} in ${dirname(path)}.`,
        {
          hint: 'Run `limn init` to write one, or name the folder with -C or the file with -m.',
          cause: error,
        },
      )
    }
    throw new LimnError('manifest/unreadable', `${shownPath} can't be read: ${refusalOf(error)}.`, {
      hint: 'Check that it is a file you may read.',
      cause: error,
    })
  }
  if (bytes.length > MAX_BYTES) {
    throw new LimnError(
      'manifest/unreadable',
      `${shownPath} has ${bytes.length} bytes; a manifest has at most ${MAX_BYTES}.`,
      { hint: 'Check that this is the right file.' },
    )
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    throw new LimnError('manifest/unreadable', `${shownPath} is not UTF-8 text.`, {
      hint: 'Save it as UTF-8.',
      cause: error,
    })
  }
}

type Reread = Patched & Pick<ReadManifest, 'digest' | 'include'>

/**
 * Reads only what has changed in a manifest and its files since they had a digest, and that only
 * within some of its assets: all others are as they were.
 *
 * @param since as in `ReadManifest`
 * @returns `undefined` where that is not so, is not known, or the manifest has mistakes: see
 *   `readManifest`
 * @throws LimnError `manifest/not-found`, `manifest/unreadable`
 */
export async function rereadManifest(
  since: string,
  options: ReadManifestOptions,
): Promise<Reread | undefined> {
  const before = readCached(options)
  // Whoever read it meanwhile may have seen changes that nobody would tell of again.
  if (before === undefined || digestOf(before.files[0]!.text, before.include) !== since) {
    return undefined
  }
  return patch(
    readText(options.path, options.shownPath),
    { before, included: await findIncludedBefore(before, options) },
    options,
  )
}

async function patch(
  text: string,
  { before, included }: { before: Cached; included: IncludedFiles | undefined },
  options: ReadManifestOptions,
): Promise<Reread | undefined> {
  if (included !== undefined && included.problems.length > 0) return undefined
  const { patchManifest } = await import('./cache/reread-changed.ts')
  const { provider, profile } = options
  const files = filesOf(options, text, included)
  const patched = patchManifest({ files, before, provider, profile })
  if (patched === undefined) return undefined
  const include =
    before.include === undefined ? undefined : { ...before.include, digest: included!.digest }
  keep(options, { files, manifest: patched.manifest, include })
  return { ...patched, digest: digestOf(text, included), include }
}

/** What was read before; `undefined` where that was under other options, or it is damaged. */
function readCached(options: ReadManifestOptions): Cached | undefined {
  try {
    const cached = JSON.parse(readFileSync(cacheFileOf(options), 'utf8')) as Cached
    return cached.key === keyOf(options) &&
      cached.files.length > 0 &&
      cached.manifest.assets.count >= 0
      ? cached
      : undefined
  } catch {
    return undefined
  }
}

function keep(options: ReadManifestOptions, read: Omit<Cached, 'key'>): void {
  tryWriteFile(
    cacheFileOf(options),
    JSON.stringify({ key: keyOf(options), ...read } satisfies Cached),
  )
}

function cacheFileOf({ path, cacheDir }: ReadManifestOptions): string {
  return join(cacheDir, `manifest-${sha256(path).slice(0, 12)}.json`)
}

function keyOf({ shownPath, provider, profile }: ReadManifestOptions): string {
  return JSON.stringify([CACHE_VERSION, provider ?? null, profile ?? null, shownPath])
}
