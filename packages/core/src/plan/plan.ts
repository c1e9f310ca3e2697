import { canonicalJson, compareText } from '../digest.ts'
import {
  compareRequests,
  type FieldChange,
  hashRequest,
  type ImageRequest,
  requestOf,
  type SourceRequest,
} from '../identity/request.ts'
import type { Lock, LockEntry } from '../lock/lock.ts'
import type { Asset, Input, Manifest } from '../manifest/manifest.ts'
import { masterExtensions } from '../manifest/presets.ts'
import { findModel } from '../models/models.ts'
import { parseSize } from '../models/size.ts'
import { comesInBatch, whyNotInBatch } from './batch-eligibility.ts'
import type { Inventory } from './inventory.ts'
import { movedOutputs, planOutputs, unaskedOutputs } from './plan-outputs.ts'
import { priceOfAsset } from './price.ts'
import { sizeNotes } from './size-notes.ts'

/** Why a step is there. */
export type Reason =
  | { code: 'new' }
  | { code: 'request-changed'; changes: FieldChange[] }
  | { code: 'input-changed'; inputs: string[] }
  | { code: 'master-missing' }
  | { code: 'forced' }
  | { code: 'received-before' }
  | { code: 'had-before' }
  | { code: 'renamed'; from: string }
  | { code: 'source-new' }
  | { code: 'source-changed' }
  /** A person made another candidate the master, and nothing has been cut from it yet. */
  | { code: 'picked'; candidate: number }
  /** A person brought or edited the master, and nothing has been cut from it yet. */
  | { code: 'adopted' }
  | { code: 'outputs-added'; presets: string[] }
  | { code: 'outputs-changed'; presets: string[] }
  | { code: 'outputs-missing'; files: number }
  | { code: 'outputs-altered'; files: string[] }
  | { code: 'edited' }
  | { code: 'paid-for'; provider: string }
  | { code: 'kept-missing'; state: 'adopted' | 'pinned' }
  | { code: 'untracked'; path: string }
  | { code: 'link'; path: string }
  /** Sent at `since`, ISO 8601, and not come back yet. */
  | { code: 'in-batch'; since: string }
  | { code: 'waits-for-batch'; inputs: string[] }
  | { code: 'failed-in-batch' }
  | { code: 'not-in-manifest' }
  | { code: 'outputs-not-asked'; files: string[] }

/** One thing to do, or to leave alone and tell. */
export type Step =
  /**
   * Ask the model for so many `images`, in a `batch` or at once. `waitsFor` names the assets of
   * this plan that it is made from.
   */
  | {
      kind: 'generate'
      asset: string
      reasons: Reason[]
      request: ImageRequest
      usd: number | null
      images: number
      waitsFor?: string[]
      batch?: true
    }
  /**
   * Take a picture that was paid for before: it has not reached the lock (`journal`), or gave way
   * to another (`shelf`). `key` is its key there.
   */
  | {
      kind: 'recover'
      asset: string
      reasons: Reason[]
      request: ImageRequest
      key: string
      from: 'journal' | 'shelf'
    }
  /** Move a master, as its asset has another name now. `outputs` are the files to make. */
  | { kind: 'move'; asset: string; reasons: Reason[]; from: string; outputs: string[] }
  /** Cut files from the master that is there. */
  | { kind: 'derive'; asset: string; reasons: Reason[]; outputs: string[] }
  /** A person's work is in the way, or it is asked in a batch: nothing is done. */
  | { kind: 'keep'; asset: string; reasons: Reason[] }
  /** Nothing asks for it any more. Only `limn prune` removes it. */
  | { kind: 'prune'; asset: string; reasons: Reason[] }

/** What brings the repo in line with the manifest. JSON through and through. */
export type Plan = {
  version: 1
  /** What costs money first, then by name. */
  steps: Step[]
  unchanged: number
  /** Upper bound of what the steps cost, in USD, without those whose price is not known. */
  usd: number
  unknownPrices: number
  /** What the sizes of masters cost their outputs, for assets that will be generated or cut. */
  notes: { asset: string; text: string }[]
}

export type PlanOptions = {
  manifest: Manifest
  lock: Lock
  inventory: Inventory
  /** Only these assets; all where absent. */
  only?: ReadonlySet<string> | undefined
  /**
   * Generate again what is named in `only`; where nothing is, only what is kept from being
   * generated.
   */
  force?: boolean | undefined
  /** Ask in batches, at half the price, where that is possible. */
  batch?: boolean | undefined
  /**
   * Hashes of requests that a batch brought no picture for just now: they are not asked for again
   * at once.
   */
  failedInBatch?: ReadonlySet<string> | undefined
  /** What the plan before tells, where nothing but some assets of the manifest has changed since. */
  known?: KnownBefore | undefined
}

export type KnownBefore = {
  /**
   * Of the manifest's assets those that no step spoke of and that have not changed: nothing is to
   * be done for them.
   */
  settled: ReadonlySet<string>
  /** How many more of them there are, which were left out of the manifest. */
  leftOut: number
  /** Steps for what has left the manifest. */
  steps: readonly Step[]
}

/** Works out what to do, and why. Pure: the same input gives the same plan everywhere. */
export function createPlan(options: PlanOptions): Plan {
  const { manifest, lock, only, known } = options
  const wanted = new Set(manifest.assets.map(({ name }) => name))
  const orphans = [...lock.assets.keys()].filter((name) => !wanted.has(name)).sort(compareText)
  const orphansByRequest = new Map<string, string[]>()
  for (const name of orphans) {
    const { request } = lock.assets.get(name)!
    if (request.operation === 'source') continue
    addTo(orphansByRequest, keyWithoutSize(request), name)
  }
  const receivedByRequest = new Map<string, { key: string; sha256: string }[]>()
  for (const [key, sha256] of options.inventory.journal) {
    addTo(receivedByRequest, requestHashOf(key), { key, sha256 })
  }
  const moved = new Set<string>()
  const received = new Set<string>()
  const waiting = new Map<string, number>()
  const steps: Step[] = [...(known?.steps ?? [])]
  const notes: Plan['notes'] = []
  let unchanged = known?.leftOut ?? 0
  const stepByAsset = new Map<string, Step | undefined>()
  const sourceOf = sourcesByAsset(manifest.assets)
  const selected = only === undefined ? undefined : withInputs(manifest.assets, only)
  for (const asset of inputsFirst(manifest.assets)) {
    if (selected !== undefined && !selected.has(asset.name)) continue
    if (known?.settled.has(asset.name) === true) {
      unchanged++
      continue
    }
    const step = planAsset(asset, options, {
      findRenamed: (request, standing) =>
        orphansByRequest.get(keyWithoutSize(request))?.find((from) => {
          const { request: old, master } = lock.assets.get(from)!
          // A run that died between the move and the lock has put the picture in place already.
          const isThere =
            standing === undefined
              ? options.inventory.masters.has(master.path)
              : standing === master.sha256
          return (
            !moved.has(from) &&
            isThere &&
            (asset.isSizeAuto || (old.operation !== 'source' && old.size === request.size))
          )
        }),
      // A picture was paid for once: of two assets that ask the same, one takes it.
      findReceived: (request) =>
        (receivedByRequest.get(hashRequest(request)) ?? []).filter(({ key }) => !received.has(key)),
      // Each asset that asked the same is waited for by itself.
      findInBatch: (request) => {
        const hash = options.inventory.inBatch.size > 0 ? hashRequest(request) : ''
        const index = waiting.get(hash) ?? 0
        waiting.set(hash, index + 1)
        return options.inventory.inBatch.get(hash)?.[index]
      },
      comesInBatch: (target) => comesInBatch(stepByAsset.get(target)),
      digestOf: (input) => digestOfInput(input, options, { stepByAsset, sourceOf }),
    })
    stepByAsset.set(asset.name, step)
    if (step === undefined) unchanged++
    else steps.push(step)
    if (step?.kind === 'move') moved.add(step.from)
    if (step?.kind === 'recover' && step.from === 'journal') received.add(step.key)
    notes.push(...notesFor(asset, step, options).map((text) => ({ asset: asset.name, text })))
  }
  if (only === undefined) {
    for (const asset of orphans) {
      if (!moved.has(asset)) {
        steps.push({ kind: 'prune', asset, reasons: [{ code: 'not-in-manifest' }] })
      }
    }
    for (const asset of manifest.assets) {
      const files = unaskedOutputs(asset, lock.assets.get(asset.name))
      if (files.length > 0) {
        steps.push({
          kind: 'prune',
          asset: asset.name,
          reasons: [{ code: 'outputs-not-asked', files }],
        })
      }
    }
  }
  steps.sort(
    (a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || compareText(a.asset, b.asset),
  )
  const prices = steps.flatMap((step) => (step.kind === 'generate' ? [step.usd] : []))
  return {
    version: 1,
    steps,
    unchanged,
    usd: prices.reduce<number>((sum, usd) => sum + (usd ?? 0), 0),
    unknownPrices: prices.filter((usd) => usd === null).length,
    notes,
  }
}

const order: readonly Step['kind'][] = ['generate', 'recover', 'derive', 'move', 'prune', 'keep']

type Finders = {
  /**
   * The asset that has left the manifest and whose master answers a request; `standing` is the
   * digest of a file in its new place.
   */
  findRenamed: (request: ImageRequest, standing?: string) => string | undefined
  /** The pictures in the journal that answer a request, and that nobody took. */
  findReceived: (request: ImageRequest) => { key: string; sha256: string }[]
  /** When a request was sent in a batch that is still waited for, ISO 8601. */
  findInBatch: (request: ImageRequest) => string | undefined
  /** Whether the picture of another asset comes with a batch, and not in this run. */
  comesInBatch: (asset: string) => boolean
  /** Digest of an input picture; `null` where this plan makes it first. */
  digestOf: (input: Input) => string | null
}

function planAsset(
  asset: Asset,
  { manifest, lock, inventory, only, force = false, batch = false, failedInBatch }: PlanOptions,
  { findRenamed, findReceived, findInBatch, comesInBatch, digestOf }: Finders,
): Step | undefined {
  const { name } = asset
  if (asset.source !== null) {
    return planSource(
      asset,
      asset.source.path,
      lock.assets.get(name),
      inventory,
      manifest.out !== null,
    )
  }
  const request = requestOf(asset, digestOf)
  const waitsFor = asset.inputs
    .filter((_, index) => request.inputs![index]!.sha256 === null)
    .map(({ target }) => target)
  const entry = lock.assets.get(name)
  const since =
    waitsFor.length > 0 || (force && only?.has(name) === true) ? undefined : findInBatch(request)
  const generate = (...reasons: Reason[]): Step => {
    if (since !== undefined) {
      return { kind: 'keep', asset: name, reasons: [{ code: 'in-batch', since }] }
    }
    if (
      failedInBatch !== undefined &&
      waitsFor.length === 0 &&
      failedInBatch.has(hashRequest(request))
    ) {
      return { kind: 'keep', asset: name, reasons: [{ code: 'failed-in-batch' }] }
    }
    const late = waitsFor.filter(comesInBatch)
    if (late.length > 0) {
      return { kind: 'keep', asset: name, reasons: [{ code: 'waits-for-batch', inputs: late }] }
    }
    const isForced = reasons.some(({ code }) => code === 'forced')
    const hash =
      inventory.shelf.size > 0 && waitsFor.length === 0 && !isForced ? hashRequest(request) : ''
    if (inventory.shelf.has(hash)) {
      return {
        kind: 'recover',
        asset: name,
        reasons: [{ code: 'had-before' }],
        request,
        key: hash,
        from: 'shelf',
      }
    }
    const isBatched = batch && whyNotInBatch(asset, manifest, waitsFor) === undefined
    const usd = priceOfAsset(asset, manifest.models, { batch: isBatched })
    const step: Step = {
      kind: 'generate',
      asset: name,
      reasons,
      request,
      usd,
      images: asset.candidates,
      ...(isBatched ? { batch: true } : {}),
    }
    return waitsFor.length === 0 ? step : { ...step, waitsFor }
  }
  const link = inventory.links.size > 0 && !force ? findLink(name, inventory) : undefined
  if (link !== undefined) {
    return { kind: 'keep', asset: name, reasons: [{ code: 'link', path: link }] }
  }
  const path = masterPaths(inventory.mastersFolder, name).find((candidate) =>
    inventory.masters.has(candidate),
  )
  const standing = path === undefined ? undefined : inventory.masters.get(path)!.sha256
  // What a person chose is not given up for what arrives late.
  const isChosen = entry !== undefined && entry.master.state !== 'generated' && !force
  for (const arrived of inventory.journal.size > 0 &&
  waitsFor.length === 0 &&
  since === undefined &&
  !isChosen
    ? findReceived(request)
    : []) {
    const isLeftover = arrived.sha256 === entry?.master.sha256 && standing !== undefined
    const isOurs =
      standing === undefined || standing === arrived.sha256 || standing === entry?.master.sha256
    if (!isLeftover && (isOurs || force)) {
      return {
        kind: 'recover',
        asset: name,
        reasons: [{ code: 'received-before' }],
        request,
        key: arrived.key,
        from: 'journal',
      }
    }
  }
  if (entry === undefined) {
    const from = waitsFor.length > 0 ? undefined : findRenamed(request, standing)
    if (from === undefined && path !== undefined && !force) {
      return { kind: 'keep', asset: name, reasons: [{ code: 'untracked', path }] }
    }
    if (from === undefined) return generate({ code: 'new' })
    const outputs = movedOutputs(asset, lock.assets.get(from)!, inventory, manifest.out !== null)
    return { kind: 'move', asset: name, reasons: [{ code: 'renamed', from }], from, outputs }
  }
  const { master, made } = entry
  const onDisk = inventory.masters.get(master.path)
  if (force && only?.has(name) === true) return generate({ code: 'forced' })
  if (onDisk === undefined && master.state !== 'generated') {
    return { kind: 'keep', asset: name, reasons: [{ code: 'kept-missing', state: master.state }] }
  }
  if (onDisk !== undefined && onDisk.sha256 !== master.sha256) {
    return force && master.state !== 'pinned'
      ? generate({ code: 'forced' })
      : { kind: 'keep', asset: name, reasons: [{ code: 'edited' }] }
  }
  const changes = master.state === 'pinned' ? [] : compareRequests(entry.request, request)
  // A size that Limn chose itself is no wish: other outputs are cut from the master that is there.
  const isStale =
    !mayStay(asset, entry, changes) &&
    changes.some(({ field }) => field !== 'size' || !asset.isSizeAuto)
  // A picture that cost money does not give way to one that costs none, as another provider would draw it.
  const isPaidFor =
    onDisk !== undefined &&
    (made.usd === undefined ? made.provider !== 'local' : made.usd > 0) &&
    findModel(asset.model, manifest.models)?.price?.kind === 'free'
  if (isStale && isPaidFor && !force) {
    return { kind: 'keep', asset: name, reasons: [{ code: 'paid-for', provider: made.provider }] }
  }
  if (isStale) return generate(...reasonsFor(changes, asset, entry.request, request))
  if (onDisk === undefined) return generate({ code: 'master-missing' })
  return (
    planOutputs(asset, entry, inventory, manifest.out !== null) ??
    (since === undefined || isChosen
      ? undefined
      : { kind: 'keep', asset: name, reasons: [{ code: 'in-batch', since }] })
  )
}

/** A link in the place of an asset's master, or of a folder that it is in. */
function findLink(name: string, { mastersFolder, links }: Inventory): string | undefined {
  const segments = name.split('/')
  const folders = segments
    .slice(1)
    .map((_, index) => [mastersFolder, ...segments.slice(0, index + 1)].join('/'))
  return [...folders, ...masterPaths(mastersFolder, name)].find((path) => links.has(path))
}

/**
 * Whether the manifest says to leave a picture alone though its request changed: all of it, or only
 * the words of a style.
 */
function mayStay(asset: Asset, { made }: LockEntry, changes: readonly FieldChange[]): boolean {
  if (asset.staleOk === 'always') return true
  return (
    asset.staleOk === 'style' &&
    made.ownPrompt === asset.ownPrompt &&
    changes.every(({ field }) => field === 'prompt' || field === 'size')
  )
}

/** Why a request is another: its own fields, and the pictures that go with it. */
function reasonsFor(
  changes: readonly FieldChange[],
  asset: Asset,
  was: ImageRequest | SourceRequest,
  is: ImageRequest,
): Reason[] {
  const own = changes.filter(({ field }) => field !== 'inputs')
  const before = was.operation === 'source' ? [] : (was.inputs ?? [])
  const changed = asset.inputs
    .filter((_, index) => before[index]?.sha256 !== is.inputs?.[index]?.sha256)
    .map(({ target }) => target)
  const inputs =
    own.length < changes.length ? [{ code: 'input-changed' as const, inputs: changed }] : []
  return own.length === 0 ? inputs : [{ code: 'request-changed', changes: own }, ...inputs]
}

/**
 * Every asset after those that it is made from; else in the order they came. Circles were refused
 * before.
 */
function inputsFirst(assets: readonly Asset[]): Asset[] {
  if (assets.every(({ inputs }) => inputs.length === 0)) return [...assets]
  const assetByName = new Map(assets.map((asset) => [asset.name, asset]))
  const sorted = new Set<Asset>()
  const add = (asset: Asset): void => {
    if (sorted.has(asset)) return
    for (const { kind, target } of asset.inputs) {
      if (kind === 'asset' && assetByName.has(target)) add(assetByName.get(target)!)
    }
    sorted.add(asset)
  }
  for (const asset of assets) add(asset)
  return [...sorted]
}

/** What was named, and all that it is made from. */
function withInputs(assets: readonly Asset[], only: ReadonlySet<string>): ReadonlySet<string> {
  const assetByName = new Map(assets.map((asset) => [asset.name, asset]))
  const selected = new Set(only)
  for (const name of selected) {
    for (const { kind, target } of assetByName.get(name)?.inputs ?? []) {
      if (kind === 'asset') selected.add(target)
    }
  }
  return selected
}

/** The request of an asset as it would be made now, with the pictures that stand on the disk. */
export function currentRequest(asset: Asset, options: PlanOptions): ImageRequest {
  return requestOf(asset, (input) =>
    digestOfInput(input, options, {
      stepByAsset: new Map(),
      sourceOf: sourcesByAsset(options.manifest.assets),
    }),
  )
}

/** The digest of a picture that goes to a model, as it stands on the disk. */
function digestOfInput(
  { kind, target }: Input,
  { lock, inventory }: PlanOptions,
  {
    stepByAsset,
    sourceOf,
  }: {
    stepByAsset: ReadonlyMap<string, Step | undefined>
    sourceOf: (name: string) => string | undefined
  },
): string | null {
  if (kind === 'file') return inventory.sources.get(target)?.sha256 ?? null
  const step = stepByAsset.get(target)
  if (step?.kind === 'recover' && step.from === 'journal') {
    return inventory.journal.get(step.key) ?? null
  }
  if (step?.kind === 'recover') return null
  if (step?.kind === 'generate' || comesInBatch(step)) return null
  const source = sourceOf(target)
  if (source !== undefined) return inventory.sources.get(source)?.sha256 ?? null
  const entry = lock.assets.get(step?.kind === 'move' ? step.from : target)
  return entry === undefined ? null : (inventory.masters.get(entry.master.path)?.sha256 ?? null)
}

/** The files that assets are cut from, by the asset's name: found out only where somebody asks. */
function sourcesByAsset(assets: readonly Asset[]): (name: string) => string | undefined {
  let known: Map<string, string> | undefined
  return (name) =>
    (known ??= new Map(
      assets.flatMap((asset) =>
        asset.source === null ? [] : [[asset.name, asset.source.path] as const],
      ),
    )).get(name)
}

/** A picture that is cut from a file: whatever that file is now, it costs nothing. */
function planSource(
  asset: Asset,
  path: string,
  entry: LockEntry | undefined,
  inventory: Inventory,
  hasOut: boolean,
): Step | undefined {
  const fact = inventory.sources.get(path)
  const isKnown = entry?.request.operation === 'source' && entry.request.source === path
  if (isKnown && fact?.sha256 === entry.master.sha256) {
    return planOutputs(asset, entry, inventory, hasOut)
  }
  return {
    kind: 'derive',
    asset: asset.name,
    reasons: [{ code: isKnown ? 'source-changed' : 'source-new' }],
    outputs: asset.outputs.map(({ file }) => file),
  }
}

/** Whether a key of the journal is that of a picture which answers a request. */
export function isKeyOf(key: string, request: ImageRequest): boolean {
  return requestHashOf(key) === hashRequest(request)
}

/** The hash of the request that a key of the journal answers. */
function requestHashOf(key: string): string {
  return key.split('+', 1)[0]!
}

function addTo<T>(listByKey: Map<string, T[]>, key: string, value: T): void {
  const list = listByKey.get(key)
  if (list === undefined) listByKey.set(key, [value])
  else list.push(value)
}

/**
 * A request by everything but its size, which is no part of a picture's identity where Limn chose
 * it.
 */
function keyWithoutSize(request: ImageRequest | SourceRequest): string {
  return canonicalJson({ ...request, size: undefined })
}

/** Words on what is lost, for what is about to be drawn or cut. */
function notesFor(
  asset: Asset,
  step: Step | undefined,
  { manifest, lock, batch }: PlanOptions,
): string[] {
  const { name, size, outputs } = asset
  // A drawing is as sharp at any size.
  if (step?.kind === 'generate') {
    const why =
      batch === true && step.usd !== 0
        ? whyNotInBatch(asset, manifest, step.waitsFor ?? [])
        : undefined
    return [
      ...(why === undefined ? [] : [`not in a batch, so at the full price: ${why}`]),
      ...(step.request.format === 'svg' ? [] : sizeNotes(outputs, parseSize(size)!)),
    ]
  }
  const master = lock.assets.get(step?.kind === 'move' ? step.from : name)?.master
  if (
    master === undefined ||
    master.path.endsWith('.svg') ||
    (step?.kind !== 'derive' && step?.kind !== 'move')
  ) {
    return []
  }
  return sizeNotes(
    outputs.filter(({ file }) => step.outputs.includes(file)),
    master,
  )
}

/** The paths a master can have: its ending follows the bytes that came. */
export function masterPaths(folder: string, name: string): string[] {
  return masterExtensions.map((extension) => `${folder}/${name}.${extension}`)
}
