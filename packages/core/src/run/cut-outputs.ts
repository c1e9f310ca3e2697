import { relative } from 'node:path'
import { createDebug } from '../debug.ts'
import { cutOutput, loadCutter, openMaster } from '../derive/cut-output.ts'
import type { Cutter } from '../derive/cutter.ts'
import { sha256 } from '../digest.ts'
import type { OnEvent } from '../events.ts'
import { hashRecipe } from '../identity/recipe.ts'
import type { LockedOutput } from '../lock/lock.ts'
import type { Output } from '../manifest/manifest.ts'
import type { Master } from '../pictures/read-master.ts'
import { type OutFile, writeOutFile } from '../store/out-folder.ts'
import type { ReportFailure } from './failures.ts'
import type { LockWriter } from './lock-writer.ts'
import type { ProgressReporter } from './progress.ts'
import type { Queues } from './queues.ts'
import { isStopped, type StopSignals } from './stop-signals.ts'
import type { Workspace } from './workspace.ts'

const debug = createDebug('derive')

/** Cuts outputs in the background. */
export type OutputCutter = {
  /**
   * Queues files of an asset to be cut. Decodes its master once, unless `decoded` is given, which
   * is the master that was just decoded.
   */
  cut(asset: string, files: readonly string[], decoded?: Master): void
}

type CutOptions = { workspace: Workspace; lockWriter: LockWriter; onEvent: OnEvent }

/**
 * The most pixels that are kept for queued outputs, bytes. Pictures may arrive faster than they are
 * cut; a master that is not kept is decoded again.
 */
const MAX_KEPT_BYTES = 32 * 1024 * 1024

/** Creates the cutter of a run's outputs. */
export function createOutputCutter({
  queues: { processors },
  progress,
  signals,
  reportFailure,
  ...options
}: CutOptions & {
  queues: Queues
  progress: ProgressReporter
  signals: StopSignals
  reportFailure: ReportFailure
}): OutputCutter {
  const { workspace, lockWriter } = options
  const keptPixels = createPixelBudget(MAX_KEPT_BYTES, workspace.paths.root)

  const cutQueued = async (
    asset: string,
    output: Output,
    getCutter: () => Promise<Cutter>,
  ): Promise<void> => {
    try {
      await cut(asset, output, { getCutter, ...options })
    } catch (error) {
      reportFailure(asset, error, output.file)
    }
  }

  return {
    // The queued functions must not capture `decoded`: they would keep the pixels of every queued picture.
    cut(name, files, decoded) {
      const outputs = selectOutputs(workspace, name, files)
      const kept = outputs.length === 0 ? undefined : keptPixels.keep(decoded)
      const openLocked = (): Promise<Cutter> =>
        openMaster(workspace.paths.root, lockWriter.lock.assets.get(name)!)
      let cutter = kept?.cutter
      let left = outputs.length
      progress.outputsQueued(outputs.length)
      for (const output of outputs) {
        void processors.add(async () => {
          if (isStopped(signals)) return
          await cutQueued(name, output, () => (cutter ??= openLocked()))
          if (--left === 0) kept?.release()
          progress.outputDone()
          progress.report()
        })
      }
    },
  }
}

function selectOutputs(
  { assetByName }: Workspace,
  asset: string,
  files: readonly string[],
): Output[] {
  const wanted = new Set(files)
  return assetByName.get(asset)!.outputs.filter(({ file }) => wanted.has(file))
}

/** The cutter of a decoded master whose pixels stay in memory until `release`. */
type KeptMaster = { cutter: Promise<Cutter>; release: () => void }

/** Creates a limit for the pixels that are kept, bytes. */
function createPixelBudget(
  max: number,
  root: string,
): {
  /** Keeps a decoded master. @returns `undefined` if it does not fit, or none is given */
  keep: (decoded: Master | undefined) => KeptMaster | undefined
} {
  let total = 0
  const release = (bytes: number) => (): void => {
    total -= bytes
  }
  return {
    keep(decoded) {
      const bytes = decoded?.pixels.data.length ?? 0
      if (decoded === undefined || total + bytes > max) return undefined
      total += bytes
      return { cutter: openDecoded(decoded, root), release: release(bytes) }
    },
  }
}

/** Opens a decoded master. The cutter keeps its pixels, and the file only if cutting requires it. */
async function openDecoded(master: Master, root: string): Promise<Cutter> {
  const [, { createMasterCutter }] = await loadCutter()
  return createMasterCutter(master, root)
}

/** Writes one output to the `out` folder, and reports a file that it replaces. */
async function writeOut(
  file: Omit<OutFile, 'known'>,
  {
    workspace: { paths, digests, written },
    locked,
    onEvent,
  }: { workspace: Workspace; locked: LockedOutput | undefined; onEvent: OnEvent },
): Promise<void> {
  const own = locked?.recipe == null ? undefined : digests.own.get(locked.recipe)
  const known = locked && [locked.sha256, ...(own === undefined ? [] : [own])]
  const backup = await writeOutFile({ ...file, known }, { paths, digests, written })
  if (backup === undefined) return
  const path = `${file.out}/${file.asset}/${file.file}`
  const keptIn = relative(paths.root, backup).replaceAll('\\', '/')
  onEvent({ type: 'replaced', asset: file.asset, path, keptIn })
}

/** Cuts one output, or takes it from the cache, and records it in the lock. */
async function cut(
  asset: string,
  output: Output,
  { getCutter, workspace, lockWriter, onEvent }: CutOptions & { getCutter: () => Promise<Cutter> },
): Promise<void> {
  const { paths, manifest, digests } = workspace
  const started = performance.now()
  const entry = lockWriter.lock.assets.get(asset)!
  const recipe = hashRecipe(entry.master, output)
  const locked = entry.outputs[output.file]
  const isLocked = locked?.recipe === recipe
  const { bytes, width, height, cached } = await cutOutput({
    paths,
    recipe,
    output,
    getCutter,
    expected: isLocked ? [locked.sha256, digests.own.get(recipe)] : undefined,
    onUncached: (error) => onEvent({ type: 'uncached', error }),
  })
  const digest = sha256(bytes)
  if (manifest.out !== null) {
    const file = { out: manifest.out, asset, file: output.file, bytes, sha256: digest }
    await writeOut(file, { workspace, locked, onEvent })
  }
  if (!isLocked) {
    const facts = { recipe, sha256: digest, bytes: bytes.length, width, height }
    lockWriter.setOutput(asset, output.file, facts)
  } else if (locked.sha256 !== digest && !cached) {
    // The lockfile keeps its digest: encoders are not bit-exact on every processor.
    digests.own.set(recipe, digest)
  }
  const ms = performance.now() - started
  debug(
    '%s/%s: %s, %d bytes, %d ms',
    asset,
    output.file,
    cached ? 'from the cache' : 'cut',
    bytes.length,
    Math.round(ms),
  )
  onEvent({ type: 'derived', asset, file: output.file, bytes: bytes.length, cached, ms })
}
