import { cutOutput, loadCutter, openMaster } from '../derive/cut-output.ts'
import type { Cutter } from '../derive/cutter.ts'
import { sha256 } from '../digest.ts'
import { LimnError } from '../errors.ts'
import { hashRecipe } from '../identity/recipe.ts'
import type { Asset, Output } from '../manifest/manifest.ts'
import type { Master } from '../pictures/read-master.ts'
import { writeOutFile } from '../store/output-files.ts'
import type { RunContext } from './context.ts'

/** Files to be cut, in the line for processors. */
export type Cutting = {
  /** Puts files of an asset in line. Its master is decoded once, unless it was just now: `decoded`. */
  add(asset: string, files: readonly string[], decoded?: Master): void
  /** When nothing is in line any more. */
  onIdle(): Promise<void>
}

/**
 * Decodes what is to become a master, ahead of all that waits to be cut. @throws LimnError
 * `aborted` where not even what is under way is waited for
 */
export async function beforeCutting<T>(
  { processors, quit }: RunContext,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await processors.add(work, {
      priority: 1,
      ...(quit === undefined ? {} : { signal: quit }),
    })
  } catch (error) {
    throw quit?.aborted === true && !(error instanceof LimnError)
      ? new LimnError('aborted', 'Stopped before it was its turn: the next run goes on with it.', {
          cause: error,
        })
      : error
  }
}

/**
 * The most pixels that are kept for files in line, bytes: pictures may come faster than they are
 * cut, and what is not kept is decoded again.
 */
const MOST_KEPT = 32 * 1024 * 1024

export function createCutting(context: RunContext): Cutting {
  const { paths, checkpoint, processors, progress, assetByName } = context
  let kept = 0
  return {
    onIdle: () => processors.onIdle(),
    add(name, files, decoded) {
      const asset = assetByName.get(name)!
      const wanted = new Set(files)
      const outputs = asset.outputs.filter(({ file }) => wanted.has(file))
      const bytes = decoded?.pixels.data.length ?? 0
      const isKept = decoded !== undefined && outputs.length > 0 && kept + bytes <= MOST_KEPT
      if (isKept) kept += bytes
      let cutter = isKept ? cutterOfDecoded(decoded) : undefined
      const getCutter = (): Promise<Cutter> =>
        (cutter ??= openMaster(paths.root, checkpoint.lock.assets.get(name)!))
      let left = outputs.length
      progress.derive.total += outputs.length
      for (const output of outputs) {
        void processors.add(async () => {
          if (context.isStopped()) return
          try {
            await cut(asset, output, getCutter, context)
          } catch (error) {
            context.fail(name, error, output.file)
          }
          if (--left === 0 && isKept) kept -= bytes
          progress.derive.done++
          context.report()
        })
      }
    },
  }
}

/**
 * Apart from what waits in line, which is not to hold on to a picture that is not kept, nor to the
 * file of one that is.
 */
async function cutterOfDecoded(picture: Master): Promise<Cutter> {
  const [, { createMasterCutter }] = await loadCutter()
  return createMasterCutter(picture)
}

async function cut(
  asset: Asset,
  output: Output,
  getCutter: () => Promise<Cutter>,
  { paths, manifest, index, checkpoint, result, onEvent }: RunContext,
): Promise<void> {
  const started = performance.now()
  const recipe = hashRecipe(checkpoint.lock.assets.get(asset.name)!.master.sha256, output)
  const locked = checkpoint.lock.assets.get(asset.name)!.outputs[output.file]
  const expected = locked?.recipe === recipe ? [locked.sha256, index.own.get(recipe)] : undefined
  const { bytes, width, height, cached } = await cutOutput({
    paths,
    recipe,
    output,
    getCutter,
    expected,
    onUncached: (error) => onEvent({ type: 'uncached', error }),
  })
  const digest = sha256(bytes)
  if (manifest.out !== null) {
    index.record(await writeOutFile(paths, manifest.out, asset.name, output.file, bytes), digest)
  }
  if (locked?.recipe === recipe) {
    // The lock keeps the digest it has: encoders differ from one processor to the next.
    if (locked.sha256 !== digest && !cached) index.own.set(recipe, digest)
  } else {
    checkpoint.setOutput(asset.name, output.file, {
      recipe,
      sha256: digest,
      bytes: bytes.length,
      width,
      height,
    })
  }
  result.derived++
  onEvent({
    type: 'derived',
    asset: asset.name,
    file: output.file,
    bytes: bytes.length,
    cached,
    ms: performance.now() - started,
  })
}
