import { existsSync, readFileSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { extname, join, resolve } from 'node:path'
import { codeFrame, type Diagnostic, type Place } from './diagnostic.ts'
import { canonicalJson, sha256 } from './digest.ts'
import { isErrno, LimnError } from './errors.ts'
import type { OnEvent } from './events.ts'
import { readLock, writeLock } from './lock/file.ts'
import { type Lock, type LockedMaster, type LockEntry, withEntries } from './lock/lock.ts'
import type { Manifest, ProviderId } from './manifest/manifest.ts'
import { type Followed, readManifest } from './manifest/read.ts'
import type { Inventory } from './plan/inventory.ts'
import { DRAFT_PROFILE } from './manifest/profiles.ts'
import { createPlan, currentRequest, hasWork, masterPaths, type Plan, unaskedOutputs } from './plan/plan.ts'
import { hashRequest } from './plan/request.ts'
import type { ProviderEnvironment } from './providers/providers.ts'
import type { RunResult } from './run.ts'
import { type HashIndex, openHashIndex } from './store/hash-index.ts'
import { takeInventory } from './store/inventory.ts'
import { sweepTemporary, writeFileAtomic } from './store/atomic.ts'
import { listCandidates, moveCandidates } from './store/candidates.ts'
import { keepReplaced, moveFile, placeMaster } from './store/masters.ts'
import { draftPaths, type ProjectPaths, projectPaths } from './store/paths.ts'
import { asOnlyWriter } from './store/writer.ts'
import { didYouMean } from './suggest.ts'

export type ProjectOptions = {
  /** Folder that `manifest` is relative to. Absolute. */
  cwd: string
  /** Path of the manifest. Default `images.yaml`. */
  manifest?: string | undefined
  /** Who draws, whatever the manifest says. */
  provider?: ProviderId | undefined
  /** Profile that overrides the run: the manifest's own, or `draft` (kept apart: no lockfile, no master is touched), `preview`, `production`, `premium`. */
  profile?: string | undefined
  /** Where keys and base URLs are found, by the name of their variable. Default none. */
  env?: ProviderEnvironment | undefined
}

/** A manifest with mistakes, all of them. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError'
  readonly diagnostics: Diagnostic[]

  constructor(diagnostics: Diagnostic[]) {
    const errors = diagnostics.filter(({ severity }) => severity === 'error').length
    super(`The manifest has ${errors === 1 ? 'a mistake' : `${errors} mistakes`}.`)
    this.diagnostics = diagnostics
  }
}

/** Everything that is known of a project at one moment. */
export type Snapshot = { manifest: Manifest; lock: Lock; inventory: Inventory; warnings: Diagnostic[] }

export type PlanSelection = {
  /** Only these assets, or those below them (`product/mug`). */
  names?: readonly string[] | undefined
  /** Generate again what is named, and what a person edited. */
  force?: boolean | undefined
}

export type GenerateOptions = PlanSelection & {
  /** A plan made before: refused where it no longer fits. */
  plan?: Plan | undefined
  /** Only what costs nothing. Default false. */
  freeOnly?: boolean | undefined
  /** Whether files are cut too, or only masters made. Default true. */
  derive?: boolean | undefined
  /** Money for this run, USD. No limit where absent. */
  maxUsd?: number | undefined
  onEvent?: OnEvent | undefined
  signal?: AbortSignal | undefined
}

export type GenerateResult = Omit<RunResult, 'lock'> & { plan: Plan }

/** What stands in the way of a clean `check`, an asset a line. */
export type CheckProblem = { asset: string; step: Plan['steps'][number] }

/** What `prune` took away. */
export type Pruned = {
  /** Names of assets whose entry left the lock. */
  assets: string[]
  /** Files that were there and are gone, relative to the root. */
  files: string[]
}

export type Project = {
  readonly paths: ProjectPaths
  /** What the manifest was last read from, absolute: `images.yaml` alone until it is read. */
  readonly followed: Followed
  /**
   * Reads manifest, lock and disk. Writes only the cache.
   *
   * @throws ManifestError, LimnError
   */
  snapshot(): Promise<Snapshot>
  /** Works out what would be done. @throws ManifestError, LimnError */
  plan(selection?: PlanSelection): Promise<{ plan: Plan; snapshot: Snapshot }>
  /** Plans, then carries the plan out. @throws ManifestError, LimnError */
  generate(options?: GenerateOptions): Promise<GenerateResult>
  /** What is stale, missing or tampered with: offline, writes nothing. Empty where all is well. */
  check(): Promise<{ problems: CheckProblem[]; snapshot: Snapshot }>
  /** Takes a picture that a person edited or brought as the master of an asset. */
  adopt(name: string, file?: string): Promise<string>
  /** Makes candidate `number`, from 1, the master. @returns its path @throws LimnError `asset/unknown`, `asset/no-candidate` */
  pick(name: string, number: number): Promise<string>
  /** Keeps an asset's picture whatever the manifest says, or lets it follow again. @throws LimnError `asset/unknown`, `asset/no-master` */
  pin(name: string, pinned: boolean): Promise<void>
  /**
   * Renames an asset in the file where it stands, whose comments and order stay, then in lock and on the disk.
   *
   * @throws LimnError `asset/unknown`, `asset/exists`; ManifestError where the new name is none
   */
  rename(from: string, to: string, onEvent?: OnEvent): Promise<void>
  /** Removes masters, outputs and lock entries that nothing asks for. */
  prune(): Promise<Pruned>
}

/** Opens the project of a manifest. Touches nothing yet. */
export function openProject({ cwd, manifest, provider, profile, env = {} }: ProjectOptions): Project {
  const whole = projectPaths(cwd, manifest)
  // Drafts live in a lock and a folder of their own, which are never committed.
  const isDraft = profile === DRAFT_PROFILE
  const paths = isDraft ? draftPaths(whole) : whole
  let followed: Followed = { files: [paths.manifest], folders: [] }

  async function look(): Promise<Snapshot & { index: HashIndex }> {
    const read = await readManifest({ path: paths.manifest, shownPath: paths.shownManifest, cacheDir: paths.cache, provider, profile })
    followed = { files: read.followed.files.map((file) => join(paths.root, file)), folders: read.followed.folders.map((folder) => join(paths.root, folder)) }
    if (read.manifest === undefined) throw new ManifestError(read.diagnostics)
    const lock = readLock(paths.lock, paths.masters)
    if (isDraft) read.manifest.out = null
    const index = openHashIndex(paths.root, paths.cache)
    const sources = read.manifest.assets.flatMap(({ source, inputs }) => [
      ...(source === null ? [] : [source]),
      ...inputs.flatMap(({ kind, target, place }) => (kind === 'file' ? [{ path: target, place }] : [])),
    ])
    const inventory = takeInventory(paths, index, read.manifest.out, sources.map(({ path }) => path))
    const missing = sources.filter(({ path }) => !inventory.sources.has(path))
    if (missing.length > 0) throw new ManifestError(missing.map(({ path, place }) => missingFile(path, place, paths)))
    index.save()
    return { manifest: read.manifest, lock, inventory, index, warnings: read.diagnostics }
  }

  function planFor(snapshot: Snapshot, { names = [], force }: PlanSelection): Plan {
    const only = names.length === 0 ? undefined : selectAssets(snapshot.manifest, names)
    return createPlan({ ...snapshot, only, force })
  }

  async function plan(selection: PlanSelection = {}): Promise<{ plan: Plan; snapshot: Snapshot }> {
    const { index: _, ...snapshot } = await look()
    return { plan: planFor(snapshot, selection), snapshot }
  }

  async function generate(options: GenerateOptions = {}): Promise<GenerateResult> {
    const { onEvent = () => {}, derive = true, freeOnly = false, maxUsd, signal } = options
    const chooseSteps = (whole: Plan): Plan => {
      const steps = whole.steps.filter((step) => (!freeOnly || step.kind !== 'generate' || step.usd === 0) && (derive || step.kind !== 'derive' || isNewSource(step)))
      return steps.length === whole.steps.length ? whole : { ...whole, steps }
    }
    const first = await look()
    const planned = chooseSteps(planFor(first, options))
    refuseStale(options.plan, planned)
    for (const diagnostic of first.warnings) onEvent({ type: 'warning', diagnostic })
    const idle = { generated: 0, recovered: 0, moved: 0, derived: 0, failed: [], usd: 0 }
    if (!hasWork(planned)) {
      onEvent({ type: 'planned', plan: planned })
      return { ...idle, plan: planned }
    }
    return asOnlyWriter(paths, () => onEvent({ type: 'waiting' }), async (lastDied, lost) => {
      if (lastDied) await sweepTemporary(paths.root, [paths.journal, paths.outputs, ...[paths.masters, first.manifest.out].flatMap((folder) => (folder === null ? [] : [join(paths.root, folder)]))])
      // Another process may have done the work while this one waited.
      const { manifest, lock, inventory, index, warnings } = await look()
      const fresh = chooseSteps(planFor({ manifest, lock, inventory, warnings }, options))
      refuseStale(options.plan, fresh)
      onEvent({ type: 'planned', plan: fresh })
      if (!hasWork(fresh)) return { ...idle, plan: fresh }
      const [{ run }, { createProvider }] = await Promise.all([import('./run.ts'), import('./providers/providers.ts')])
      const { lock: _, ...result } = await run({ paths, manifest, lock, plan: fresh, index, provider: () => createProvider(manifest.provider, env), derive, maxUsd, onEvent, signal: signal === undefined ? lost : AbortSignal.any([signal, lost]) })
      return { ...result, plan: fresh }
    }, signal)
  }

  async function check(): Promise<{ problems: CheckProblem[]; snapshot: Snapshot }> {
    const { plan: planned, snapshot } = await plan()
    const outputsAreLocal = snapshot.manifest.out === null
    const problems = planned.steps.filter((step) => {
      if (step.kind === 'prune') return false
      // Outputs that this machine has not made yet are no fault of the repo.
      return !(step.kind === 'derive' && outputsAreLocal && step.reasons.every(({ code }) => code === 'outputs-missing'))
    })
    return { problems: problems.map((step) => ({ asset: step.asset, step })), snapshot }
  }

  async function adopt(name: string, file?: string): Promise<string> {
    // A manifest with mistakes is told of before anything is written.
    await look()
    return asOnlyWriter(paths, () => {}, async () => {
      const { manifest, lock, inventory, index } = await look()
      const [asset] = manifest.assets.filter((candidate) => candidate.name === name)
      if (asset === undefined) throw unknownAsset(name, manifest)
      if (asset.source !== null) throw new LimnError('asset/no-master', `"${name}" is cut from ${asset.source.path}: that file is its picture.`, { hint: 'Change that file, or name another as its `source`.' })
      const standing = masterPaths(paths.masters, name).find((path) => inventory.masters.has(path))
      if (file === undefined && standing === undefined) throw new LimnError('asset/no-master', `There is no ${paths.masters}/${name}.png to adopt.`, { hint: `Put it there, or name a file: limn adopt ${name} FILE.` })
      const { bytes, extension, master } = await readMaster(file === undefined ? join(paths.root, standing!) : resolve(cwd, file))
      const path = file === undefined ? standing! : await placeMaster(paths, name, bytes, extension)
      index.record(path, master.sha256)
      index.save()
      const entry: LockEntry = { request: currentRequest(asset, { manifest, lock, inventory }), master: { path, ...master, state: 'adopted' }, made: { provider: 'adopted', at: new Date().toISOString() }, outputs: lock.assets.get(name)?.outputs ?? {} }
      await writeLock(paths.lock, withEntries(lock, [[name, entry]]))
      return path
    })
  }

  async function pick(name: string, number: number): Promise<string> {
    return asOnlyWriter(paths, () => {}, async () => {
      const { manifest, lock, index } = await look()
      const entry = lock.assets.get(name)
      if (entry === undefined || entry.request.operation === 'source') {
        if (!manifest.assets.some((asset) => asset.name === name)) throw unknownAsset(name, manifest)
        throw new LimnError('asset/no-candidate', `"${name}" has no candidates.`, { hint: `Write \`candidates: 4\` at it, then run \`limn generate\`.` })
      }
      const candidates = listCandidates(paths, name, hashRequest(entry.request))
      const file = candidates.get(number)
      if (file === undefined) {
        const known = candidates.size === 0 ? 'has no candidates on this machine' : `has no candidate ${number}`
        throw new LimnError('asset/no-candidate', `"${name}" ${known}.`, { hint: candidates.size === 0 ? `Write \`candidates: 4\` at it, then run \`limn generate\`.` : `There are ${[...candidates.keys()].join(', ')}.` })
      }
      const { bytes, master } = await readMaster(file)
      const path = await placeMaster(paths, name, bytes, extname(file).slice(1))
      index.record(path, master.sha256)
      index.save()
      await writeLock(paths.lock, withEntries(lock, [[name, { ...entry, master: { path, ...master, state: 'generated' }, made: { ...entry.made, picked: number } }]]))
      return path
    })
  }

  async function pin(name: string, pinned: boolean): Promise<void> {
    await asOnlyWriter(paths, () => {}, async () => {
      const { manifest, lock } = await look()
      const entry = lock.assets.get(name)
      if (entry === undefined && manifest.assets.some((asset) => asset.name === name)) throw new LimnError('asset/no-master', `"${name}" has no picture yet.`, { hint: 'Run `limn generate` first.' })
      if (entry === undefined) throw unknownAsset(name, manifest)
      const state = pinned ? 'pinned' : entry.made.provider === 'adopted' ? 'adopted' : 'generated'
      await writeLock(paths.lock, withEntries(lock, [[name, { ...entry, master: { ...entry.master, state } }]]))
    })
  }

  async function rename(from: string, to: string, onEvent: OnEvent = () => {}): Promise<void> {
    const { manifest } = await look()
    const part = manifest.assets.find(({ name, key }) => name === from && key !== from)
    if (part !== undefined) throw new LimnError('asset/unknown', `"${from}" is one of the pictures of "${part.key}": its name comes from its values.`, { hint: `Rename "${part.key}", or change the value in the manifest.` })
    if (!manifest.assets.some(({ key }) => key === from)) throw unknownAsset(from, manifest)
    if (manifest.assets.some(({ name }) => name === to)) throw new LimnError('asset/exists', `There is a picture named "${to}" already.`, { hint: 'Choose another name.' })
    const { renameAsset } = await import('./manifest/edit.ts')
    await asOnlyWriter(paths, () => onEvent({ type: 'waiting' }), async () => {
      const files = manifest.files.map((file) => ({ path: join(paths.root, file), before: readFileSync(join(paths.root, file), 'utf8') }))
      for (const { path, before } of files) {
        const { text } = renameAsset(before, from, to)
        if (text !== before) await writeFileAtomic(path, text)
      }
      const renamed = await look().catch(async (error: unknown) => {
        // A name that can't be one leaves the manifest as it was.
        for (const { path, before } of files) await writeFileAtomic(path, before)
        throw error
      })
      await moveEntries(renamed, from, to, onEvent)
    })
  }

  /** Moves what the lock has under a name, and below it, to another. */
  async function moveEntries({ manifest, lock }: Snapshot, from: string, to: string, onEvent: OnEvent): Promise<void> {
    const wanted = new Set(manifest.assets.map(({ name }) => name))
    const changes: [string, LockEntry | undefined][] = []
    for (const [name, entry] of lock.assets) {
      const next = `${to}${name.slice(from.length)}`
      if ((name !== from && !name.startsWith(`${from}/`)) || wanted.has(name) || !wanted.has(next) || lock.assets.has(next)) continue
      const isSource = entry.request.operation === 'source'
      const path = isSource ? entry.master.path : `${paths.masters}/${next}${extname(entry.master.path)}`
      if (!isSource && existsSync(join(paths.root, entry.master.path))) await moveFile(paths.root, entry.master.path, path)
      await moveCandidates(paths, name, next)
      if (manifest.out !== null) for (const file of Object.keys(entry.outputs)) await moveFile(paths.root, `${manifest.out}/${name}/${file}`, `${manifest.out}/${next}/${file}`).catch(() => {})
      changes.push([name, undefined], [next, { ...entry, master: { ...entry.master, path } }])
      onEvent({ type: 'moved', asset: next, from: name, path })
    }
    if (changes.length > 0) await writeLock(paths.lock, withEntries(lock, changes))
  }

  async function prune(): Promise<Pruned> {
    await look()
    return asOnlyWriter(paths, () => {}, async () => {
      const snapshot = await look()
      const { manifest, lock } = snapshot
      const assetByName = new Map(manifest.assets.map((asset) => [asset.name, asset]))
      // What a renamed asset will take over is asked for still.
      const renamed = new Set(planFor(snapshot, {}).steps.flatMap((step) => (step.kind === 'move' ? [step.from] : [])))
      const changes: [string, LockEntry | undefined][] = []
      const removed: string[] = []
      for (const [name, entry] of lock.assets) {
        if (renamed.has(name)) continue
        const asset = assetByName.get(name)
        const files = asset === undefined ? Object.keys(entry.outputs) : unaskedOutputs(asset, entry)
        if (asset !== undefined && files.length === 0) continue
        // A source is the user's own file.
        if (asset === undefined && entry.request.operation !== 'source') removed.push(entry.master.path)
        if (manifest.out !== null) removed.push(...files.map((file) => `${manifest.out}/${name}/${file}`))
        const outputs = Object.fromEntries(Object.entries(entry.outputs).filter(([file]) => !files.includes(file)))
        changes.push([name, asset === undefined ? undefined : { ...entry, outputs }])
      }
      if (changes.length === 0) return { assets: [], files: [] }
      // A removed master can still be had back: it goes where replaced ones go.
      for (const [name, entry] of changes) {
        if (entry !== undefined || lock.assets.get(name)!.request.operation === 'source') continue
        await keepReplaced(paths, name, join(paths.root, lock.assets.get(name)!.master.path)).catch((error: unknown) => {
          if (!isErrno(error, 'ENOENT')) throw error
        })
      }
      await writeLock(paths.lock, withEntries(lock, changes))
      const files = removed.filter((path) => existsSync(join(paths.root, path)))
      for (const path of files) await rm(join(paths.root, path), { force: true })
      return { assets: changes.flatMap(([name, entry]) => (entry === undefined ? [name] : [])), files }
    })
  }

  return {
    paths,
    get followed() {
      return followed
    },
    snapshot: async () => (await plan()).snapshot,
    plan,
    generate,
    check,
    adopt,
    pick,
    pin,
    rename,
    prune,
  }
}

/** Whether a step notes a picture that a person brought, and does not only cut files. */
function isNewSource({ reasons }: Plan['steps'][number]): boolean {
  return reasons.some(({ code }) => code === 'source-new' || code === 'source-changed')
}

function missingFile(path: string, place: Place, { root, shownManifest }: ProjectPaths): Diagnostic {
  const frame = codeFrame(readFileSync(join(root, place.file), 'utf8'), place)
  return { code: 'manifest/missing-file', severity: 'error', message: `There is no file ${path}, or it is no file inside the project.`, hint: `Check the path: it is relative to ${place.file === shownManifest ? 'the manifest' : place.file}.`, place, frame }
}

/** A picture that is about to become a master, with the facts that the lock keeps. @throws LimnError `picture/unreadable` */
async function readMaster(file: string): Promise<{ bytes: Buffer; extension: string; master: Omit<LockedMaster, 'path' | 'state'> }> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new LimnError('picture/unreadable', `${file} can't be read.`, { hint: 'Check the path.', cause: error })
  })
  const [{ decode, inspectPicture }, { createThumbhash }] = await Promise.all([import('./derive/decode.ts'), import('./derive/placeholder.ts')])
  const { format, width, height } = await inspectPicture(bytes)
  const thumbhash = await createThumbhash(await decode(bytes))
  return { bytes, extension: format === 'jpeg' ? 'jpg' : format, master: { sha256: sha256(bytes), bytes: bytes.length, width, height, thumbhash } }
}

/** The assets that names stand for: themselves, or all below them. @throws LimnError `asset/unknown` */
function selectAssets(manifest: Manifest, names: readonly string[]): Set<string> {
  const selected = new Set<string>()
  for (const name of names) {
    const found = manifest.assets.filter((asset) => asset.name === name || asset.name.startsWith(`${name.replace(/\/$/, '')}/`))
    if (found.length === 0) throw unknownAsset(name, manifest)
    for (const asset of found) selected.add(asset.name)
  }
  return selected
}

/** What to say of a name that no asset has. */
export function unknownAsset(name: string, manifest: Manifest): LimnError {
  const names = manifest.assets.map((asset) => asset.name)
  const below = names.filter((candidate) => candidate.startsWith(`${name}/`))
  if (below.length > 0) return new LimnError('asset/unknown', `"${name}" stands for several pictures.`, { hint: `Name one of them: ${below.slice(0, 6).join(', ')}${below.length > 6 ? ', …' : ''}.` })
  return new LimnError('asset/unknown', `There is no asset "${name}" in the manifest.`, { hint: didYouMean(name, names) ?? 'Run `limn list` to see the names.' })
}

function refuseStale(saved: Plan | undefined, fresh: Plan): void {
  if (saved === undefined || canonicalJson(saved) === canonicalJson(fresh)) return
  throw new LimnError('plan/stale', 'The saved plan no longer fits: the manifest, the lock or the files have changed since.', { hint: 'Make a new one with `limn plan --out FILE`.' })
}
