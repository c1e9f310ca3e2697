import { LimnError } from '../errors.ts'
import { compareRequests, hashRequest, type ImageRequest, isKeyOf } from '../identity/request.ts'
import type { Budget } from '../limits/budget.ts'
import type { MasterRecord } from '../lock/lock.ts'
import { addUsage } from '../models/cost.ts'
import { findModel } from '../models/models.ts'
import { parseSize } from '../models/size.ts'
import type { Step } from '../plan/plan.ts'
import { priceOfAsset } from '../plan/price.ts'
import { streams } from '../providers/openai/images-call.ts'
import type { ProviderAnswer } from '../providers/provider.ts'
import { keepPaid } from '../store/journal-fallback.ts'
import { freeKey, listKeys } from '../store/journal.ts'
import { requireRoom } from '../store/room.ts'
import { completeRequest } from './complete-request.ts'
import type { RunContext } from './context.ts'
import { findReceived, type Received, settle } from './install-master.ts'
import { type Order, send } from './send-request.ts'

/**
 * Asks the provider for the pictures of an asset, writes each to the journal as it comes, and makes
 * the first that is whole the master.
 */
export async function ask(
  step: Extract<Step, { kind: 'generate' }>,
  context: RunContext,
): Promise<void> {
  const { asking, settling, progress } = context
  try {
    const received = await asking.add(() => receive(step, context))
    if (received === undefined) return
    await settling.add(async () => {
      if (context.quit?.aborted === true) {
        throw new LimnError(
          'aborted',
          'It came and lies in the journal: the next run takes it from there.',
        )
      }
      await settle(received, context)
    })
  } finally {
    progress.generate.done++
    context.report()
  }
}

/** Brings the pictures of an asset into the journal; `undefined` where none are needed any more. */
async function receive(
  planned: Extract<Step, { kind: 'generate' }>,
  context: RunContext,
): Promise<Received | undefined> {
  const { asset, images, reasons } = planned
  const { paths, manifest, checkpoint, budget, progress, settling, journalKeys, onEvent } = context
  if (context.isStopped()) throw new LimnError('aborted', 'Stopped before it was asked for.')
  const { request, inputs } = await completeRequest(asset, planned.request, context)
  // What it is made from may have come out as it was: then it is as it should be.
  const before = checkpoint.lock.assets.get(asset)
  if (
    before !== undefined &&
    reasons.every(({ code }) => code === 'input-changed') &&
    compareRequests(before.request, request).length === 0
  ) {
    return undefined
  }
  // Paid for in a run that died before what it is made from had reached the lock.
  const arrived =
    request === planned.request
      ? undefined
      : listKeys(paths.journal).find((key) => isKeyOf(key, request))
  if (arrived !== undefined) {
    return findReceived({ asset, request, key: arrived, from: 'journal' }, context)
  }
  const row = findModel(request.model, manifest.models)
  const partials = partialsOf(context, asset)
  // Unfinished pictures that were not planned cost too.
  const usd =
    partials === undefined
      ? planned.usd
      : priceOfAsset(context.assetByName.get(asset)!, manifest.models, { partials })
  await budget.reserve(usd)
  let reserved = usd
  let paid: number | null = 0
  const spend = (cost: number | null): void => {
    paid = paid === null || cost === null ? null : paid + cost
  }
  let started: number | undefined
  /** Its turn has come: the last look at whether it may be sent. */
  const onTurn = async (): Promise<void> => {
    if (context.diskFailure !== undefined) {
      throw new LimnError(
        context.diskFailure,
        'It was not asked for: what came before it could not be written down.',
        { hint: 'Mend that first, then run the command again.' },
      )
    }
    if (started !== undefined) return
    started = performance.now()
    progress.generate.inFlight++
    // Those that came are in the journal, but for their masters there has to be room too.
    const coming = progress.generate.inFlight + settling.size + settling.pending
    await requireRoom(paths.root, bytesOf(request) * images * coming)
    onEvent({ type: 'generating', asset })
    context.report()
  }
  try {
    const keys: string[] = []
    let made: MasterRecord = { provider: manifest.providers[0]!.name, at: '' }
    // What a model can't be asked for at once is asked for one after the other.
    while (keys.length < images) {
      if (keys.length > 0 && context.isStopped()) break
      // A model that streams one picture at a time is asked for one at a time.
      const atOnce = partials !== undefined && row?.streaming !== 'any' ? 1 : (row?.maxImages ?? 1)
      const { current, provider } = context.limiters
      const count = Math.min(
        images - keys.length,
        atOnce,
        provider.quirks.maxImages ?? atOnce,
        current.most,
      )
      const worst = usd === null ? null : (usd * count) / images
      const more =
        worst === null || paid === null || reserved === null ? 0 : paid + worst - reserved
      // A server that gives fewer than it is asked for may bill for all: then what it gave is enough.
      if (more > 1e-9) {
        if (!hasRoom(budget, more)) break
        reserved! += more
      }
      const onPartial = (picture: Uint8Array, index: number): void =>
        onEvent({ type: 'partial', asset, index, picture })
      const order: Order = {
        asset,
        request,
        options: { inputs, count, partials, onPartial },
        usd: worst,
        onTurn,
      }
      const { answer, usd: cost, isEstimate, note } = await send(order, spend, context)
      spend(cost)
      made = recordOf(answer, made, paid, isEstimate)
      let refusal: { error: unknown } | undefined
      for (const bytes of answer.images) {
        const key = freeKey(journalKeys, hashRequest(request))
        // All were paid for: where the disk refuses one, the others are tried all the same.
        await context.keeping
          .add(() => keepPaid(paths, key, bytes, { request, made }))
          .then(
            () => keys.push(key),
            (error: unknown) => (refusal ??= { error }),
          )
      }
      if (refusal !== undefined) {
        if (refusal.error instanceof LimnError) context.diskFailure = refusal.error.code
        throw refusal.error
      }
      // It counts at its worst case until then: nobody has to wait for it.
      void note()
    }
    return {
      asset,
      request,
      folder: paths.journal,
      keys,
      made,
      recovered: false,
      ms: performance.now() - (started ?? 0),
    }
  } finally {
    budget.settle(reserved, paid)
    if (started !== undefined) progress.generate.inFlight--
    progress.usd = budget.spent
  }
}

/** Sets more aside, where that is within the limits. */
function hasRoom(budget: Budget, usd: number): boolean {
  try {
    budget.reserveNow(usd)
    return true
  } catch (error) {
    if (error instanceof LimnError && error.code === 'budget/exceeded') return false
    throw error
  }
}

/**
 * Room that a picture may take, in the journal and as a master, bytes: even noise has no more than
 * three for a pixel.
 */
function bytesOf({ size }: ImageRequest): number {
  const { width, height } = parseSize(size) ?? { width: 1024, height: 1024 }
  return 2 * 3 * width * height
}

/** Unfinished pictures to ask for; `undefined` where the answer comes in one piece. */
function partialsOf(
  { partials, manifest, assetByName }: RunContext,
  asset: string,
): number | undefined {
  const { partials: written, model, format } = assetByName.get(asset)!
  const row = findModel(model, manifest.models)
  return row !== undefined && streams({ format }, row)
    ? (partials ?? written ?? undefined)
    : undefined
}

/** What is kept of how a picture came to be, of several answers together. */
function recordOf(
  { provider, requestId, revisedPrompts: [revisedPrompt], usage }: ProviderAnswer,
  before: MasterRecord,
  usd: number | null,
  isEstimate: boolean,
): MasterRecord {
  const sum =
    usage === undefined || before.usage === undefined ? usage : addUsage(before.usage, usage)
  return {
    provider: provider ?? before.provider,
    at: new Date().toISOString(),
    ...(requestId === undefined ? {} : { requestId }),
    ...(revisedPrompt === undefined ? {} : { revisedPrompt }),
    ...(sum === undefined ? {} : { usage: sum }),
    ...(usd === null ? {} : { usd }),
    ...(usd !== null && (isEstimate || before.estimated === true)
      ? { estimated: true as const }
      : {}),
  }
}
