import { LimnError } from '../errors.ts'
import { compareRequests, type ImageRequest } from '../identity/request.ts'
import type { LockEntry, MasterRecord } from '../lock/lock.ts'
import { ProviderError } from '../providers/provider.ts'
import type { FoundAnswer } from '../remote/find-answer.ts'
import { type CompleteRequest, completeRequest } from './complete-request.ts'
import { findPaid, findReceived, type Received } from './find-received.ts'
import { keepResponse } from './keep-response.ts'
import { createLinkJournal } from './link-journal.ts'
import { orderIntoJournal } from './order-pictures.ts'
import type { InstallStages, RequestStages } from './picture-stages.ts'
import { createRequestGate } from './request-gate.ts'
import { requestPictures } from './request-pictures.ts'
import type { GenerateStep } from './run-steps.ts'
import { isStopped } from './stop-signals.ts'

type ReceiveStages = InstallStages & RequestStages

/**
 * Receives the pictures of an asset into the journal, as `receive` does. While another machine
 * requests them, waits without a slot.
 */
export async function receiveInTurn(
  step: GenerateStep,
  stages: ReceiveStages,
): Promise<Received | undefined> {
  const { queues, remote, onEvent } = stages
  let hasWaited = false
  for (;;) {
    const received = await queues.requests.add(() => receive(step, stages))
    if (received === undefined || !('elsewhere' in received)) return received
    if (!hasWaited) onEvent({ type: 'remote-waiting', asset: step.asset })
    hasWaited = true
    await remote!.whenFree(received.elsewhere)
  }
}

/**
 * Receives the pictures of an asset into the journal: from where an earlier run left them, from the
 * remote store, or from the provider.
 *
 * @returns `undefined` if none are needed any more; the request if another machine is sending it
 */
async function receive(
  step: GenerateStep,
  stages: ReceiveStages,
): Promise<Received | { elsewhere: ImageRequest } | undefined> {
  const { workspace, lockWriter, orders, remote, signals } = stages
  const { paths, assetByName } = workspace
  const { asset } = step
  if (isStopped(signals)) throw notSent()
  const { lock } = lockWriter
  const { request, inputs } = await completeRequest(asset, step.request, { workspace, lock })
  const { isSizeAuto } = assetByName.get(asset)!
  if (isUnchanged(step, { request, isSizeAuto }, lock.assets.get(asset))) return undefined
  // With the inputs of this run, the request may be one that an earlier run paid for.
  const isForced = step.reasons.some(({ code }) => code === 'forced')
  const paid =
    request === step.request
      ? undefined
      : findPaid({ asset, request, canUseShelf: !isForced }, paths)
  if (paid !== undefined) return findReceived({ asset, request, ...paid }, stages)
  if (request.operation === 'cut') {
    const { cutIntoJournal } = await import('./cut-cell.ts')
    return cutIntoJournal({ asset, request, inputs }, stages)
  }
  if (orders !== undefined) {
    const once = { ...step, usd: priceOfAttempt(step) }
    return orderIntoJournal(once, { request, inputs }, { ...stages, orders })
  }
  if (remote === undefined || isForced) {
    return requestIntoJournal(step, { request, inputs }, stages)
  }
  const turn = await remote.takeTurn(request, lock.assets.get(asset), step)
  if (turn.kind === 'theirs') return { elsewhere: request }
  try {
    return turn.kind === 'found'
      ? await keepFound(turn.answer, { asset, request }, stages)
      : await requestIntoJournal(step, { request, inputs }, stages)
  } catch (error) {
    remote.settle(request)
    throw error
  }
}

/** Writes the pictures that the remote store has to the journal. */
async function keepFound(
  { pictures, made }: FoundAnswer,
  { asset, request }: Pick<GenerateStep, 'asset' | 'request'>,
  { workspace: { paths }, journal }: Pick<ReceiveStages, 'workspace' | 'journal'>,
): Promise<Received> {
  const keys = await journal.keep(pictures, { asset, request, made })
  const folder = paths.journal
  return { asset, request, folder, keys, digest: null, made, recovered: true, ms: 0 }
}

/**
 * Requests the pictures of an asset from the provider into the journal. With `sentPrompt`, the
 * model receives that; the pictures answer the request of the manifest nevertheless.
 */
export async function requestIntoJournal(
  step: GenerateStep,
  { request, inputs, sentPrompt = request.prompt }: CompleteRequest & { sentPrompt?: string },
  stages: ReceiveStages,
): Promise<Received> {
  const { asset, images } = step
  const usd = priceOfAttempt(step)
  const { workspace, queues, journal, progress, onEvent } = stages
  const { paths, manifest, assetByName } = workspace
  const gate = createRequestGate(
    { asset, request, images },
    { root: paths.root, journal, queues, progress, onEvent },
  )
  const links = createLinkJournal(paths.journal, { asset, request })
  const order = {
    asset: assetByName.get(asset)!,
    request: { ...request, prompt: sentPrompt },
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
      made = sentPrompt === request.prompt ? answer.made : { ...answer.made, sentPrompt }
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

/** What one of the requests of a step costs at most, USD; `null` if that is unknown. */
function priceOfAttempt({ usd, attempts = 1 }: GenerateStep): number | null {
  return usd === null ? null : usd / attempts
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
