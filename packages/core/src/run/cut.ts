import { availableParallelism } from 'node:os'
import PQueue from 'p-queue'
import type { Cutter } from '../derive/derive.ts'
import { ensureOutput, openMaster } from '../derive/output.ts'
import { sha256 } from '../digest.ts'
import type { Asset, Output } from '../manifest/manifest.ts'
import { hashRecipe } from '../plan/recipe.ts'
import { writeOutFile } from '../store/outputs.ts'
import type { RunContext } from './context.ts'

/** The line of files to be cut: as many at a time as there are processors. */
export type Cutting = {
  /** Puts files of an asset in line. The master is decoded once, and only where the cache lacks one. */
  add(asset: string, files: readonly string[], makeCutter?: () => Promise<Cutter>): void
  /** When nothing is in line any more. */
  onIdle(): Promise<void>
}

/** Files in line up to which a master's pixels are kept for it: it is decoded again where more are, as pictures may come faster than they are cut. */
const MOST_WAITING = 16

export function createCutting(context: RunContext): Cutting {
  const queue = new PQueue({ concurrency: availableParallelism() })
  const { paths, checkpoint, progress, assetByName } = context
  return {
    onIdle: () => queue.onIdle(),
    add(name, files, makeCutter) {
      const asset = assetByName.get(name)!
      const wanted = new Set(files)
      const outputs = asset.outputs.filter(({ file }) => wanted.has(file))
      let cutter: Promise<Cutter> | undefined
      const make = queue.size < MOST_WAITING ? makeCutter : undefined
      const getCutter = (): Promise<Cutter> => (cutter ??= make?.() ?? openMaster(paths.root, checkpoint.lock.assets.get(name)!))
      progress.derive.total += outputs.length
      for (const output of outputs) {
        void queue.add(async () => {
          if (context.isStopped()) return
          try {
            await cut(asset, output, getCutter, context)
          } catch (error) {
            context.fail(name, error, output.file)
          }
          progress.derive.done++
          context.report()
        })
      }
    },
  }
}

async function cut(asset: Asset, output: Output, getCutter: () => Promise<Cutter>, { paths, manifest, index, checkpoint, result, onEvent }: RunContext): Promise<void> {
  const started = performance.now()
  const recipe = hashRecipe(checkpoint.lock.assets.get(asset.name)!.master.sha256, output)
  const locked = checkpoint.lock.assets.get(asset.name)!.outputs[output.file]
  const expected = locked?.recipe === recipe ? [locked.sha256, index.own.get(recipe)] : undefined
  const { bytes, width, height, cached } = await ensureOutput({ paths, recipe, output, getCutter, expected, onUncached: (error) => onEvent({ type: 'uncached', error }) })
  const digest = sha256(bytes)
  if (manifest.out !== null) index.record(await writeOutFile(paths, manifest.out, asset.name, output.file, bytes), digest)
  if (locked?.recipe === recipe) {
    // The lock keeps the digest it has: encoders differ from one processor to the next.
    if (locked.sha256 !== digest && !cached) index.own.set(recipe, digest)
  } else checkpoint.setOutput(asset.name, output.file, { recipe, sha256: digest, bytes: bytes.length, width, height })
  result.derived++
  onEvent({ type: 'derived', asset: asset.name, file: output.file, bytes: bytes.length, cached, ms: performance.now() - started })
}
