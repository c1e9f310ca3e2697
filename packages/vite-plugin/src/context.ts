import type { Asset, OnEvent, Plan, Project, Snapshot, Step } from '@limn/core'
import type { OutputService } from '@limn/core/for-vite'
import type { Environment, ResolvedConfig } from 'vite'
import type { Log } from './log.ts'
import type { ResolvedOptions } from './options.ts'

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
  /** Called after the state was read or replaced, or could not be read. */
  onChange: () => void
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
  | 'the contact sheet changed files'

export type PlannedSnapshot = { plan: Plan; snapshot: Snapshot }

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
export type DevState = {
  /** The latest partial of each asset that a model is generating. Never written to disk. */
  readonly partialByAsset: Map<string, PartialImage>
  /** The runs of the generator, for the contact sheet; `undefined` before the first. */
  runs: RunFeed | undefined
  /** What was last reported about each asset that failed. */
  readonly failureByAsset: Map<string, string>
  /** Messages about requests that failed since the project was last read. */
  readonly requestFailures: Set<string>
  /** The web app manifests that the server serves, as JSON. */
  readonly webManifestByUrl: Map<string, string>
  /** The assets that each page refers to, by the path of its file. */
  readonly assetsByPage: Map<string, ReadonlySet<string>>
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

/** A run that somebody shows: pass each of its events to `onEvent`, then call `end`. */
export type ShownRun = { onEvent: OnEvent; end(): void }

/** Starts to show a run, which `stop` stops. */
export type ShowRun = (stop: () => void) => ShownRun

/** Passes the runs of a generator on to the contact sheet, which may be opened during a run. */
export type RunFeed = {
  /** Begins a run. */
  start: ShowRun
  /** Shows the current run and all later ones. */
  connect(show: ShowRun): void
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
