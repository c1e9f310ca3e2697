import type { MasterRecord } from '../lock/lock.ts'
import type { Asset } from '../manifest/manifest.ts'
import { addUsage, addUsd } from '../models/cost.ts'
import { findModel } from '../models/models.ts'
import { readJournalEntry } from '../store/journal.ts'
import { completeRequest } from './complete-request.ts'
import { type ExaminedKeys, examineReceived, failuresOf } from './examine-received.ts'
import { findReceived, type Received } from './find-received.ts'
import type { InstallStages, RequestStages } from './picture-stages.ts'
import { promptForAttempt } from './prompt-for-attempt.ts'
import { receiveInTurn, requestIntoJournal } from './receive-pictures.ts'
import type { GenerateStep } from './run-steps.ts'
import { isStopped } from './stop-signals.ts'

type AttemptStages = InstallStages & RequestStages

/** The pictures of all attempts, and what is known about them. */
type Attempts = { received: Received; examined: ExaminedKeys }

/**
 * Receives the pictures of an asset into the journal. As long as none of them passes, requests
 * more, as often as the plan says and the budget allows; each further request names what the
 * pictures before it lacked. Continues with the attempts of an interrupted run.
 *
 * @returns `undefined` if none are needed any more
 */
export async function receiveUntilPassed(
  step: GenerateStep,
  stages: AttemptStages,
): Promise<Attempts | undefined> {
  const first = await receiveFirst(step, stages)
  if (first === undefined) return undefined
  let attempts: Attempts = { received: first, examined: new Map() }
  if (!canAttemptAgain(step, stages)) return attempts
  const left = (step.attempts ?? 1) - (step.received === undefined ? 1 : 0)
  // A picture that was paid for before this run, or on another machine, is not replaced.
  const isOwn = step.received !== undefined || !first.recovered
  for (let more = isOwn ? left : 0; more > 0; more--) {
    attempts = await examineAttempts(attempts, stages)
    const next = await attemptAgain(step, attempts, stages)
    if (next === undefined) break
    attempts = { ...attempts, received: combine(attempts.received, next) }
  }
  return attempts
}

async function receiveFirst(
  step: GenerateStep,
  stages: AttemptStages,
): Promise<Received | undefined> {
  const { asset, request, received: keys } = step
  if (keys === undefined) return receiveInTurn(step, stages)
  const found = await findReceived({ asset, request, key: keys[0]!, from: 'journal' }, stages)
  const others = keys.slice(1)
  const receipts = await Promise.all(
    keys.map(async (key) => (await readJournalEntry(found.folder, key)).receipt?.made),
  )
  const { candidates } = stages.workspace.assetByName.get(asset)!
  // The record of a request with several pictures has the cost of all of them.
  const made = candidates > 1 ? found.made : sumCosts(receipts.filter((each) => each !== undefined))
  return { ...found, keys: [keys[0]!, ...others], made: made ?? found.made }
}

/** Whether this run decides how often an asset is requested. */
function canAttemptAgain({ asset }: GenerateStep, stages: AttemptStages): boolean {
  const { workspace, orders, examiner, asCandidates } = stages
  const { attempts } = workspace.assetByName.get(asset)!
  return attempts > 1 && orders === undefined && examiner !== undefined && !asCandidates
}

async function examineAttempts(
  { received, examined }: Attempts,
  stages: AttemptStages,
): Promise<Attempts> {
  const { queues } = stages
  const all = await queues.masters.add(() => examineReceived(received, examined, stages))
  return { received, examined: all }
}

/**
 * Requests the pictures of an asset once more.
 *
 * @returns `undefined` if one has passed, if it is unknown whether one has, or if nothing more can
 *   be requested: what was received is kept
 */
async function attemptAgain(
  step: GenerateStep,
  { received, examined }: Attempts,
  stages: AttemptStages,
): Promise<Received | undefined> {
  const { queues, workspace, lockWriter, signals, onEvent } = stages
  const results = received.keys.map((key) => examined.get(key))
  const isUnknown = results.some((each) => each?.failure !== undefined)
  const failures = results.flatMap((each) => (each === undefined ? [] : [failuresOf(each)]))
  const hasPassed = failures.some((each) => each.length === 0)
  if (isUnknown || hasPassed || isStopped(signals)) return undefined
  const asset = workspace.assetByName.get(step.asset)!
  const { request } = received
  const prompt = promptForAttempt(request.prompt, failures.flat(), {
    asset,
    limit: promptLimit(asset, stages),
  })
  onEvent({ type: 'attempt', asset: step.asset, failed: failures.at(-1) ?? [] })
  try {
    return await queues.requests.add(async () => {
      const { lock } = lockWriter
      const complete = await completeRequest(step.asset, request, { workspace, lock })
      return requestIntoJournal(step, { ...complete, request, sentPrompt: prompt }, stages)
    })
  } catch (error) {
    onEvent({ type: 'attempts-ended', asset: step.asset, error })
    return undefined
  }
}

function promptLimit({ model }: Asset, { workspace }: AttemptStages): number {
  return findModel(model, workspace.manifest.models)?.promptLimit ?? Infinity
}

/** Combines the pictures of two attempts. */
function combine(before: Received, next: Received): Received {
  return {
    ...before,
    keys: [...before.keys, ...next.keys],
    made: sumCosts([before.made, next.made])!,
    recovered: false,
    ms: before.ms + next.ms,
  }
}

/** Returns the first record with the cost of all of them; `undefined` if there is none. */
function sumCosts(records: readonly MasterRecord[]): MasterRecord | undefined {
  return records.reduce<MasterRecord | undefined>((sum, made) => {
    if (sum === undefined) return made
    const { usd: _, usage: __, ...rest } = sum
    const usd = addUsd(sum.usd ?? null, made.usd ?? null)
    const isEstimated = sum.estimated === true || made.estimated === true
    return {
      ...rest,
      ...(sum.usage === undefined || made.usage === undefined
        ? {}
        : { usage: addUsage(sum.usage, made.usage) }),
      ...(usd === null ? {} : { usd }),
      ...(usd !== null && isEstimated ? { estimated: true as const } : {}),
    }
  }, undefined)
}
