import { setTimeout as wait } from 'node:timers/promises'
import { LimnError } from '../errors.ts'
import { freeKey, listKeys, writeJournal } from '../generate/journal.ts'
import { withRetry } from '../generate/retry.ts'
import type { MasterRecord } from '../lock/lock.ts'
import { actualUsd, addUsage } from '../models/cost.ts'
import { findModel } from '../models/models.ts'
import { isKeyOf, type Step } from '../plan/plan.ts'
import { compareRequests, hashRequest } from '../plan/request.ts'
import { mayBeBilled, type ProviderAnswer, ProviderError } from '../providers/provider.ts'
import type { RunContext } from './context.ts'
import { completeRequest } from './inputs.ts'
import { type Received, recover, settle } from './settle.ts'

/** Asks the provider for the pictures of an asset, writes each to the journal as it comes, and makes the first the master. */
export async function ask({ asset, request: planned, usd, images, reasons }: Extract<Step, { kind: 'generate' }>, context: RunContext): Promise<void> {
  const { paths, manifest, checkpoint, budget, progress, journalKeys, onEvent, signal } = context
  const provider = context.provider!
  if (context.isStopped()) throw new LimnError('aborted', 'Stopped before it was asked for.')
  const { request, inputs } = await completeRequest(asset, planned, context)
  // What it is made from may have come out as it was: then it is as it should be.
  const before = checkpoint.lock.assets.get(asset)
  if (before !== undefined && reasons.every(({ code }) => code === 'input-changed') && compareRequests(before.request, request).length === 0) return
  // Paid for in a run that died before what it is made from had reached the lock.
  const arrived = request === planned ? undefined : listKeys(paths.journal).find((key) => isKeyOf(key, request))
  if (arrived !== undefined) return recover({ asset, request, key: arrived, from: 'journal' }, context)
  const row = findModel(request.model, manifest.models)
  const partials = partialsOf(context, asset)
  // A model that streams one picture at a time is asked for one at a time.
  const atOnce = partials !== undefined && row?.streaming !== 'any' ? 1 : (row?.maxImages ?? 1)
  budget.reserve(usd)
  onEvent({ type: 'generating', asset })
  progress.generate.inFlight++
  context.report()
  const started = performance.now()
  let paid: number | null = 0
  try {
    const received: Received['pictures'] = []
    let made: MasterRecord = { provider: manifest.providers[0]!.name, at: '' }
    // What a model can't be asked for at once is asked for one after the other.
    while (received.length < images) {
      if (received.length > 0 && context.isStopped()) break
      const count = Math.min(images - received.length, atOnce)
      const onPartial = (picture: Uint8Array, index: number): void => onEvent({ type: 'partial', asset, index, picture })
      const answer = await withRetry(() => provider.generate(request, { inputs, count, partials, onPartial }), {
        signal,
        sleep: (ms, stop) => wait(ms, undefined, stop === undefined ? {} : { signal: stop }),
        onRetry: (retry) => onEvent({ type: 'retrying', asset, ...retry }),
      })
      const cost = actualUsd(row, answer.usage) ?? (usd === null ? null : (usd * count) / images)
      paid = paid === null || cost === null ? null : paid + cost
      made = recordOf(answer, made, paid)
      for (const bytes of answer.images) {
        const key = freeKey(journalKeys, hashRequest(request))
        await writeJournal(paths.journal, key, bytes, made)
        received.push({ bytes, key })
      }
    }
    await settle({ asset, request, folder: paths.journal, pictures: received, made, recovered: false, ms: performance.now() - started }, context)
    context.result.generated++
  } catch (error) {
    // What may have been billed counts as billed.
    if (error instanceof ProviderError && mayBeBilled(error)) paid = usd
    throw error
  } finally {
    budget.settle(usd, paid)
    progress.generate.inFlight--
    progress.generate.done++
    progress.usd = budget.spent
    context.report()
  }
}

/** Unfinished pictures to ask for; `undefined` where the answer comes in one piece. */
function partialsOf({ partials, manifest, assetByName }: RunContext, asset: string): number | undefined {
  const { partials: written, model } = assetByName.get(asset)!
  const wanted = partials ?? written ?? undefined
  return (findModel(model, manifest.models)?.streaming ?? 'none') === 'none' ? undefined : wanted
}

/** What is kept of how a picture came to be, of several answers together. */
function recordOf({ provider, requestId, revisedPrompts: [revisedPrompt], usage }: ProviderAnswer, before: MasterRecord, usd: number | null): MasterRecord {
  const sum = usage === undefined || before.usage === undefined ? usage : addUsage(before.usage, usage)
  return {
    provider: provider ?? before.provider,
    at: new Date().toISOString(),
    ...(requestId === undefined ? {} : { requestId }),
    ...(revisedPrompt === undefined ? {} : { revisedPrompt }),
    ...(sum === undefined ? {} : { usage: sum }),
    ...(usd === null ? {} : { usd }),
  }
}
