import { basename, join } from 'node:path'
import { LimnError, type Asset, type Output } from '@limn/core'
import type { ServedFile } from '@limn/core/for-vite'
import type { Environment } from 'vite'
import type { Context, State } from '../context.ts'
import { currentEntry } from '../references/lookup.ts'
import { toDataUrl } from '../references/urls.ts'
import { getWanted, type Wanted } from '../wanted.ts'
import { TOKEN, tokenedFiles, type Tokened } from './tokens.ts'

/** What emitting needs of a hook's `this`. */
export type Emitter = {
  environment: Environment
  emitFile(file: {
    type: 'asset'
    name: string
    originalFileName: string
    source: Uint8Array
  }): string
}

/**
 * Says what a token gives way to: the reference of an emitted file, or the file itself as a data
 * URL.
 */
export type Emitted = { file: Tokened; reference: string } | { file: Tokened; dataUrl: string }

/**
 * Emits the files whose tokens a text has kept, those only. @returns what each token gives way to,
 * by its digits
 */
export async function emitTokened(
  emitter: Emitter,
  context: Context,
  text: string,
): Promise<Map<string, Emitted>> {
  const files = tokenedFiles(context)
  const keys = [...new Set([...text.matchAll(TOKEN)].map(([, key]) => key!))].filter((key) =>
    files.has(key),
  )
  const inOrder = bySize(
    await context.ready(),
    keys.map((key) => [key, files.get(key)!]),
  )
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
 * A picture after the other, and of each what takes longest first: so no processor waits at the end
 * for another's last large file.
 */
function bySize(
  state: State,
  files: readonly (readonly [key: string, file: Tokened])[],
): (readonly [key: string, file: Tokened])[] {
  const rank = new Map(
    [...new Set(files.map(([, { asset }]) => asset))].map((asset, index) => [asset, index]),
  )
  const effort = ({ asset, file }: Tokened): number => {
    const { width, height, format } = getWanted(state, asset, file).output
    return width * height * (format === 'avif' ? AVIF_EFFORT : 1)
  }
  const effortByKey = new Map(files.map(([key, file]) => [key, effort(file)]))
  return files.toSorted(
    ([one, a], [other, b]) =>
      rank.get(a.asset)! - rank.get(b.asset)! || effortByKey.get(other)! - effortByKey.get(one)!,
  )
}

/** How many times as long AVIF takes as other formats, roughly. */
const AVIF_EFFORT = 10

/** How Vite writes the URL of an emitted file until it knows its base. */
export function placeholderUrl(emitted: { reference: string } | { dataUrl: string }): string {
  return 'dataUrl' in emitted ? emitted.dataUrl : `__VITE_ASSET__${emitted.reference}__`
}

async function emit(emitter: Emitter, context: Context, file: Tokened): Promise<Emitted> {
  const wanted = getWanted(await context.ready(), file.asset, file.file)
  const { asset, output } = wanted
  const { bytes } = await cutFile(context, wanted)
  const name = fileNameOf(asset, output)
  if (isInlined(emitter.environment, join(context.project.paths.root, name), bytes, file)) {
    return { file, dataUrl: toDataUrl(bytes, output.format) }
  }
  const reference = emitter.emitFile({
    type: 'asset',
    name,
    originalFileName: `${context.project.paths.shownManifest}#${asset.name}/${output.file}`,
    source: bytes,
  })
  return { file, reference }
}

/**
 * A file of the picture that an asset has. A build never shows drafts. @throws LimnError
 * `asset/no-master`
 */
export async function cutFile(context: Context, { asset, output }: Wanted): Promise<ServedFile> {
  const state = await context.ready()
  const entry = currentEntry(state, asset) ?? state.snapshot.lock.assets.get(asset.name)
  if (entry === undefined) {
    throw new LimnError('asset/no-master', `"${asset.name}" has no picture yet.`, {
      hint: 'Run `limn generate` and commit what it makes.',
    })
  }
  const files = await context.files()
  return files.final(entry, output)
}

/** What a file is called in the build, before its hash: `mug-square.webp`. */
export function fileNameOf(asset: Asset, output: Output): string {
  return `${basename(asset.name)}-${output.file}`
}

/** Vite's default of `build.assetsInlineLimit`, bytes. */
const INLINE_LIMIT = 4096

/** Whether a file stands in the code itself, by the rules that Vite has for its own assets. */
function isInlined(
  { config: { build } }: Environment,
  path: string,
  bytes: Buffer,
  { use }: Tokened,
): boolean {
  if (use !== 'auto' && use !== 'candidate') return use === 'inline'
  // A library can't know where its files will lie.
  if (build.lib !== false) return true
  if (use === 'candidate') return false
  const { assetsInlineLimit: limit } = build
  if (typeof limit !== 'function') return bytes.length < limit
  return limit(path, bytes) ?? bytes.length < INLINE_LIMIT
}
