import { dirname, join, resolve } from 'node:path'
import type { Asset, Plan, Project, Snapshot } from '@limn/core'
import type { OutputService } from '@limn/core/for-vite'
import { isManifestIn, joinEnvironments, openProject } from '@limn/core/for-vite/start'
import { loadEnv, normalizePath, type ResolvedConfig } from 'vite'
import { type LimnOptions, type ResolvedOptions, resolveOptions } from './options.ts'

/** What all the small plugins of one `limn()` share. */
export type Context = {
  readonly options: ResolvedOptions
  readonly config: ResolvedConfig
  readonly project: Project
  /** What cuts and draws files: loaded when it is first asked for. */
  files(): Promise<OutputService>
  /** Waits until nothing is being cut any more, where anything ever was. */
  close(): Promise<void>
  /** What was last read; `undefined` until then. Stays when a later read fails. */
  readonly state: State | undefined
  /** Why the last read failed: a mistake in the manifest, an unreadable lock. */
  readonly failure: unknown
  /**
   * The latest unfinished picture of each asset that a model is drawing right now: never on disk,
   * in dev only.
   */
  readonly partials: Map<string, PartialPicture>
  /** Whether an open page may show an error that Limn caused. */
  isBroken: boolean
  /** Told what the manifest was read from, each time it is read. */
  onRead: (files: readonly string[]) => void
  /** Reads manifest, lock and disk again. Never throws: see `failure`. */
  refresh(): Promise<void>
  /** Takes over what somebody else has just read. */
  take(seen: { plan: Plan; snapshot: Snapshot }): Promise<void>
  /** The state, read first where nothing has been. @throws what reading threw */
  ready(): Promise<State>
}

/** An unfinished picture as it came, and what tells it from others in a URL. */
export type PartialPicture = { bytes: Uint8Array; version: string }

export type State = {
  snapshot: Snapshot
  plan: Plan
  assetByName: ReadonlyMap<string, Asset>
  stepByAsset: ReadonlyMap<string, Plan['steps'][number]>
  /** The stand-in of a picture by its ThumbHash, as a data URL. */
  placeholder(thumbhash: string): string
}

/**
 * The contexts of one `limn()`, one for each config that Vite resolves with it: a restarted server
 * has a new one, and so has a framework's second server.
 */
export type ContextHandle = {
  /**
   * The context of a config (`this.environment.getTopLevelConfig()` in hooks); else of the last
   * that was resolved.
   */
  get(config?: ResolvedConfig): Context
  setup(config: ResolvedConfig): void
}

/** Makes the context of one `limn()`: nothing is shared between two. */
export function createContext(written: LimnOptions): ContextHandle {
  const contextByConfig = new WeakMap<ResolvedConfig, Context>()
  let last: Context | undefined
  return {
    get(config) {
      const context = (config === undefined ? undefined : contextByConfig.get(config)) ?? last
      if (context === undefined) throw new Error('limn() was used before Vite resolved its config.')
      return context
    },
    setup(config) {
      last = open(
        config,
        resolveOptions(written, {
          isCI: isTrue(process.env['CI']),
          isTest: isTrue(process.env['VITEST']),
        }),
      )
      contextByConfig.set(config, last)
    },
  }
}

function open(config: ResolvedConfig, options: ResolvedOptions): Context {
  const { env, warning } = joinEnvironments(
    config.envDir === false ? {} : loadEnv(config.mode, config.envDir, ''),
    process.env,
  )
  if (warning !== undefined) config.logger.warn(`[limn] ${warning}`)
  const project = openProject({
    cwd: config.root,
    manifest: options.manifest,
    provider: options.provider,
    env,
  })
  let service: Promise<OutputService> | undefined
  const files = (): Promise<OutputService> => {
    if (service !== undefined) return service
    const loaded = import('@limn/core/for-vite').then(({ createOutputService }) =>
      createOutputService(project.paths),
    )
    service = loaded
    // What can't be loaded now, as while packages are installed, may be later.
    loaded.catch(() => (service = undefined))
    return loaded
  }
  let state: State | undefined
  let failure: unknown
  let reading: Promise<void> = Promise.resolve()
  let next: Promise<void> | undefined
  let first: Promise<void> | undefined
  const take = async ({ plan, snapshot }: Pick<State, 'plan' | 'snapshot'>): Promise<void> => {
    const { loadPlaceholders, placeholder } = await files()
    await loadPlaceholders([...snapshot.lock.assets.values()].map(({ master }) => master.thumbhash))
    state = {
      plan,
      snapshot,
      assetByName: new Map(snapshot.manifest.assets.map((asset) => [asset.name, asset])),
      stepByAsset: new Map(
        plan.steps.filter(({ kind }) => kind !== 'prune').map((step) => [step.asset, step]),
      ),
      placeholder,
    }
    failure = undefined
  }
  const read = async (): Promise<void> => {
    try {
      await take(await project.planWithSnapshot())
    } catch (error) {
      failure = error
    }
  }
  return {
    options,
    config,
    project,
    files,
    close: async () => (await service)?.close(),
    partials: new Map(),
    isBroken: false,
    onRead: () => {},
    take,
    get state() {
      return state
    },
    get failure() {
      return failure
    },
    async refresh(this: Context) {
      // A read under way may have missed the change that this one is for: one more follows it, for all that ask meanwhile.
      next ??= reading.then(() => {
        next = undefined
        return (reading = read())
      })
      await next
      this.onRead(project.followed.files)
      if (failure !== undefined) this.isBroken = true
    },
    async ready(this: Context) {
      // All that ask before anything is known share one read.
      if (state === undefined && failure === undefined) await (first ??= this.refresh())
      if (state === undefined) throw failure
      return state
    },
  }
}

/** Where the types go: beside the Vite config, absolute; `undefined` for nowhere. */
export function typesPath({ config, options }: Context): string | undefined {
  if (options.dts === false) return undefined
  return resolve(
    config.configFile === undefined ? config.root : dirname(config.configFile),
    options.dts,
  )
}

/**
 * Whether a file is one that pictures depend on: manifest and what it includes, lock, a master, or
 * a picture that somebody brought.
 */
export function isSource({ project: { paths, followed }, state }: Context, file: string): boolean {
  const sources =
    state?.snapshot.manifest.assets.flatMap(({ source }) =>
      source === null ? [] : [source.path],
    ) ?? []
  if (sources.some((path) => file === normalizePath(join(paths.root, path)))) return true
  if (
    followed.files.some((path) => file === normalizePath(path)) ||
    isManifestIn(followed.folders.map(normalizePath), file)
  ) {
    return true
  }
  return (
    file === normalizePath(paths.manifest) ||
    file === normalizePath(paths.lock) ||
    file.startsWith(`${normalizePath(join(paths.root, paths.masters))}/`)
  )
}

function isTrue(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== 'false' && value !== '0'
}
