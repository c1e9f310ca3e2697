import { join } from 'node:path'
import type { Asset, Plan, Project, Snapshot, Step } from '@limn/core'
import type { OutputService } from '@limn/core/for-vite'
import {
  createDebug,
  elapsed,
  findEnvFiles,
  joinEnvironments,
  openProject,
  trustFileOf,
} from '@limn/core/for-vite/start'
import { type Environment, loadEnv, type ResolvedConfig } from 'vite'
import { createLog, type Log } from './log.ts'
import { type LimnOptions, type ResolvedOptions, resolveOptions } from './options.ts'

const debug = createDebug('vite')

/** What the small plugins of one `limn()` share while they work for one resolved config. */
export type Context = {
  readonly options: ResolvedOptions
  readonly config: ResolvedConfig
  /** Prints with Vite's logger. The only log that the plugin uses. */
  readonly log: Log
  readonly project: Project
  /** Loads the service that encodes outputs and drafts, on the first call. */
  loadOutputService(): Promise<OutputService>
  /** Waits for the output service to finish its work. Does nothing if it was never loaded. */
  close(): Promise<void>
  /** The state of the last successful read; `undefined` before the first. */
  readonly state: ProjectState | undefined
  /** The error of the last read, such as a `ManifestError`; `undefined` if it succeeded. */
  readonly failure: unknown
  /** Whether an open page may show an error that Limn caused. */
  mayShowError: boolean
  /** Called after each read with the files that the manifest was read from. Absolute paths. */
  onRead: (files: readonly string[]) => void
  /** Reads manifest, lockfile and disk again. Never throws: a failed read sets `failure`. */
  refresh(reason: RefreshReason): Promise<void>
  /** Replaces the state with a plan and a snapshot that were just read. */
  setState(read: PlannedSnapshot): Promise<void>
  /** Returns the state, and reads it first if nothing was read yet. @throws the error of the read */
  requireState(): Promise<ProjectState>
  /** The last importer of each resolved module id. */
  readonly importerById: Map<string, string>
  /** The file that each token stands for in a build, by the token's digits. */
  readonly fileByToken: Map<string, TokenedFile>
  readonly dev: DevState
}

/** Why the project is read, for the log. */
type RefreshReason =
  | 'first use'
  | 'a file changed'
  | 'a generation run starts'
  | 'a generation run changed images'
  | 'a build starts'

type PlannedSnapshot = { plan: Plan; snapshot: Snapshot }

/** Manifest, lockfile, disk and plan at one moment, indexed by asset. */
export type ProjectState = PlannedSnapshot & {
  assetByName: ReadonlyMap<string, Asset>
  /** Every step except `prune`. */
  stepByAsset: ReadonlyMap<string, Step>
  /** Returns the placeholder of a ThumbHash (base64) as a data URL. */
  renderPlaceholder(thumbhash: string): string
}

/**
 * How a build includes a file:
 *
 * - `auto`: as a data URL in the code if it is small, else as a file
 * - `candidate`: as a file, because a data URL for each candidate of a `srcset` would be loaded by
 *   every browser; in a library, which has no files, as a data URL
 * - `inline`: always as a data URL
 * - `file`: always as a file, under its URL
 * - `absolute`: always as a file, under its URL with host
 */
export type FileUse = 'auto' | 'candidate' | 'inline' | 'file' | 'absolute'

/** The file that a token stands for. */
export type TokenedFile = { asset: string; file: string; use: FileUse }

/** What one dev server has sent to its pages and knows about them. */
type DevState = {
  /** The latest partial of each asset that a model is generating. Never written to disk. */
  readonly partialByAsset: Map<string, PartialImage>
  /** What was last reported about each asset that failed. */
  readonly failureByAsset: Map<string, string>
  /** Messages about requests that failed since the project was last read. */
  readonly requestFailures: Set<string>
  /** The web app manifests that the server serves, as JSON. */
  readonly webManifestByUrl: Map<string, string>
  /** The URLs that styles were given, by their path below the root without the query. */
  readonly styleUrlByPath: Map<string, StyleUrl>
  /** The code that each environment was last given, by module id. */
  readonly codeByIdByEnvironment: WeakMap<Environment, Map<string, string>>
  /** The pages and scripts that are being requested. */
  readonly pageLoads: { inFlight: number; lastEndedAt: number }
  /** The change that the last hot update followed, and the message of the error it reported. */
  readonly hotUpdate: {
    lastChange?: { timestamp: number; read: Promise<void> }
    reportedError?: string | undefined
  }
}

/** A partial as the provider sent it, and a version that distinguishes it in a URL. */
export type PartialImage = { bytes: Uint8Array; version: string }

/** The URL below `root` that a style was last given for a reference. */
type StyleUrl = { asset: string; selector: string | undefined; url: string; root: string }

/** How the plugins of one `limn()` find the contexts of configs. */
export type ContextRegistry = {
  /**
   * Returns the context of a config (`this.environment.getTopLevelConfig()` in hooks), and opens it
   * first if the config has none. @throws LimnError `usage`
   */
  get(config: ResolvedConfig): Context
  /**
   * Returns the context of a config for the one `limn()` that starts its work: the first in the
   * config; `undefined` for every other one, and for those of its workers. @throws LimnError
   * `usage`
   */
  own(config: ResolvedConfig): Context | undefined
}

/** Key of a config's context. A config keeps its state itself, however many instances share it. */
const CONTEXT = Symbol('limn')

/** A config of Vite with what Limn and Vite keep in it. */
type ConfigWithContext = ResolvedConfig & {
  /** The config of the app; set in the config of a worker. Vite does not declare it. */
  readonly mainConfig?: ConfigWithContext | null
  [CONTEXT]?: { context: Context; owner: ContextRegistry }
}

/**
 * Creates the registry of one `limn()`.
 *
 * Vite calls the hooks of one instance for several configs (a restart, the environments of a build,
 * a framework's second server), and those of several instances for one config (pages of `vite build
 * --app`, workers). So an instance keeps nothing but its options.
 */
export function createContextRegistry(written: LimnOptions): ContextRegistry {
  const printed = new Set<string>()
  const registry: ContextRegistry = {
    get: (config) => recordOf(config).context,
    own(config) {
      const { context, owner } = recordOf(config)
      return owner === registry && isMain(config) ? context : undefined
    },
  }
  return registry

  function recordOf(config: ConfigWithContext): { context: Context; owner: ContextRegistry } {
    const known = config[CONTEXT] ?? config.mainConfig?.[CONTEXT]
    if (known !== undefined) return known
    const options = resolveOptions(written, {
      isCI: isTrue(process.env['CI']),
      isTest: isTrue(process.env['VITEST']),
    })
    const record = { context: openContext(config, { options, printed }), owner: registry }
    // Not enumerable: a copy of a config, such as that of a worker, is another config.
    Object.defineProperty(config, CONTEXT, { value: record })
    return record
  }
}

/** Returns whether a config is not that of a worker whose app has a context. */
function isMain({ mainConfig }: ConfigWithContext): boolean {
  return mainConfig?.[CONTEXT] === undefined
}

function openContext(
  config: ResolvedConfig,
  { options, printed }: { options: ResolvedOptions; printed: Set<string> },
): Context {
  const log = createLog(config.logger, printed)
  const project = openProjectFor(config, { options, log })
  const service = createOutputServiceLoader(project)
  const reader = createStateReader(project, service.load)
  let firstRead: Promise<void> | undefined
  const context: Context = {
    options,
    config,
    log,
    project,
    loadOutputService: service.load,
    close: service.close,
    mayShowError: false,
    onRead: () => {},
    setState(read) {
      debug('refresh: not needed, generation has just read the project')
      return reader.set(read)
    },
    get state() {
      return reader.state
    },
    get failure() {
      return reader.failure
    },
    async refresh(reason) {
      debug('refresh: %s', reason)
      await reader.refresh()
      context.dev.requestFailures.clear()
      context.onRead(project.followed.files)
      if (reader.failure !== undefined) context.mayShowError = true
    },
    async requireState() {
      if (reader.state === undefined && reader.failure === undefined) {
        await (firstRead ??= context.refresh('first use'))
      }
      if (reader.state === undefined) throw reader.failure
      return reader.state
    },
    importerById: new Map(),
    fileByToken: new Map(),
    dev: createDevState(),
  }
  return context
}

function createDevState(): DevState {
  return {
    partialByAsset: new Map(),
    failureByAsset: new Map(),
    requestFailures: new Set(),
    webManifestByUrl: new Map(),
    styleUrlByPath: new Map(),
    codeByIdByEnvironment: new WeakMap(),
    pageLoads: { inFlight: 0, lastEndedAt: -Infinity },
    hotUpdate: {},
  }
}

/** Opens the project with the variables of Vite's `.env` files and of the process. */
function openProjectFor(
  config: ResolvedConfig,
  { options, log }: { options: ResolvedOptions; log: Log },
): Project {
  const { mode, envDir } = config
  const fromFiles = envDir === false ? {} : withoutMarks(loadEnv(mode, envDir, ''))
  const { env, warning } = joinEnvironments(fromFiles, process.env)
  const paths =
    envDir === false
      ? []
      : ['.env', '.env.local', `.env.${mode}`, `.env.${mode}.local`].map((name) =>
          join(envDir, name),
        )
  if (warning !== undefined) log.warn(`[limn] ${warning}`)
  return openProject({
    cwd: config.root,
    manifest: options.manifest,
    provider: options.provider,
    env,
    envFiles: findEnvFiles(paths, fromFiles, process.env),
    trustFile: trustFileOf(process.env),
  })
}

/** Removes the byte order mark that Vite leaves in the name of a file's first variable. */
function withoutMarks(variables: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name.replace(/^\uFEFF/, ''), value]),
  )
}

type OutputServiceLoader = { load(): Promise<OutputService>; close(): Promise<void> }

function createOutputServiceLoader(project: Project): OutputServiceLoader {
  let service: Promise<OutputService> | undefined
  return {
    load() {
      if (service !== undefined) return service
      const loading = import('@limn/core/for-vite').then(({ createOutputService }) =>
        createOutputService(project.paths),
      )
      service = loading
      // Loading can fail while packages are being installed: the next call tries again.
      loading.catch(() => (service = undefined))
      return loading
    },
    async close() {
      await (await service)?.close()
    },
  }
}

type StateReader = {
  readonly state: ProjectState | undefined
  readonly failure: unknown
  refresh(): Promise<void>
  set(read: PlannedSnapshot): Promise<void>
}

/** Reads the project's state, one read at a time. */
function createStateReader(
  project: Project,
  loadOutputService: () => Promise<OutputService>,
): StateReader {
  let state: ProjectState | undefined
  let failure: unknown
  let reading: Promise<void> = Promise.resolve()
  let next: Promise<void> | undefined
  const set = async (read: PlannedSnapshot): Promise<void> => {
    state = await indexState(read, await loadOutputService())
    failure = undefined
  }
  const read = async (): Promise<void> => {
    const start = performance.now()
    try {
      await set(await project.planWithSnapshot())
    } catch (error) {
      failure = error
    }
    if (debug.enabled) {
      const result = failure === undefined ? 'read the project' : 'failed to read the project'
      debug('%s, %s', result, elapsed(start))
    }
  }
  return {
    get state() {
      return state
    },
    get failure() {
      return failure
    },
    set,
    async refresh() {
      // The current read may have missed the change that this call is for. All callers that arrive
      // during it share the one read that follows.
      next ??= reading.then(() => {
        next = undefined
        return (reading = read())
      })
      await next
    },
  }
}

async function indexState(
  { plan, snapshot }: PlannedSnapshot,
  { loadPlaceholders, placeholder }: OutputService,
): Promise<ProjectState> {
  await loadPlaceholders([...snapshot.lock.assets.values()].map(({ master }) => master.thumbhash))
  const steps = plan.steps.filter(({ kind }) => kind !== 'prune')
  return {
    plan,
    snapshot,
    assetByName: new Map(snapshot.manifest.assets.map((asset) => [asset.name, asset])),
    stepByAsset: new Map(steps.map((step) => [step.asset, step])),
    renderPlaceholder: placeholder,
  }
}

function isTrue(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== 'false' && value !== '0'
}
