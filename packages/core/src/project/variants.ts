import { join } from 'node:path'
import { formatPlace } from '../diagnostic.ts'
import { hasDigest } from '../digest.ts'
import { maxBytes, readInside } from '../disk/read-inside.ts'
import { LimnError } from '../errors.ts'
import type { OnEvent } from '../events.ts'
import { compareRequests, hashRequest } from '../identity/request.ts'
import { type LockEntry, masterPaths, withEntries } from '../lock/lock.ts'
import { ManifestError } from '../manifest/manifest-error.ts'
import type { Asset } from '../manifest/manifest.ts'
import { formatUsd, USD_TOLERANCE } from '../models/cost.ts'
import { describeStep } from '../plan/describe-step.ts'
import type { Plan, Step } from '../plan/plan.ts'
import type { RemoteAccess } from '../remote/remote-access.ts'
import { saveCandidates } from '../store/candidates.ts'
import type { WriterSession } from '../store/single-writer.ts'
import { requireGenerated } from './adopt.ts'
import type { ProjectContext } from './context.ts'
import { type AssetEdit, editedTexts } from './edit-asset.ts'
import { findAsset } from './find-asset.ts'
import { execute } from './generate.ts'
import type { GenerateOptions } from './options.ts'
import { planSnapshot } from './plan-snapshot.ts'
import { readAfterCleanUp } from './read-after-clean-up.ts'
import { requireAnyKey, requireConsent, requireWritableFolders } from './requirements.ts'
import { runAsWriter } from './run-as-writer.ts'
import type { FullSnapshot } from './snapshot.ts'
import { openStoreFor, withStored } from './variant-store.ts'

/** One way to make a picture. What is absent is as in the manifest. */
export type Variant = Pick<AssetEdit, 'model' | 'quality' | 'prompt'>

/** What variants of an asset would cost. */
export type PricedVariants = {
  /** USD at most by variant: 0 if its picture exists; `null` if unknown or impossible. */
  usd: (number | null)[]
  /** Why variants are impossible, one sentence each. */
  mistakes: string[]
}

/** What came of requesting variants. */
export type ComparedVariants = {
  /** Number of variants whose picture is a candidate now. */
  made: number
  failed: { variant: number; error: LimnError }[]
  usd: number
}

type Variants = { name: string; variants: readonly Variant[] }

/**
 * Returns what variants of an asset would cost, and asks the remote store which it has. Writes only
 * the cache.
 *
 * @throws LimnError `asset/unknown`, `asset/no-master`; ManifestError
 */
export async function priceVariants(
  context: ProjectContext,
  { name, variants }: Variants,
): Promise<PricedVariants> {
  requireGenerated(findAsset(await context.read(), name))
  const prepared: (PreparedVariant | LimnError)[] = []
  for (const variant of variants) {
    prepared.push(await prepare(context, { name, variant }).catch(toMistake))
  }
  const possible = prepared.flatMap((each) => (each instanceof LimnError ? [] : [each]))
  const stored = (await withStored(context, possible)).values()
  const priced: PricedVariants = { usd: [], mistakes: [] }
  for (const [index, each] of prepared.entries()) {
    const isMistake = each instanceof LimnError
    priced.usd.push(isMistake ? null : priceOf(stored.next().value!))
    if (isMistake) priced.mistakes.push(`Variant ${index + 1}: ${each.message}`)
  }
  return priced
}

/**
 * Requests variants of an asset as candidates: its master, the manifest and the lockfile stay. A
 * variant whose picture exists is not requested.
 *
 * @param options.maxUsd the most that all variants may cost, USD
 * @throws LimnError `plan/stale` if they cost more, `budget/exceeded` if `budget.run` allows less,
 *   and as `priceVariants`; ManifestError
 */
export async function compareVariants(
  context: ProjectContext,
  { name, variants, ...options }: Variants & Pick<GenerateOptions, 'maxUsd' | 'onEvent' | 'signal'>,
): Promise<ComparedVariants> {
  const prepared: PreparedVariant[] = []
  for (const variant of variants) prepared.push(await prepare(context, { name, variant }))
  const plans = await withStored(context, prepared)
  await requireRunnable(context, plans, options.maxUsd)
  const maxUsd = limitOf(plans, options.maxUsd)
  const remote = await openStoreFor(context, plans, options)
  const result: ComparedVariants = { made: 0, failed: [], usd: 0 }
  return runAsWriter(
    context,
    { onWait: () => options.onEvent?.({ type: 'waiting' }), signal: options.signal },
    async (session) => {
      for (const [index, variant] of variants.entries()) {
        const left = maxUsd === undefined ? undefined : Math.max(0, maxUsd - result.usd)
        const onEvent = addSpent(options.onEvent, result.usd)
        const limits = { signal: options.signal, onEvent, maxUsd: left }
        const made = await make(context, { name, variant, session, remote, ...limits })
        result.usd += made.usd
        if (made.error === undefined) result.made++
        else result.failed.push({ variant: index + 1, error: made.error })
      }
      return result
    },
  )
}

/** A variant with its plan, which has one step: to request its picture or to recover it. */
type PreparedVariant = {
  /** As the variant describes the project, for a run; its lockfile is the real one. */
  snapshot: FullSnapshot
  asset: Asset
  plan: Plan
  /** The master, if it is the picture of the variant. */
  existing: LockEntry | undefined
  /** Whether the remote store has the picture. Default: it is unknown, or there is no store. */
  isStored?: boolean
}

/**
 * Plans a variant as if the asset had no picture yet.
 *
 * @throws LimnError `manifest/not-editable`, `asset/…`; ManifestError
 */
async function prepare(
  context: ProjectContext,
  { name, variant }: { name: string; variant: Variant },
): Promise<PreparedVariant> {
  const before = await context.read()
  const read = await context.read(await editedTexts(context, before, { name, edit: variant }))
  const asset: Asset = { ...findAsset(read, name), candidates: 1 }
  const assets = read.manifest.assets.map((each) => (each.name === name ? asset : each))
  const snapshot = { ...read, manifest: { ...read.manifest, assets } }
  const plan = planSnapshot(withoutPicture(snapshot, name), { names: [name] })
  const step = plan.steps.find((each) => each.asset === name)
  const others = plan.steps.filter((each) => each.asset !== name && each.kind === 'generate')
  if (others.length > 0) {
    throw impossible(`${others[0]!.asset} has to be generated first.`, 'Generate it, then compare.')
  }
  if (step?.kind !== 'generate' && step?.kind !== 'recover') {
    const why = step === undefined ? 'nothing is left to do' : describeStep(step)
    throw impossible(`It can't be requested now (${why}).`, 'Settle that first.')
  }
  const own: Plan = { ...plan, steps: [step], usd: usdOf(step) ?? 0, notes: [] }
  return { snapshot, asset, plan: own, existing: findExisting(before, step, name) }
}

/** Leaves out the picture of an asset, and what is no longer in the manifest. */
function withoutPicture(snapshot: FullSnapshot, name: string): FullSnapshot {
  const { manifest, lock, inventory } = snapshot
  const names = new Set(manifest.assets.map((asset) => asset.name))
  const gone = [...lock.assets.keys()].filter((each) => each === name || !names.has(each))
  const masters = new Map(inventory.masters)
  for (const path of masterPaths(inventory.mastersFolder, name)) masters.delete(path)
  return {
    ...snapshot,
    lock: withEntries(
      lock,
      gone.map((each) => [each, undefined] as const),
    ),
    inventory: { ...inventory, masters },
  }
}

type PictureStep = Extract<Step, { kind: 'generate' | 'recover' }>

/** Returns the entry of the master if the variant describes exactly that picture. */
function findExisting(
  { lock, inventory }: FullSnapshot,
  { request }: PictureStep,
  name: string,
): LockEntry | undefined {
  const entry = lock.assets.get(name)
  if (entry === undefined || compareRequests(entry.request, request).length > 0) return undefined
  const file = inventory.masters.get(entry.master.path)
  return file?.sha256 === entry.master.sha256 ? entry : undefined
}

function usdOf(step: Step): number | null {
  return step.kind === 'generate' ? step.usd : 0
}

function priceOf({ plan, existing, isStored = false }: PreparedVariant): number | null {
  return existing === undefined && !isStored ? usdOf(plan.steps[0]!) : 0
}

/** Checks that variants can be requested, and cost no more than a person agreed to. */
async function requireRunnable(
  context: ProjectContext,
  variants: readonly PreparedVariant[],
  maxUsd: number | undefined,
): Promise<void> {
  const usd = variants.reduce((sum, variant) => sum + (priceOf(variant) ?? 0), 0)
  if (maxUsd !== undefined && usd > maxUsd + USD_TOLERANCE) {
    throw new LimnError(
      'plan/stale',
      `The pictures cost up to ${formatUsd(usd)} now, which is more than the ${formatUsd(maxUsd)} that was agreed to.`,
      { hint: 'Look at the price again.' },
    )
  }
  requireBudget(usd, variants)
  for (const { plan, snapshot, existing, isStored = false } of variants) {
    if (existing !== undefined || isStored) continue
    const { manifest } = snapshot
    await requireWritableFolders(plan, { context, manifest, derive: false })
    await requireAnyKey(plan, { context, manifest })
    await requireConsent(plan, { context, manifest })
  }
}

/** Checks that all variants together stay within `budget.run`, as one run. */
function requireBudget(usd: number, [first]: readonly PreparedVariant[]): void {
  const run = first?.snapshot.manifest.budget.run ?? null
  if (run === null || usd <= run + USD_TOLERANCE) return
  throw new LimnError(
    'budget/exceeded',
    `The pictures may cost ${formatUsd(usd)}, and budget.run is ${formatUsd(run)}.`,
    { hint: 'Raise budget.run in the manifest, or compare fewer variants.' },
  )
}

/** Returns the most that all variants may cost, USD; `undefined` for no limit. */
function limitOf(
  [first]: readonly PreparedVariant[],
  maxUsd: number | undefined,
): number | undefined {
  const run = first?.snapshot.manifest.budget.run ?? Infinity
  const limit = Math.min(maxUsd ?? Infinity, run)
  return limit === Infinity ? undefined : limit
}

/** Adds what earlier variants have cost, USD, to the progress of the next one. */
function addSpent(onEvent: OnEvent = () => {}, before: number): OnEvent {
  return (event) => {
    if (event.type !== 'progress') return onEvent(event)
    const { progress } = event
    onEvent({ ...event, progress: { ...progress, usd: before + progress.usd } })
  }
}

type MakeOptions = {
  name: string
  variant: Variant
  session: WriterSession
  remote: RemoteAccess | undefined
} & Pick<GenerateOptions, 'maxUsd' | 'onEvent' | 'signal'>

/** Makes the picture of one variant a candidate. A failure is returned: others may succeed. */
async function make(
  context: ProjectContext,
  { name, variant, session, remote, maxUsd, onEvent, signal }: MakeOptions,
): Promise<{ usd: number; error?: LimnError }> {
  let spent = 0
  const follow: OnEvent = (event) => {
    if (event.type === 'progress') spent = event.progress.usd
    onEvent?.(event)
  }
  try {
    if (signal?.aborted === true) throw new LimnError('aborted', 'The run was stopped.')
    await readAfterCleanUp(context, session)
    const { snapshot, plan, existing } = await prepare(context, { name, variant })
    if (existing !== undefined) {
      await copyMaster(context, name, existing)
      return { usd: 0 }
    }
    follow({ type: 'planned', plan, currency: snapshot.manifest.currency })
    const limits = { names: [name], derive: false, maxUsd, signal }
    const options: GenerateOptions = { ...limits, onEvent: follow }
    const execution = { plan, snapshot, options, session, remote, asCandidates: true }
    const { usd, failed } = await execute(context, execution)
    const [failure] = failed
    return failure === undefined ? { usd } : { usd, error: toLimnError(failure.error) }
  } catch (error) {
    if (error instanceof ManifestError || error instanceof LimnError) {
      return { usd: spent, error: toMistake(error) }
    }
    throw error
  }
}

/** Adds the master to the candidates of its request, if it is not one of them. */
async function copyMaster(
  { paths }: ProjectContext,
  asset: string,
  { request, master }: LockEntry,
): Promise<void> {
  const bytes = readInside(paths.root, join(paths.root, master.path), maxBytes.picture)
  if (request.operation === 'source' || !hasDigest(bytes, master.sha256)) return
  const extension = master.path.split('.').at(-1)!
  const requestHash = hashRequest(request)
  await saveCandidates(paths, { asset, requestHash, pictures: [bytes], extension })
}

function impossible(message: string, hint: string): LimnError {
  return new LimnError('asset/no-candidate', message, { hint })
}

/** Returns why a variant is impossible; throws what is not its mistake. */
function toMistake(error: unknown): LimnError {
  if (error instanceof LimnError) return error
  if (!(error instanceof ManifestError)) throw error
  const first = error.diagnostics.find(({ severity }) => severity === 'error')!
  return impossible(first.message, first.hint ?? `Look at ${formatPlace(first.place)}.`)
}

function toLimnError(error: unknown): LimnError {
  return error instanceof LimnError ? error : new LimnError('provider/bad-answer', String(error))
}
