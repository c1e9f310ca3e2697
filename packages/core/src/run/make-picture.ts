import { LimnError } from '../errors.ts'
import type { OnEvent } from '../events.ts'
import { compareRequests, type ImageRequest } from '../identity/request.ts'
import type { LockEntry, MasterRecord } from '../lock/lock.ts'
import type { Plan, Step } from '../plan/plan.ts'
import { ProviderError } from '../providers/provider.ts'
import { completeRequest } from './complete-request.ts'
import type { OutputCutter } from './cut-outputs.ts'
import { type DecodedPicture, decodeReceived } from './decode-received.ts'
import { findPaid, findReceived, type Received } from './find-received.ts'
import { installMaster } from './install-master.ts'
import { keepCandidates } from './keep-candidates.ts'
import { keepResponse } from './keep-response.ts'
import { createLinkJournal } from './link-journal.ts'
import type { LockWriter } from './lock-writer.ts'
import type { ProgressReporter } from './progress.ts'
import type { ProviderAccess } from './provider-access.ts'
import { queueDecoding, type Queues } from './queues.ts'
import { reportCandidates, reportMaster } from './report-master.ts'
import { createRequestGate } from './request-gate.ts'
import { requestPictures } from './request-pictures.ts'
import type { RunJournal } from './run-journal.ts'
import type { GenerateStep } from './run-steps.ts'
import { isStopped, type StopSignals } from './stop-signals.ts'
import type { Workspace } from './workspace.ts'

type RecoverStep = Extract<Step, { kind: 'recover' }>

/** What turns a received picture into a master and its outputs. */
export type InstallStages = {
  workspace: Workspace
  plan: Plan
  queues: Queues
  lockWriter: LockWriter
  /** `undefined` if the run cuts no outputs. */
  outputs: OutputCutter | undefined
  /** Whether received pictures become candidates, and no masters. */
  asCandidates: boolean
  signals: StopSignals
  onEvent: OnEvent
}

/** What requests pictures and keeps them. */
export type RequestStages = {
  access: ProviderAccess
  journal: RunJournal
  progress: ProgressReporter
  /** The number of partials to request, 0 to 3, whatever the manifest says. */
  partials: number | undefined
}

/**
 * Handles one asset completely: request → journal → master → lockfile → outputs. It holds its slot
 * in the queue of requests until its pictures are in the journal.
 */
export async function makePicture(
  step: GenerateStep,
  stages: InstallStages & RequestStages,
): Promise<void> {
  const { queues, signals, progress } = stages
  try {
    const received = await queues.requests.add(() => receive(step, stages))
    if (received === undefined) return
    await queues.masters.add(async () => {
      if (signals.quit?.aborted === true) throw leftInJournal()
      await install(received, stages)
    })
  } finally {
    progress.picturesDone(1)
    progress.report()
  }
}

/**
 * Restores a picture that was paid for before from the journal or the shelf: master → lockfile →
 * outputs.
 */
export async function recoverPicture(step: RecoverStep, stages: InstallStages): Promise<void> {
  await install(await findReceived(step, stages), stages)
}

/**
 * Requests the pictures of an asset into the journal.
 *
 * @returns `undefined` if none are needed any more
 */
async function receive(
  step: GenerateStep,
  stages: InstallStages & RequestStages,
): Promise<Received | undefined> {
  const { workspace, queues, lockWriter, journal, progress, signals, onEvent } = stages
  const { paths, manifest, assetByName } = workspace
  const { asset, images, usd } = step
  if (isStopped(signals)) throw notSent()
  const { lock } = lockWriter
  const { request, inputs } = await completeRequest(asset, step.request, { workspace, lock })
  const { isSizeAuto } = assetByName.get(asset)!
  if (isUnchanged(step, { request, isSizeAuto }, lock.assets.get(asset))) return undefined
  // With the inputs of this run, the request may be one that an earlier run paid for.
  const canUseShelf = step.reasons.every(({ code }) => code !== 'forced')
  const paid =
    request === step.request ? undefined : findPaid({ asset, request, canUseShelf }, paths)
  if (paid !== undefined) return findReceived({ asset, request, ...paid }, stages)

  const gate = createRequestGate(
    { asset, request, images },
    { root: paths.root, journal, queues, progress, onEvent },
  )
  const links = createLinkJournal(paths.journal, { asset, request })
  const order = {
    asset: assetByName.get(asset)!,
    request,
    inputs,
    images,
    usd,
    gate,
    keepResponse: (error: ProviderError) => keepResponse(error, { asset, request, paths }),
    onLinks: links.keep,
  }
  const keys: string[] = []
  let made: MasterRecord = { provider: '', at: '' }
  try {
    for await (const answer of requestPictures(order, { manifest, ...stages })) {
      made = answer.made
      keys.push(...(await journal.keep(answer.pictures, { asset, request, made })))
      await links.settle(answer.missingLinks)
      // The history counts the request at its worst-case cost until then, so nothing waits for it.
      void answer.recordOutcome()
    }
  } catch (error) {
    // Limn never fetches from a link that it refuses. All others stay recorded for the next run.
    if (error instanceof ProviderError && error.link === undefined) await links.settle([])
    throw error
  }
  const ms = performance.now() - (gate.startedAt ?? 0)
  const digest = null
  return { asset, request, folder: paths.journal, keys, digest, made, recovered: false, ms }
}

/**
 * Installs received pictures: decodes them, writes the master, updates the lock and queues the
 * outputs.
 */
async function install(received: Received, stages: InstallStages): Promise<void> {
  const { workspace, queues, lockWriter, outputs, signals, onEvent } = stages
  const { asset } = received
  const { encoderVersion } = await import('../derive/encoder-version.ts')
  const decoded = await queueDecoding(queues, signals.quit, () =>
    decodeReceived(received, signals.quit),
  )
  if (stages.asCandidates) return installCandidates(received, decoded, stages)
  const { lock } = lockWriter
  const encoder = encoderVersion()
  const options = { workspace, lock, encoder }
  const { entry, candidates, intent } = await installMaster(received, decoded, options)
  lockWriter.setEncoder(encoder)
  lockWriter.update([[asset, entry]], {
    journalKeys: decoded.keys,
    intents: intent === undefined ? [] : [intent],
  })
  reportMaster(received, { entry, decoded, candidates }, { workspace, onEvent })
  const files = workspace.assetByName.get(asset)!.outputs.map(({ file }) => file)
  outputs?.cut(asset, files, decoded.master)
}

/** Keeps received pictures as candidates. */
async function installCandidates(
  received: Received,
  decoded: DecodedPicture,
  { workspace, onEvent }: InstallStages,
): Promise<void> {
  const { paths, assetByName } = workspace
  const { ownPrompt } = assetByName.get(received.asset)!
  const candidateFiles = await keepCandidates(received, decoded, { paths, ownPrompt })
  reportCandidates(received, { decoded, candidateFiles }, { workspace, onEvent })
}

/** Returns whether the inputs of an asset were regenerated byte for byte, so that it is not stale. */
function isUnchanged(
  { reasons }: GenerateStep,
  { request, isSizeAuto }: { request: ImageRequest; isSizeAuto: boolean },
  before: LockEntry | undefined,
): boolean {
  return (
    before !== undefined &&
    reasons.every(({ code }) => code === 'input-changed') &&
    compareRequests(before.request, request).every(({ field }) => field === 'size' && isSizeAuto)
  )
}

function notSent(): LimnError {
  return new LimnError('aborted', 'The run was stopped before the request was sent.')
}

function leftInJournal(): LimnError {
  return new LimnError(
    'aborted',
    'The picture is in the journal. The next run recovers it from there.',
  )
}
