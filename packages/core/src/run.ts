import { readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import PQueue from 'p-queue'
import type { Cutter } from './derive/derive.ts'
import { ensureOutput, openMaster } from './derive/output.ts'
import { sha256 } from './digest.ts'
import { LimnError } from './errors.ts'
import type { OnEvent, Progress } from './events.ts'
import { createBudget } from './generate/budget.ts'
import { freeKey, listKeys, readJournal, rejectJournal, shelve, writeJournal } from './generate/journal.ts'
import { withRetry } from './generate/retry.ts'
import { createCheckpoint } from './lock/checkpoint.ts'
import type { Lock, LockEntry, MasterRecord } from './lock/lock.ts'
import type { Asset, Manifest, Output } from './manifest/manifest.ts'
import { actualUsd, addUsage } from './models/cost.ts'
import { findModel } from './models/models.ts'
import { isKeyOf, isWork, type Plan, type Step } from './plan/plan.ts'
import { hashRecipe } from './plan/recipe.ts'
import { compareRequests, hashRequest, type ImageRequest } from './plan/request.ts'
import { type ImageProvider, type InputPicture, mayBeBilled, type ProviderAnswer, ProviderError } from './providers/provider.ts'
import { keepCandidate } from './store/candidates.ts'
import type { HashIndex } from './store/hash-index.ts'
import { moveAsset, placeMaster } from './store/masters.ts'
import { writeOutFile } from './store/outputs.ts'
import type { ProjectPaths } from './store/paths.ts'
import { ensureStateFolder } from './store/state.ts'

export type RunOptions = {
  paths: ProjectPaths
  manifest: Manifest
  lock: Lock
  plan: Plan
  index: HashIndex
  /** Made only when a picture has to be asked for. */
  provider: () => Promise<ImageProvider>
  /** Whether files are cut too, or only masters made. */
  derive: boolean
  /** Money for this run, USD; no limit where absent. */
  maxUsd?: number | undefined
  onEvent: OnEvent
  signal?: AbortSignal | undefined
}

export type RunResult = {
  generated: number
  recovered: number
  moved: number
  /** Files put in place. */
  derived: number
  failed: { asset: string; file?: string; error: unknown }[]
  /** USD spent. */
  usd: number
  lock: Lock
}

/**
 * Carries a plan out. One asset's failure never stops the others. Each picture goes to the
 * journal, then becomes the master, then reaches the lockfile, and only then leaves the journal.
 *
 * @throws LimnError where the disk refuses; what was received is in the journal then
 */
export async function run(options: RunOptions): Promise<RunResult> {
  const { paths, manifest, plan, index, onEvent, signal } = options
  const assetByName = new Map(manifest.assets.map((asset) => [asset.name, asset]))
  const budget = createBudget(options.maxUsd)
  const result: RunResult = { generated: 0, recovered: 0, moved: 0, derived: 0, failed: [], usd: 0, lock: options.lock }
  const journalKeys = new Set(listKeys(paths.journal))
  const checkpoint = createCheckpoint(paths, options.lock)
  const progress: Progress = { generate: { done: 0, total: count(plan, 'generate'), inFlight: 0 }, derive: { done: 0, total: 0 }, usd: 0 }
  const isStopped = (): boolean => signal?.aborted === true
  const report = (): void => onEvent({ type: 'progress', progress: structuredClone(progress) })
  const fail = (asset: string, error: unknown, file?: string): void => {
    const failure = file === undefined ? { asset, error } : { asset, file, error }
    result.failed.push(failure)
    onEvent({ type: 'failed', ...failure })
  }

  await ensureStateFolder(paths.state)
  // A missing key stops the run before anything is done.
  const provider = progress.generate.total > 0 ? await options.provider() : undefined
  for (const step of plan.steps) if (step.kind === 'move') await attempt(step.asset, () => move(step))
  const asking = new PQueue({ concurrency: provider?.concurrency ?? 1 })
  const cutting = new PQueue({ concurrency: availableParallelism() })
  const masters = new PQueue({ concurrency: 2 })
  try {
    // What a picture is made from comes first; the others go on meanwhile.
    const jobByAsset = new Map<string, Promise<boolean>>()
    const start = (step: Step): Promise<boolean> => {
      const known = jobByAsset.get(step.asset)
      if (known !== undefined) return known
      const job = attempt(step.asset, async () => {
        if (step.kind === 'recover') await masters.add(() => recover(step))
        else if (step.kind === 'derive' && assetByName.get(step.asset)!.source !== null) await masters.add(() => takeSource(step))
        else if (step.kind === 'derive' || step.kind === 'move') enqueueOutputs(step.asset, step.outputs)
        else if (step.kind === 'generate') {
          const needed = new Set(step.waitsFor)
          const inputs = plan.steps.filter((other) => needed.has(other.asset) && isWork(other))
          const made = await Promise.all(inputs.map(start))
          const failed = inputs.find((_, index) => made[index] === false)
          if (failed !== undefined) throw new LimnError('asset/no-master', `It is made from ${failed.asset}, which has no picture.`, { hint: `See to ${failed.asset} first, then run the command again.` })
          await asking.add(() => generate(step, provider!))
        }
      })
      jobByAsset.set(step.asset, job)
      return job
    }
    await Promise.all(plan.steps.filter(isWork).map(start))
    await cutting.onIdle()
  } finally {
    try {
      await checkpoint.flush()
    } finally {
      index.save()
      await provider?.close?.()
    }
  }
  return { ...result, usd: budget.spent, lock: checkpoint.lock }

  /** Does some work for an asset; a failure is told and stops nothing else. @returns whether it was done */
  async function attempt(asset: string, work: () => Promise<void>): Promise<boolean> {
    try {
      await work()
      return true
    } catch (error) {
      fail(asset, error)
      return false
    }
  }

  async function move({ asset, from }: Extract<Step, { kind: 'move' }>): Promise<void> {
    const entry = await moveAsset({ paths, out: manifest.out, from, to: asset, entry: checkpoint.lock.assets.get(from)! })
    checkpoint.set([[from, undefined], [asset, entry]])
    await checkpoint.flush()
    result.moved++
    onEvent({ type: 'moved', asset, from, path: entry.master.path })
  }

  async function generate({ asset, request: planned, usd, images, reasons }: Extract<Step, { kind: 'generate' }>, from: ImageProvider): Promise<void> {
    if (isStopped()) throw new LimnError('aborted', 'Stopped before it was asked for.')
    const { request, inputs } = await completeRequest(asset, planned)
    // What it is made from may have come out as it was: then it is as it should be.
    const before = checkpoint.lock.assets.get(asset)
    if (before !== undefined && reasons.every(({ code }) => code === 'input-changed') && compareRequests(before.request, request).length === 0) return
    // Paid for in a run that died before what it is made from had reached the lock.
    const arrived = request === planned ? undefined : listKeys(paths.journal).find((key) => isKeyOf(key, request))
    if (arrived !== undefined) return recover({ asset, request, key: arrived, from: 'journal' })
    budget.reserve(usd)
    onEvent({ type: 'generating', asset })
    progress.generate.inFlight++
    report()
    const started = performance.now()
    let paid: number | null = 0
    try {
      const received: Received['pictures'] = []
      let made: MasterRecord = { provider: manifest.provider, at: '' }
      // What a model can't be asked for at once is asked for one after the other.
      while (received.length < images) {
        if (received.length > 0 && isStopped()) break
        const count = Math.min(images - received.length, findModel(request.model)?.maxImages ?? 1)
        const onPartial = (picture: Uint8Array, number: number): void => onEvent({ type: 'partial', asset, index: number, picture })
        const answer = await withRetry(() => from.generate(request, { inputs, count, onPartial }), {
          signal,
          sleep: (ms, stop) => wait(ms, undefined, stop === undefined ? {} : { signal: stop }),
          onRetry: (retry) => onEvent({ type: 'retrying', asset, ...retry }),
        })
        const cost = actualUsd(findModel(request.model), answer.usage) ?? (usd === null ? null : (usd * count) / images)
        paid = paid === null || cost === null ? null : paid + cost
        made = recordOf(answer, made, paid)
        for (const bytes of answer.images) {
          const key = freeKey(journalKeys, hashRequest(request))
          await writeJournal(paths.journal, key, bytes, made)
          received.push({ bytes, key })
        }
      }
      await settle({ asset, request, folder: paths.journal, pictures: received, made, recovered: false, ms: performance.now() - started })
      result.generated++
    } catch (error) {
      // What may have been billed counts as billed.
      if (error instanceof ProviderError && mayBeBilled(error)) paid = usd
      throw error
    } finally {
      budget.settle(usd, paid)
      progress.generate.inFlight--
      progress.generate.done++
      progress.usd = budget.spent
      report()
    }
  }

  /** A request with the pictures that go with it, as they stand now. @throws LimnError where one is missing */
  async function completeRequest(asset: string, request: ImageRequest): Promise<{ request: ImageRequest; inputs: InputPicture[] }> {
    const { inputs } = assetByName.get(asset)!
    if (inputs.length === 0) return { request, inputs: [] }
    const raw = await Promise.all(
      inputs.map(async ({ role, kind, target }) => {
        const path = kind === 'file' ? target : checkpoint.lock.assets.get(target)?.master.path
        if (path === undefined) throw new LimnError('asset/no-master', `It is made from ${target}, which has no picture.`, { hint: `See to ${target} first, then run the command again.` })
        const bytes = await readFile(join(paths.root, path)).catch((error: unknown) => {
          throw new LimnError('picture/unreadable', `It is made from ${path}, which can't be read.`, { hint: 'Take it back with git.', cause: error })
        })
        return { role, bytes }
      }),
    )
    const { prepareInputs } = await import('./derive/input.ts')
    return { request: { ...request, inputs: raw.map(({ role, bytes }) => ({ role, sha256: sha256(bytes) })) }, inputs: await prepareInputs(raw) }
  }

  /** What is kept of how a picture came to be, of several answers together. */
  function recordOf({ requestId, revisedPrompts: [revisedPrompt], usage }: ProviderAnswer, before: MasterRecord, usd: number | null): MasterRecord {
    const sum = usage === undefined || before.usage === undefined ? usage : addUsage(before.usage, usage)
    return {
      provider: manifest.provider,
      at: new Date().toISOString(),
      ...(requestId === undefined ? {} : { requestId }),
      ...(revisedPrompt === undefined ? {} : { revisedPrompt }),
      ...(sum === undefined ? {} : { usage: sum }),
      ...(usd === null ? {} : { usd }),
    }
  }

  async function recover({ asset, request, key, from }: Pick<Extract<Step, { kind: 'recover' }>, 'asset' | 'request' | 'key' | 'from'>): Promise<void> {
    const folder = from === 'journal' ? paths.journal : paths.shelf
    // Of several candidates the others lie beside the first; of another asset's request they are its own.
    const wanted = from === 'journal' ? assetByName.get(asset)!.candidates : 1
    const others = plan.steps.flatMap((step) => (step.kind === 'recover' ? [step.key] : []))
    const isMine = (other: string): boolean => other !== key && isKeyOf(other, request) && !others.includes(other)
    const keys = [key, ...(wanted === 1 ? [] : listKeys(folder).filter(isMine).sort().slice(0, wanted - 1))]
    const pictures = await Promise.all(keys.map(async (each) => ({ key: each, ...(await readJournal(folder, each)) })))
    const made = pictures[0]!.made ?? { provider: manifest.provider, at: new Date().toISOString() }
    await settle({ asset, request, folder, pictures, made, recovered: true, ms: 0 })
    result.recovered++
  }

  /** Reads a picture that a person brought, notes it in the lock where it is new, and cuts it. */
  async function takeSource({ asset, outputs }: Extract<Step, { kind: 'derive' }>): Promise<void> {
    const { path } = assetByName.get(asset)!.source!
    const bytes = await readFile(join(paths.root, path))
    const digest = sha256(bytes)
    const before = checkpoint.lock.assets.get(asset)
    if (before?.request.operation !== 'source' || before.request.source !== path || before.master.sha256 !== digest) {
      const [{ decode, readFacts }, { createThumbhash }, { encoderVersion }] = await Promise.all([import('./derive/decode.ts'), import('./derive/placeholder.ts'), import('./derive/encoder.ts')])
      const { width, height } = await readFacts(bytes)
      const thumbhash = await createThumbhash(await decode(bytes))
      checkpoint.encoder(encoderVersion())
      const master = { path, sha256: digest, bytes: bytes.length, width, height, thumbhash, state: 'adopted' as const }
      checkpoint.set([[asset, { request: { operation: 'source', source: path }, master, made: { provider: 'source', at: new Date().toISOString() }, outputs: before?.outputs ?? {} }]])
    }
    enqueueOutputs(asset, outputs)
  }

  type Received = { asset: string; request: ImageRequest; folder: string; pictures: { bytes: Uint8Array; key: string }[]; made: MasterRecord; recovered: boolean; ms: number }

  /** Keeps the picture that is about to give way to that of another request, where money was paid for it. */
  async function shelveReplaced(asset: string, next: ImageRequest): Promise<void> {
    const entry = checkpoint.lock.assets.get(asset)
    if (entry === undefined || entry.request.operation === 'source' || entry.made.provider !== 'openai') return
    const hash = hashRequest(entry.request)
    const bytes = hash === hashRequest(next) ? undefined : await readFile(join(paths.root, entry.master.path)).catch(() => undefined)
    if (bytes !== undefined && sha256(bytes) === entry.master.sha256) await shelve(paths.shelf, hash, bytes, entry.made)
  }

  /** Makes a picture that stands in the journal, or on the shelf, the master of its asset. */
  async function settle({ asset, request, folder, pictures, made, recovered, ms }: Received): Promise<void> {
    const [{ bytes, key }] = pictures as [Received['pictures'][number]]
    const [{ decode, inspectPicture }, { createThumbhash }, { encoderVersion }] = await Promise.all([import('./derive/decode.ts'), import('./derive/placeholder.ts'), import('./derive/encoder.ts')])
    let facts, pixels
    try {
      facts = await inspectPicture(bytes)
      pixels = await decode(bytes)
    } catch (error) {
      const kept = await rejectJournal(folder, key)
      throw new LimnError('provider/bad-answer', 'What came back is not a whole picture.', { hint: `Run the command again to ask once more; what came is kept in ${kept}.`, cause: error })
    }
    const extension = facts.format === 'jpeg' ? 'jpg' : facts.format
    const numbers: number[] = []
    if (pictures.length > 1) for (const picture of pictures) numbers.push(await keepCandidate(paths, asset, hashRequest(request), picture.bytes, extension))
    await shelveReplaced(asset, request)
    const path = await placeMaster(paths, asset, bytes, extension)
    const digest = sha256(bytes)
    index.record(path, digest)
    const before = checkpoint.lock.assets.get(asset)
    const { ownPrompt } = assetByName.get(asset)!
    const entry: LockEntry = {
      request,
      master: { path, sha256: digest, bytes: bytes.length, width: facts.width, height: facts.height, thumbhash: await createThumbhash(pixels), state: before?.master.state === 'pinned' ? 'pinned' : 'generated' },
      made: pictures.length === 1 ? { ...made, ownPrompt } : { ...made, ownPrompt, candidates: Math.max(...numbers), picked: numbers[0]! },
      outputs: before?.outputs ?? {},
    }
    checkpoint.encoder(encoderVersion())
    checkpoint.set([[asset, entry]], pictures.map((picture) => picture.key))
    const got = `${facts.width}x${facts.height}`
    if (got !== request.size) onEvent({ type: 'mismatch', asset, asked: request.size, got })
    onEvent({ type: 'generated', asset, path, width: facts.width, height: facts.height, usd: made.usd ?? null, candidates: pictures.length, recovered, ms })
    const { createCutter } = await import('./derive/derive.ts')
    enqueueOutputs(asset, assetByName.get(asset)!.outputs.map(({ file }) => file), () => Promise.resolve(createCutter(pixels)))
  }

  /** Puts files of an asset in line to be cut. The master is decoded once, and only where the cache lacks one. */
  function enqueueOutputs(name: string, files: readonly string[], makeCutter?: () => Promise<Cutter>): void {
    if (!options.derive) return
    const asset = assetByName.get(name)!
    const wanted = new Set(files)
    const outputs = asset.outputs.filter(({ file }) => wanted.has(file))
    let cutter: Promise<Cutter> | undefined
    const getCutter = (): Promise<Cutter> => (cutter ??= makeCutter?.() ?? openMaster(paths.root, checkpoint.lock.assets.get(name)!))
    progress.derive.total += outputs.length
    for (const output of outputs) {
      void cutting.add(async () => {
        if (isStopped()) return
        try {
          await cut(asset, output, getCutter)
        } catch (error) {
          fail(name, error, output.file)
        }
        progress.derive.done++
        report()
      })
    }
  }

  async function cut(asset: Asset, output: Output, getCutter: () => Promise<Cutter>): Promise<void> {
    const started = performance.now()
    const recipe = hashRecipe(checkpoint.lock.assets.get(asset.name)!.master.sha256, output)
    const locked = checkpoint.lock.assets.get(asset.name)!.outputs[output.file]
    const expected = locked?.recipe === recipe ? [locked.sha256, index.own.get(recipe)] : undefined
    const { bytes, width, height, cached } = await ensureOutput({ paths, recipe, output, getCutter, expected })
    const digest = sha256(bytes)
    if (manifest.out !== null) index.record(await writeOutFile(paths, manifest.out, asset.name, output.file, bytes), digest)
    if (locked?.recipe === recipe) {
      // The lock keeps the digest it has: encoders differ from one processor to the next.
      if (locked.sha256 !== digest && !cached) index.own.set(recipe, digest)
    } else checkpoint.setOutput(asset.name, output.file, { recipe, sha256: digest, bytes: bytes.length, width, height })
    result.derived++
    onEvent({ type: 'derived', asset: asset.name, file: output.file, bytes: bytes.length, cached, ms: performance.now() - started })
  }
}

function count(plan: Plan, kind: Step['kind']): number {
  return plan.steps.filter((step) => step.kind === kind).length
}
