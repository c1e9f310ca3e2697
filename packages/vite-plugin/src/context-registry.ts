import { join } from 'node:path'
import type { Project } from '@limn/core'
import type { OutputService } from '@limn/core/for-vite'
import {
  createDebug,
  elapsed,
  findEnvFiles,
  joinEnvironments,
  mainSteps,
  openProject,
  trustFileOf,
} from '@limn/core/for-vite/start'
import { loadEnv, type ResolvedConfig } from 'vite'
import type {
  Context,
  ContextRegistry,
  DevState,
  PlannedSnapshot,
  ProjectState,
} from './context.ts'
import { createLog, type Log } from './log.ts'
import { type LimnOptions, type ResolvedOptions, resolveOptions } from './options.ts'

const debug = createDebug('vite')

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
    onChange: () => {},
    async setState(read) {
      debug('refresh: not needed, generation has just read the project')
      await reader.set(read)
      context.onChange()
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
      context.onChange()
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
    runs: undefined,
    failureByAsset: new Map(),
    requestFailures: new Set(),
    webManifestByUrl: new Map(),
    assetsByPage: new Map(),
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
  return {
    plan,
    snapshot,
    assetByName: new Map(snapshot.manifest.assets.map((asset) => [asset.name, asset])),
    stepByAsset: mainSteps(plan.steps),
    renderPlaceholder: placeholder,
  }
}

function isTrue(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== 'false' && value !== '0'
}
