import { readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Diagnostic } from '../diagnostic.ts'
import { sha256 } from '../digest.ts'
import { isErrno, LimnError } from '../errors.ts'
import { tryWriteFile } from '../store/atomic.ts'
import type { Manifest, ProviderId } from './manifest.ts'

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
  /** SHA-256 of the file. */
  digest: string
}

/** Rises whenever the same text would resolve to another manifest. */
const CACHE_VERSION = 5
const MAX_BYTES = 32 * 1024 * 1024

/**
 * Reads and resolves `images.yaml`. What a text without mistakes resolved to is cached by
 * the text's digest, so that an unchanged manifest costs one JSON parse: neither `yaml`
 * nor `zod` is loaded.
 *
 * @throws LimnError `manifest/not-found`, `manifest/unreadable`
 */
export async function readManifest(options: ReadManifestOptions): Promise<ReadManifest> {
  const { path, shownPath, cacheDir, provider, profile } = options
  const text = readText(path, shownPath)
  const digest = sha256(text)
  const cacheFile = join(cacheDir, `manifest-${sha256(path).slice(0, 12)}.json`)
  const key = `${CACHE_VERSION} ${digest} ${provider ?? ''} ${profile ?? ''} ${shownPath}`
  const cached = readCached(cacheFile, key)
  if (cached !== undefined) return { manifest: cached, diagnostics: cached.warnings, digest }

  const [{ parseManifest }, { resolveManifest }] = await Promise.all([import('./parse.ts'), import('./resolve.ts')])
  const parsed = parseManifest(text, shownPath)
  if (parsed.file === undefined) return { manifest: undefined, diagnostics: parsed.diagnostics, digest }
  const { manifest, diagnostics } = resolveManifest({ file: parsed.file, text, placeOf: parsed.placeOf, provider, profile })
  const all = [...parsed.diagnostics, ...diagnostics].sort((a, b) => a.place.line - b.place.line || a.place.column - b.place.column)
  if (all.some(({ severity }) => severity === 'error')) return { manifest: undefined, diagnostics: all, digest }
  tryWriteFile(cacheFile, JSON.stringify({ key, manifest }))
  return { manifest, diagnostics: all, digest }
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

function readCached(file: string, key: string): Manifest | undefined {
  try {
    const cached = JSON.parse(readFileSync(file, 'utf8')) as { key: string; manifest: Manifest }
    return cached.key === key ? cached.manifest : undefined
  } catch {
    return undefined
  }
}
