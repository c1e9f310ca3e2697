import { createDebug } from '../debug.ts'
import { loadCutter } from '../derive/cut-output.ts'
import { pictureDigest } from '../digest.ts'
import { hashRecipe } from '../identity/recipe.ts'
import type { Output } from '../manifest/manifest.ts'
import type { Master } from '../pictures/read-master.ts'
import type { RemoteOptions, RemoteStore } from '../remote/remote-store.ts'
import type { DerivedFile } from './job.ts'
import { storeBytes } from './store-bytes.ts'

const debug = createDebug('queue')

/** Where files are derived. */
type DeriveOptions = RemoteOptions & {
  store: RemoteStore
  /** Runs work that keeps a processor busy in its turn. */
  inTurn: <T>(work: () => Promise<T>) => Promise<T>
}

/**
 * Derives the files of an asset from its master, and stores them. A file that can't be derived or
 * stored is left out: the coordinator derives it, and reports why if it fails too.
 */
export async function deriveFiles(
  { bytes: picture, decoded }: { bytes: Uint8Array; decoded: Master | undefined },
  outputs: readonly Output[],
  { store, signal, inTurn }: DeriveOptions,
): Promise<DerivedFile[]> {
  if (outputs.length === 0) return []
  const [{ readMaster }, { createMasterCutter }] = await loadCutter()
  const master = decoded ?? (await inTurn(() => readMaster(picture, signal)).catch(() => undefined))
  if (master === undefined) return []
  const cut = createMasterCutter(master)
  const source = { sha256: pictureDigest(picture), path: `master.${master.extension}` }
  const files: DerivedFile[] = []
  for (const output of outputs) {
    try {
      const { bytes } = await inTurn(() => cut(output))
      const stored = await storeBytes(bytes, store, { signal })
      files.push({ ...stored, recipe: hashRecipe(source, output) })
    } catch (error) {
      signal?.throwIfAborted()
      debug('%s was not derived: %s', output.file, error)
    }
  }
  return files
}
