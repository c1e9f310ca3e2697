import { once } from 'node:events'
import { join } from 'node:path'
import { createDebug, elapsed } from '../debug.ts'
import { existsInside } from '../disk/read-inside.ts'
import { LimnError } from '../errors.ts'
import { nothingSaved } from '../history/tally.ts'
import type { Lock } from '../lock/lock.ts'
import type { Step } from '../plan/plan.ts'
import type { BatchClient } from '../providers/batch-client.ts'
import { ensureStateFolder } from '../store/state-folder.ts'
import { attempt, codeOf } from './failures.ts'
import { makePicture, recoverPicture } from './make-picture.ts'
import { moveMaster } from './move-master.ts'
import { type OpenRun, openRun, type RunOptions, type RunStages } from './open-run.ts'
import { readSource } from './read-source.ts'
import type { RunCounts } from './run-counts.ts'
import { sumKept } from './run-history.ts'
import { type GenerateStep, runSteps } from './run-steps.ts'
import { isStopped } from './stop-signals.ts'

const debug = createDebug('run')

export type RunResult = RunCounts & {
  /** USD spent. */
  usd: number
  lock: Lock
}

/**
 * Executes a plan. One asset's failure never stops the others. Each picture is written to the
 * journal, then to its master, then to the lockfile, and only then leaves the journal.
 *
 * @throws LimnError `store/…` or `lock/…` if the disk fails; received pictures are in the journal
 */
export async function run(options: RunOptions): Promise<RunResult> {
  await ensureStateFolder(options.paths.state)
  const opened = await openRun(options)
  const { stages, preload, counts } = opened
  await moveMasters(options.plan.steps, stages)
  if (stages.access.provider !== undefined) preload.start()
  try {
    await runSteps(options.plan.steps, {
      assetByName: stages.workspace.assetByName,
      execute: (step) => logged(step, () => executeStep(step, stages)),
      openBatches: () => openBatches(options, stages),
      reportFailure: stages.reportFailure,
    })
    await examine(options, stages)
    await waitForOutputs(stages)
  } finally {
    preload.cancel()
    await closeRun(opened, options)
  }
  return { ...counts, usd: stages.access.budget.spent, lock: stages.lockWriter.lock }
}

/** Examines the pictures of the plan that have no verdicts yet. */
async function examine({ plan }: RunOptions, stages: RunStages): Promise<void> {
  if (stages.examiner === undefined) return
  const { examinePictures } = await import('./examine-pictures.ts')
  await examinePictures(plan.steps, stages)
}

/** Moves the masters of renamed assets. */
async function moveMasters(steps: readonly Step[], stages: RunStages): Promise<void> {
  for (const step of steps) {
    if (step.kind === 'move') {
      await attempt(step.asset, stages.reportFailure, () =>
        logged(step, () => moveMaster(step, stages)),
      )
    }
  }
}

/** Does the work of a step, and logs its start and end. Outputs are cut after the end. */
async function logged({ asset, kind }: Step, work: () => Promise<void>): Promise<void> {
  const start = performance.now()
  debug('%s: %s starts', asset, kind)
  try {
    await work()
    if (debug.enabled) debug('%s: %s ends, %s', asset, kind, elapsed(start))
  } catch (error) {
    if (debug.enabled) debug('%s: %s fails with %s, %s', asset, kind, codeOf(error), elapsed(start))
    throw error
  }
}

async function executeStep(step: Step, stages: RunStages): Promise<void> {
  const { workspace, outputs } = stages
  switch (step.kind) {
    case 'generate':
      return makePicture(step, stages)
    case 'recover':
      return whenMasterSlotFree(stages, () => recoverPicture(step, stages))
    case 'derive':
      if (workspace.assetByName.get(step.asset)!.source !== null) {
        return whenMasterSlotFree(stages, () => readSource(step, stages))
      }
      return outputs?.cut(step.asset, step.outputs)
    case 'move':
      return isDownloaded(step, stages) ? outputs?.cut(step.asset, step.outputs) : undefined
  }
}

/** Whether this machine has the master of a step. If not, the next run downloads it and derives. */
function isDownloaded({ asset, reasons }: Step, { workspace, lockWriter }: RunStages): boolean {
  if (!reasons.some(({ code }) => code === 'not-downloaded')) return true
  const { root } = workspace.paths
  return existsInside(root, join(root, lockWriter.lock.assets.get(asset)!.master.path))
}

/** Does some work in the queue of masters, unless the run is stopped before its turn. */
async function whenMasterSlotFree(
  { queues, signals }: Pick<RunStages, 'queues' | 'signals'>,
  work: () => Promise<void>,
): Promise<void> {
  await queues.masters.add(async () => {
    if (isStopped(signals)) {
      throw new LimnError('aborted', 'The run was stopped before this picture was read.')
    }
    await work()
  })
}

/** Opens the Batch API of each model whose requests the plan sends in batches. */
async function openBatches(
  { batchClient, plan }: RunOptions,
  stages: RunStages,
): Promise<(steps: readonly GenerateStep[]) => Promise<void>> {
  const clientByModel = new Map<string, BatchClient>()
  for (const step of plan.steps) {
    if (step.kind !== 'generate' || step.batch !== true) continue
    const { model } = step.request
    if (!clientByModel.has(model)) clientByModel.set(model, await batchClient!(model))
  }
  const options = { clientByModel, ...stages, ...stages.access }
  return async (steps) => (await import('./send-batches.ts')).sendBatches(steps, options)
}

/** Waits for all queued outputs, or until `quit` fires. */
async function waitForOutputs({
  queues: { processors },
  signals: { quit },
}: Pick<RunStages, 'queues' | 'signals'>): Promise<void> {
  if (quit?.aborted === true) return
  const idle = processors.onIdle()
  await (quit === undefined ? idle : Promise.race([idle, once(quit, 'abort')]))
}

/** Writes what is left to be written, however the run ended. */
async function closeRun(
  { stages, counts, historyFile }: OpenRun,
  { manifest, lock, plan, isWhole }: RunOptions,
): Promise<void> {
  const { access, lockWriter, workspace } = stages
  try {
    await lockWriter.flush()
    if (manifest.out !== null) await workspace.written.clear()
  } finally {
    workspace.digests.save()
    await stages.remote?.finish()
    const result = {
      generated: counts.generated,
      failed: new Set(counts.failed.map(({ asset }) => asset)).size,
      usd: access.budget.spent,
    }
    access.telemetry.end(result)
    await access.history.end({
      ...result,
      kept: isWhole ? sumKept(manifest, lock, plan) : nothingSaved,
    })
    await historyFile.close()
    await stages.orders?.close()
    await access.provider?.close?.()
  }
}
