import { basename, join } from 'node:path'
import { LimnError, type Asset, type Output } from '@limn/core'
import {
  enlargementNotes,
  masterShapeOf,
  isVectorPath,
  type LockEntry,
  type ServedFile,
} from '@limn/core/for-vite'
import { createDebug, elapsed } from '@limn/core/for-vite/start'
import type { Environment } from 'vite'
import type { Context, ProjectState, TokenedFile } from '../context.ts'
import { type AssetOutput, currentEntry, getOutput } from '../references/lookup.ts'
import { toDataUrl } from '../references/urls.ts'
import { TOKEN } from './tokens.ts'

const debug = createDebug('vite')

/** The part of a hook's `this` that emitting needs. */
export type Emitter = {
  environment: Environment
  emitFile(file: {
    type: 'asset'
    name: string
    originalFileName: string
    source: Uint8Array
  }): string
}

/** What replaces a token: the reference of an emitted file, or the file as a data URL. */
export type Emitted =
  | { file: TokenedFile; reference: string }
  | { file: TokenedFile; dataUrl: string }

type TokenEntry = readonly [digits: string, file: TokenedFile]

/** Estimate of how many times as long AVIF takes to encode as other formats. */
const AVIF_EFFORT = 10

/** Vite's default of `build.assetsInlineLimit`, bytes. */
const INLINE_LIMIT = 4096

/**
 * Emits the files whose tokens a text contains.
 *
 * @returns what replaces each token, by its digits
 * @throws LimnError `asset/no-master`, `output/unknown`
 */
export async function emitTokened(
  emitter: Emitter,
  context: Context,
  text: string,
): Promise<Map<string, Emitted>> {
  const digits = new Set([...text.matchAll(TOKEN)].map(([, match]) => match!))
  const entries = [...digits].flatMap((key): TokenEntry[] => {
    const file = context.fileByToken.get(key)
    return file === undefined ? [] : [[key, file]]
  })
  const inOrder = slowestFirst(await context.requireState(), entries)
  return new Map(
    await Promise.all(
      inOrder.map(async ([key, file]): Promise<[string, Emitted]> => [
        key,
        await emit(emitter, context, file),
      ]),
    ),
  )
}

/**
 * Sorts files by asset, and those of an asset by encoding time, the slowest first, so that no
 * processor waits at the end for another's last large file.
 */
function slowestFirst(state: ProjectState, entries: readonly TokenEntry[]): TokenEntry[] {
  const assets = new Set(entries.map(([, { asset }]) => asset))
  const rankByAsset = new Map([...assets].map((asset, index) => [asset, index]))
  const effortByKey = new Map(entries.map(([key, file]) => [key, effortOf(state, file)]))
  return entries.toSorted(
    ([one, a], [other, b]) =>
      rankByAsset.get(a.asset)! - rankByAsset.get(b.asset)! ||
      effortByKey.get(other)! - effortByKey.get(one)!,
  )
}

function effortOf(state: ProjectState, file: TokenedFile): number {
  const { width, height, format } = getOutput(state, file).output
  return width * height * (format === 'avif' ? AVIF_EFFORT : 1)
}

/** Returns the URL that replaces a token; Vite adds its base to that of an emitted file later. */
export function replacementUrl(emitted: { reference: string } | { dataUrl: string }): string {
  return 'dataUrl' in emitted ? emitted.dataUrl : `__VITE_ASSET__${emitted.reference}__`
}

async function emit(emitter: Emitter, context: Context, file: TokenedFile): Promise<Emitted> {
  const found = getOutput(await context.requireState(), file)
  const { asset, output } = found
  const start = performance.now()
  const { bytes, cached } = await readFinal(context, found)
  if (debug.enabled) {
    const origin = cached ? 'cache' : 'cut'
    debug('emitting %s/%s: %s, %s', asset.name, output.file, origin, elapsed(start))
  }
  const { paths } = context.project
  const name = fileNameOf(asset, output)
  const path = join(paths.root, name)
  if (isInlined(emitter.environment, { path, bytes, use: file.use })) {
    return { file, dataUrl: toDataUrl(bytes, output.format) }
  }
  const reference = emitter.emitFile({
    type: 'asset',
    name,
    originalFileName: `${paths.shownManifest}#${asset.name}/${output.file}`,
    source: bytes,
  })
  return { file, reference }
}

/**
 * Reads an output of the image that an asset has; encodes it if needed. Builds never contain
 * drafts. @throws LimnError `asset/no-master`
 */
export async function readFinal(
  context: Context,
  { asset, output }: AssetOutput,
): Promise<ServedFile> {
  const state = await context.requireState()
  const entry = currentEntry(state, asset) ?? state.snapshot.lock.assets.get(asset.name)
  if (entry === undefined) {
    throw new LimnError('asset/no-master', `"${asset.name}" has no picture yet.`, {
      hint: 'Run `limn generate` and commit what it writes.',
    })
  }
  warnIfEnlarged(context, { asset, output }, entry)
  const service = await context.loadOutputService()
  return service.final(entry, output)
}

/** Warns once about the outputs of a preset that are larger than the image of the asset. */
function warnIfEnlarged(
  { config, log }: Context,
  { asset, output }: AssetOutput,
  { master }: LockEntry,
): void {
  if (config.command !== 'build' || isVectorPath(master.path)) return
  const ofPreset = asset.outputs.filter(({ preset }) => preset === output.preset)
  for (const note of enlargementNotes(ofPreset, masterShapeOf(asset, master, master.state))) {
    log.warnOnce(`[limn] ${asset.name}: ${note}`)
  }
}

/** Returns the name of a file in the build, before Vite adds the hash: `mug-square.webp`. */
export function fileNameOf(asset: Asset, output: Output): string {
  return `${basename(asset.name)}-${output.file}`
}

/** Returns whether a file becomes a data URL, by Vite's rules for its own assets. */
function isInlined(
  { config: { build } }: Environment,
  { path, bytes, use }: Pick<TokenedFile, 'use'> & { path: string; bytes: Buffer },
): boolean {
  if (use !== 'auto' && use !== 'candidate') return use === 'inline'
  // A library cannot know the URLs of its files.
  if (build.lib !== false) return true
  if (use === 'candidate') return false
  const { assetsInlineLimit: limit } = build
  if (typeof limit !== 'function') return bytes.length < limit
  return limit(path, bytes) ?? bytes.length < INLINE_LIMIT
}
