import { hashRequest } from '../identity/request.ts'
import type { Asset, Input, Manifest } from '../manifest/manifest.ts'
import { findModel } from '../models/models.ts'
import { type AssetFacts, gatherFacts } from './asset-facts.ts'
import { whyNotInBatch } from './batch-eligibility.ts'
import type { PlanContext } from './context.ts'
import { digestOfInput } from './current-request.ts'
import { withInputShape } from './input-shape.ts'
import { hasContent } from './inventory.ts'
import { movedOutputs, planOutputs } from './plan-outputs.ts'
import type { PlanOptions, Reason, Step } from './plan.ts'
import { priceOfAsset } from './price.ts'

/** Returns the step of an asset, or `undefined` to pass the asset on to the next rule. */
type Rule = (facts: AssetFacts, options: PlanOptions) => Step | undefined

/**
 * The rules for generated assets in order of precedence: the first rule that returns a step
 * decides. An asset that all rules pass on is unchanged.
 */
export const rules: readonly Rule[] = [
  // A link, a file to download, a received picture, a renamed master or an unknown file belongs at the path.
  keepLink,
  keepNotDownloaded,
  recoverReceived,
  moveRenamed,
  keepUntracked,
  // The master is not replaced: it is a person's work, or the replacement would be a free one.
  keepMissing,
  keepEdited,
  keepPaidFor,
  // The asset needs another picture: it is on its way, was kept, or is generated.
  keepInBatch,
  keepFailedInBatch,
  keepLinked,
  waitForBatch,
  recoverReplaced,
  keepBlocked,
  generate,
  // The master is up to date.
  deriveOutputs,
  reportBatch,
]

/** Plans one asset. Returns `undefined` if it is unchanged. */
export function planAsset(asset: Asset, context: PlanContext): Step | undefined {
  if (asset.source !== null) return planSource(asset, asset.source.path, context.options)
  const digestOf = (input: Input): string | null => digestOfInput(input, context)
  const facts = gatherFacts(withInputShape(asset, { ...context, digestOf }), context)
  for (const rule of rules) {
    const step = rule(facts, context.options)
    if (step !== undefined) return step
  }
  return undefined
}

/** Limn does not follow links, and does not replace them. */
function keepLink({ asset, link }: AssetFacts): Step | undefined {
  return link === undefined ? undefined : keep(asset, { code: 'link', path: link })
}

/**
 * Another tool has not downloaded the master or an input: the picture exists, and is not paid for
 * again. Pictures of other assets are not affected.
 */
function keepNotDownloaded(
  { asset, entry, notDownloaded, reasonsToGenerate }: AssetFacts,
  options: PlanOptions,
): Step | undefined {
  if (notDownloaded === undefined) return undefined
  const reason: Reason = { code: 'not-downloaded', ...notDownloaded }
  const isNeeded = notDownloaded.pointer !== 'remote' || reasonsToGenerate.length > 0
  if (isNeeded || entry === undefined) return keep(asset, reason)
  // The remote store keeps the master until files are derived from it.
  const outputs = planOutputs(asset, entry, options)
  return outputs === undefined ? undefined : keep(asset, reason, ...outputs.reasons)
}

/** A received picture has not reached the lockfile: an interrupted run left it in the journal. */
function recoverReceived(
  facts: AssetFacts,
  { manifest, force = false }: PlanOptions,
): Step | undefined {
  const { asset, request, entry, fileInPlace } = facts
  const inPlace = fileInPlace?.sha256
  const locked = entry?.master.sha256
  const picture = facts.received.find(({ sha256 }) => {
    const isInstalled = sha256 === locked && inPlace !== undefined
    const isPlaceOurs = inPlace === undefined || inPlace === sha256 || inPlace === locked
    return !isInstalled && (isPlaceOurs || force)
  })
  if (picture === undefined) return undefined
  const reasons: Reason[] = [{ code: 'received-before' }]
  const left = attemptsLeft(asset, facts.received.length)
  if (left > 0) {
    const received = facts.received.map(({ key }) => key)
    const step = generateStep(facts, { reasons, attempts: left, isBatched: false }, manifest)
    return { ...step, received }
  }
  return { kind: 'recover', asset: asset.name, reasons, request, key: picture.key, from: 'journal' }
}

/** The number of requests that an asset still has, after some pictures were received; 0 for one. */
function attemptsLeft({ attempts, candidates }: Asset, received: number): number {
  return attempts === 1 ? 0 : Math.max(0, attempts - Math.ceil(received / candidates))
}

/** The asset has another name: its master and its outputs move. */
function moveRenamed(
  { asset, renamedFrom: from }: AssetFacts,
  options: PlanOptions,
): Step | undefined {
  if (from === undefined) return undefined
  const entry = options.lock.assets.get(from)!
  const outputs = movedOutputs(asset, entry, options)
  const reasons: Reason[] = [{ code: 'renamed', from }]
  const { path } = entry.master
  const pointer = options.inventory.masters.get(path)?.pointer
  // The files that are to be derived need the master; its entry in the lockfile moves without it.
  if (pointer !== undefined && outputs.length > 0) {
    reasons.push({ code: 'not-downloaded', path, pointer })
  }
  return { kind: 'move', asset: asset.name, reasons, from, outputs }
}

/** A file that the lockfile does not record is a person's. */
function keepUntracked(
  { asset, entry, fileInPlace }: AssetFacts,
  { force = false }: PlanOptions,
): Step | undefined {
  if (entry !== undefined || fileInPlace === undefined || force) return undefined
  return keep(asset, { code: 'untracked', path: fileInPlace.path })
}

/** A master that a person chose is missing: generating another would not bring it back. */
function keepMissing({ asset, entry, isMasterOnDisk, isForced }: AssetFacts): Step | undefined {
  if (entry === undefined || isMasterOnDisk || isForced) return undefined
  const { state } = entry.master
  return state === 'generated' ? undefined : keep(asset, { code: 'kept-missing', state })
}

/** The master differs from what the lockfile records: a person edited it. */
function keepEdited({ asset, isEdited, isForced }: AssetFacts): Step | undefined {
  return isEdited && !isForced ? keep(asset, { code: 'edited' }) : undefined
}

/**
 * A picture that cost money is not replaced with a free one, such as another provider's. It still
 * matches the manifest unless more than what the provider determines has changed.
 */
function keepPaidFor(
  { asset, entry, reasonsToGenerate, isMasterOnDisk }: AssetFacts,
  { manifest, force = false }: PlanOptions,
): Step | undefined {
  if (entry === undefined || !isMasterOnDisk || reasonsToGenerate.length === 0 || force) {
    return undefined
  }
  // A cell that was requested by itself gives way to that of the sheet when the manifest says so.
  if (asset.operation === 'cut') return undefined
  const { usd, provider } = entry.made
  const isPaid = usd === undefined ? provider !== 'local' : usd > 0
  const isNextFree = findModel(asset.model, manifest.models)?.price?.kind === 'free'
  if (!isPaid || !isNextFree) return undefined
  return keep(asset, { code: 'paid-for', provider }, ...reasonsApartFromProvider(reasonsToGenerate))
}

/**
 * The fields of a request that another provider may change although the manifest's text is the
 * same.
 */
const fieldsOfProvider: ReadonlySet<string> = new Set([
  'model',
  'size',
  'quality',
  'background',
  'format',
])

function reasonsApartFromProvider(reasons: readonly Reason[]): Reason[] {
  return reasons.flatMap((reason): Reason[] => {
    if (reason.code !== 'request-changed') return [reason]
    const changes = reason.changes.filter(({ field }) => !fieldsOfProvider.has(field))
    return changes.length === 0 ? [] : [{ ...reason, changes }]
  })
}

/** The request is in an open batch. */
function keepInBatch({
  asset,
  reasonsToGenerate,
  inBatchSince: since,
}: AssetFacts): Step | undefined {
  if (reasonsToGenerate.length === 0 || since === undefined) return undefined
  return keep(asset, { code: 'in-batch', since })
}

/** A batch has just returned without a picture: the same run does not send the request again. */
function keepFailedInBatch(
  { asset, request, reasonsToGenerate, waitsFor }: AssetFacts,
  { failedInBatch }: PlanOptions,
): Step | undefined {
  if (reasonsToGenerate.length === 0 || failedInBatch === undefined || waitsFor.length > 0) {
    return undefined
  }
  if (!failedInBatch.has(hashRequest(request))) return undefined
  return keep(asset, { code: 'failed-in-batch' })
}

/** The picture is paid for: the next run fetches it before it plans. */
function keepLinked({ asset, reasonsToGenerate, isLinked }: AssetFacts): Step | undefined {
  if (reasonsToGenerate.length === 0 || !isLinked) return undefined
  return keep(asset, { code: 'linked' })
}

/** An input picture comes in a batch, after this run. */
function waitForBatch({ asset, reasonsToGenerate, waitsForBatch }: AssetFacts): Step | undefined {
  if (reasonsToGenerate.length === 0 || waitsForBatch.length === 0) return undefined
  return keep(asset, { code: 'waits-for-batch', inputs: waitsForBatch })
}

/** An earlier master answers the request: it was replaced, and this machine kept it. */
function recoverReplaced({ asset, request, shelved }: AssetFacts): Step | undefined {
  if (shelved === undefined) return undefined
  const reasons: Reason[] = [{ code: 'had-before' }]
  const { key } = shelved
  return { kind: 'recover', asset: asset.name, reasons, request, key, from: 'shelf' }
}

/** A picture that it is made from is not the one in the lockfile: a person has to decide first. */
function keepBlocked({ asset, reasonsToGenerate, blockedBy }: AssetFacts): Step | undefined {
  if (reasonsToGenerate.length === 0 || blockedBy.length === 0) return undefined
  return keep(asset, { code: 'blocked', inputs: blockedBy })
}

function generate(facts: AssetFacts, { manifest, batch = false }: PlanOptions): Step | undefined {
  const { asset, reasonsToGenerate: reasons, waitsFor } = facts
  if (reasons.length === 0) return undefined
  const isBatched = batch && whyNotInBatch(asset, manifest, waitsFor) === undefined
  // The pictures of a batch are examined when they arrive, after this run.
  const attempts = isBatched ? 1 : asset.attempts
  return generateStep(facts, { reasons, attempts, isBatched }, manifest)
}

function generateStep(
  { asset, request, waitsFor }: AssetFacts,
  { reasons, attempts, isBatched }: { reasons: Reason[]; attempts: number; isBatched: boolean },
  { models }: Manifest,
): Extract<Step, { kind: 'generate' }> {
  const usd = priceOfAsset(asset, models, { batch: isBatched })
  return {
    kind: 'generate',
    asset: asset.name,
    reasons,
    request,
    usd: usd === null ? null : usd * attempts,
    images: asset.candidates,
    ...(isBatched ? { batch: true } : {}),
    ...(waitsFor.length > 0 ? { waitsFor } : {}),
    ...(attempts > 1 ? { attempts } : {}),
  }
}

/** The master is up to date, and some outputs are not. */
function deriveOutputs({ asset, entry }: AssetFacts, options: PlanOptions): Step | undefined {
  return entry === undefined ? undefined : planOutputs(asset, entry, options)
}

/** Everything is up to date, but a picture that was forced before is still to come in a batch. */
function reportBatch({ asset, inBatchSince: since, isChosen }: AssetFacts): Step | undefined {
  return since === undefined || isChosen ? undefined : keep(asset, { code: 'in-batch', since })
}

function keep(asset: Asset, ...reasons: Reason[]): Step {
  return { kind: 'keep', asset: asset.name, reasons }
}

/** Plans an asset with a `source` file. It costs nothing. */
function planSource(asset: Asset, path: string, options: PlanOptions): Step | undefined {
  const entry = options.lock.assets.get(asset.name)
  const isKnown = entry?.request.operation === 'source' && entry.request.source === path
  const file = options.inventory.sources.get(path)
  if (file?.pointer !== undefined) {
    return keep(asset, { code: 'not-downloaded', path, pointer: file.pointer })
  }
  if (isKnown && file !== undefined && hasContent(file, entry.master.sha256)) {
    return planOutputs(asset, entry, options)
  }
  return {
    kind: 'derive',
    asset: asset.name,
    reasons: [{ code: isKnown ? 'source-changed' : 'source-new' }],
    outputs: asset.outputs.map(({ file }) => file),
  }
}
