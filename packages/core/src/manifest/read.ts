import { readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { type Diagnostic, sortDiagnostics } from '../diagnostic.ts'
import { sha256 } from '../digest.ts'
import { isErrno, LimnError } from '../errors.ts'
import { tryWriteFile } from '../store/atomic.ts'
import { CACHE_VERSION } from '../store/paths.ts'
import type { Manifest, ProviderId } from './manifest.ts'
import type { ManifestPart, MergedManifest } from './include.ts'
import { packManifest, type PackedManifest, unpackManifest } from './pack.ts'
import type { IncludedFiles } from './read-included.ts'

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
  /** SHA-256 of the root manifest's text. */
  digest: string
  followed: Followed
  /** Only where other files are included: what names them, and the digest of what came of it. */
  include?: Include | undefined
  /** The assets that were read, where all others are as they were when the manifest was read before. */
  changed?: string[] | undefined
}

export type Include = { entries: string[]; digest: string }

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
  text: string
  manifest: PackedManifest
  include?: Include | undefined
}

const MAX_BYTES = 32 * 1024 * 1024

/**
 * Reads and resolves `images.yaml`. What a text without mistakes resolved to is cached
 * beside it, so that an unchanged manifest costs one JSON parse: neither `yaml` nor `zod` is
 * loaded. Where only some of its assets changed, only those are read. Where other files are
 * included they are found and read as well.
 *
 * @throws LimnError `manifest/not-found`, `manifest/unreadable`
 */
export async function readManifest(options: ReadManifestOptions): Promise<ReadManifest> {
  const { path, shownPath, cacheDir, provider, profile } = options
  const text = readText(path, shownPath)
  const digest = sha256(text)
  const cacheFile = join(cacheDir, `manifest-${sha256(path).slice(0, 12)}.json`)
  const key = JSON.stringify([CACHE_VERSION, provider ?? null, profile ?? null, shownPath])
  const before = readCached(cacheFile, key)
  const keep = (manifest: Manifest, include?: Include): void => tryWriteFile(cacheFile, JSON.stringify({ key, text, manifest: packManifest(manifest), include } satisfies Cached))
  let included: IncludedFiles | undefined
  if (before?.text === text) {
    const { manifest, include } = before
    included = include === undefined ? undefined : await findIncluded(path, include.entries)
    if (include?.digest === included?.digest) return { manifest, diagnostics: manifest.warnings, digest, followed: followedOf(shownPath, included), include }
  } else if (before !== undefined && before.include === undefined) {
    const { patchManifest } = await import('./patch.ts')
    const patched = patchManifest({ text, before, file: shownPath, provider, profile })
    if (patched !== undefined) {
      keep(patched.manifest)
      return { ...patched, diagnostics: patched.manifest.warnings, digest, followed: followedOf(shownPath) }
    }
  }

  const [{ parseManifest }, { resolveManifest }] = await Promise.all([import('./parse.ts'), import('./resolve.ts')])
  const parsed = parseManifest(text, shownPath)
  if (parsed.file === undefined) return { manifest: undefined, diagnostics: parsed.diagnostics, digest, followed: followedOf(shownPath) }
  const root = { ...parsed, file: parsed.file }
  const { include: entries = [] } = root.file
  if (entries.length > 0) included ??= await findIncluded(path, entries)
  const whole: ManifestPart & Partial<MergedManifest> = included === undefined ? root : await merge(root, included)
  const { manifest, diagnostics } = resolveManifest({ ...whole, provider, profile: whole.isPartial === true ? undefined : profile })
  const told = whole.isPartial === true ? diagnostics.filter(({ code }) => !definedElsewhere.includes(code)) : diagnostics
  const all = sortDiagnostics([...whole.diagnostics, ...told], manifest.files)
  const followed = followedOf(shownPath, included)
  if (all.some(({ severity }) => severity === 'error')) return { manifest: undefined, diagnostics: all, digest, followed }
  const include = included === undefined ? undefined : { entries, digest: included.digest }
  keep(manifest, include)
  return { manifest, diagnostics: all, digest, followed, include }
}

/** Mistakes that may only come of a file that is missing: what it would have defined is not called unknown as well. */
const definedElsewhere: readonly string[] = ['manifest/unknown-style', 'manifest/unknown-preset', 'manifest/unknown-asset']

/** Finds and reads what the manifest at a path includes. */
export async function findIncluded(path: string, entries: string[]): Promise<IncludedFiles> {
  const { readIncluded } = await import('./read-included.ts')
  return readIncluded({ root: dirname(path), manifest: basename(path), entries, readText })
}

async function merge(root: ManifestPart, { files, problems }: IncludedFiles): Promise<MergedManifest> {
  const [{ parseManifest }, { mergeManifests }] = await Promise.all([import('./parse.ts'), import('./include.ts')])
  return mergeManifests(root, files.map(({ path, text }) => parseManifest(text, path, 'included')), problems)
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
      throw new LimnError('manifest/not-found', `There is no ${basename(path)} in ${dirname(path)}.`, { hint: 'Run `limn init` to write one, or name the folder with -C or the file with -m.', cause: error })
    }
    throw new LimnError('manifest/unreadable', `${shownPath} can't be read (${isErrno(error) ? error.code : 'unknown error'}).`, { hint: 'Check that it is a file you may read.', cause: error })
  }
  if (bytes.length > MAX_BYTES) throw new LimnError('manifest/unreadable', `${shownPath} has ${bytes.length} bytes; a manifest has at most ${MAX_BYTES}.`, { hint: 'Check that this is the right file.' })
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    throw new LimnError('manifest/unreadable', `${shownPath} is not UTF-8 text.`, { hint: 'Save it as UTF-8.', cause: error })
  }
}

/** What was read before under a key; `undefined` where there is none, or it is damaged. */
function readCached(file: string, key: string): { text: string; manifest: Manifest; include: Include | undefined } | undefined {
  try {
    const cached = JSON.parse(readFileSync(file, 'utf8')) as Cached
    return cached.key === key ? { text: cached.text, manifest: unpackManifest(cached.manifest), include: cached.include } : undefined
  } catch {
    return undefined
  }
}
