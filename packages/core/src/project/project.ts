import { redactKeysOf } from '../debug.ts'
import type { OnEvent } from '../events.ts'
import type { HistoryEntry } from '../history/entry.ts'
import type { Stats } from '../history/stats.ts'
import type { Asset } from '../manifest/manifest.ts'
import type { Followed } from '../manifest/read.ts'
import { DRAFT_PROFILE } from '../manifest/resolve/profiles.ts'
import type { CostExplanation } from '../plan/explain-cost.ts'
import type { Plan } from '../plan/plan.ts'
import type { ProviderEnvironment } from '../providers/environment.ts'
import { hasCustomBaseURL } from '../providers/environment.ts'
import type { KeyAccess } from '../providers/key-access.ts'
import { draftPaths, type ProjectPaths, projectPaths } from '../store/paths.ts'
import type { NamedAsset } from './add-asset.ts'
import type { BatchStatus, CancelledBatch } from './batches.ts'
import type { CheckOptions, CheckResult } from './check.ts'
import type { Chosen } from './choose.ts'
import type { Compared, CompareOptions } from './compare/compare.ts'
import type { ProjectContext } from './context.ts'
import type { CostReport } from './costs.ts'
import type { DescribeOptions, DescribeResult } from './describe/describe.ts'
import type { AssetEdit, PreviewedEdit } from './edit-asset.ts'
import type { Explanation } from './explain.ts'
import type { GenerateOptions, GenerateResult } from './generate.ts'
import type { Import, ImportOptions } from './import/import.ts'
import { remoteCache } from './lazy-remote-cache.ts'
import type { MergeResult } from './merge/result.ts'
import type { Migration } from './migrate/migrate.ts'
import type { PlanningOptions, PlanResult, PlanSelection, ProjectOptions } from './options.ts'
import type { Pruned } from './prune.ts'
import type { WorkOptions } from './queue.ts'
import type { RemoteCache } from './remote-cache-types.ts'
import type { EarlierPictures, Restored } from './restore.ts'
import { type Run, streamRun } from './run-stream.ts'
import type { AssetDetails } from './show.ts'
import type { Snapshot } from './snapshot.ts'
import type { ListedNeed } from './trust-needs.ts'
import type { ListedGrant } from './trust.ts'
import type { ComparedVariants, PricedVariants, Variant } from './variants.ts'

/** What actions throw for mistakes in the manifest. */
export { ManifestError } from '../manifest/manifest-error.ts'
/** The profile whose lockfile and masters are separate from the project's. */
export { DRAFT_PROFILE } from '../manifest/resolve/profiles.ts'

/** A plan and the snapshot that it was made from. */
export type PlannedSnapshot = { plan: Plan; snapshot: Snapshot }

/**
 * An open project: the single entry point for the CLI and the Vite plugin. Every method reads the
 * files again, and throws a ManifestError for mistakes in the manifest and a LimnError for a broken
 * environment.
 */
export type Project = {
  readonly paths: ProjectPaths
  /**
   * The files and folders that the last snapshot was read from, and the pictures that its manifest
   * names, absolute. `images.yaml` alone until a snapshot was read.
   */
  readonly followed: Followed
  /** Reads manifest, lockfile and disk. Writes only the cache. */
  snapshot(): Promise<Snapshot>
  /**
   * Plans what would be done. Without a selection it uses the plan cache, so that an unchanged
   * project costs one stat per file. Offline unless the options say to ask the remote store. Writes
   * only the cache.
   */
  plan(options?: PlanningOptions): Promise<PlanResult>
  /** Explains the cost of a plan, picture by picture. Writes only the cache. */
  explainCost(selection?: PlanSelection): Promise<PlanResult & { costs: CostExplanation }>
  /**
   * Plans what would be done and returns the snapshot too. Does not use the plan cache, which
   * stores no snapshot.
   */
  planWithSnapshot(selection?: PlanSelection): Promise<PlannedSnapshot>
  /**
   * Collects finished batches, plans, then executes the plan. With a saved plan, or if only free
   * steps are executed, batches are not collected. `await` the run for its result, or iterate over
   * its events, or both.
   */
  generate(options?: GenerateOptions): Run<GenerateResult>
  /**
   * Does the jobs of a queue until `signal` fires: generates the pictures that a `generate` with
   * the option `queue` asks for, and derives their outputs.
   */
  work(options: WorkOptions): Promise<void>
  /**
   * Checks offline for what is stale, missing or tampered with, and what breaks the policies of the
   * manifest. Writes only the cache.
   */
  check(options?: CheckOptions): Promise<CheckResult>
  /**
   * Compares the pictures of a commit or of the working tree with those of another commit. Writes
   * only the cache.
   */
  compare(options: CompareOptions): Promise<Compared>
  /**
   * Combines the lockfiles, masters and `.limn` of the shards of a run with those of the project.
   *
   * @param folders checkouts or artifacts of the shards, relative to `cwd`
   */
  merge(folders: readonly string[]): Promise<MergeResult>
  /** Compares the recorded request of an asset with the current one. */
  explain(name: string): Promise<Explanation>
  /** Collects everything that is recorded about an asset. */
  show(name: string): Promise<AssetDetails>
  /** Returns the requests and runs of this machine, oldest first. */
  history(): Promise<HistoryEntry[]>
  /** Sums up the costs by `asset`, `model` (default), `profile`, `run` or `month`. */
  costs(by?: string): Promise<CostReport>
  /** Sums up what all copies of the project spent in this calendar month (UTC), USD. */
  spentThisMonth(): Promise<number>
  /**
   * Sums up how the requests of this machine went: all of them, `null` if there were none, and by
   * model, the most used first.
   */
  stats(): Promise<{ all: Stats | null; byModel: Map<string, Stats> }>
  /** Returns the open batches, oldest first. Requests their state and changes nothing. */
  batches(signal?: AbortSignal): Promise<BatchStatus[]>
  /**
   * Cancels a batch; the next run collects what it has finished by then.
   *
   * @param id as `batches` returns it, or an unambiguous prefix
   */
  cancelBatch(id: string): Promise<CancelledBatch>
  /**
   * Makes a picture that a person edited or supplied the master of an asset. `file` is relative to
   * `cwd`, or its bytes; it defaults to the master that is in place. @returns the path of the
   * master, relative to the root
   */
  adopt(name: string, file?: string | Uint8Array): Promise<string>
  /** Makes candidate `number`, from 1, the master. @returns its path, relative to the root */
  pick(name: string, number: number): Promise<string>
  /** Lists the earlier pictures of an asset that still exist here, the latest first. */
  earlier(name: string): Promise<EarlierPictures>
  /**
   * Makes an earlier picture the master again. Costs nothing.
   *
   * @param which its number, from 1, or its id, as `earlier` returns them
   */
  restore(name: string, which: number | string): Promise<Restored>
  /** Returns what an edit of an asset in the manifest would do. Writes only the cache. */
  previewEdit(name: string, edit: AssetEdit): Promise<PreviewedEdit>
  /**
   * Edits an asset in the manifest file that defines it, and nothing else of it.
   *
   * @param digest the file as `previewEdit` saw it: if it has changed since, nothing is written
   * @returns the path of the file, relative to the root
   */
  edit(name: string, edit: AssetEdit, digest?: string): Promise<string>
  /** Returns what a new asset of the manifest would do. Writes nothing. */
  previewAdd(asset: NamedAsset): Promise<PreviewedEdit>
  /**
   * Adds an asset to the main file of the manifest.
   *
   * @param digest the file as `previewAdd` saw it: if it has changed since, nothing is written
   * @returns the path of the file, relative to the root
   */
  add(asset: NamedAsset, digest: string): Promise<string>
  /**
   * Finds the pictures in a folder, and proposes an asset for each that is none yet. Writes only
   * the cache before `apply`.
   */
  prepareImport(options: ImportOptions): Promise<Import>
  /**
   * Finds the imports of vite-imagetools, and proposes assets and imports of Limn in their place.
   * Writes only the cache before `apply`.
   */
  prepareMigration(signal?: AbortSignal): Promise<Migration>
  /**
   * Makes an earlier picture the master like `restore`, and edits the manifest so that it describes
   * that picture, if it can do so without a change of other assets.
   */
  choose(name: string, which: number | string): Promise<Chosen>
  /**
   * Writes a mask beside the manifest and names it in the asset's `edit`. @returns its path,
   * relative to the root
   *
   * @param png transparent where the picture may change
   */
  setMask(name: string, png: Uint8Array): Promise<string>
  /** Returns what variants of an asset would cost. Writes only the cache. */
  priceVariants(name: string, variants: readonly Variant[]): Promise<PricedVariants>
  /** Requests variants of an asset as candidates. Its master and the manifest stay. */
  compareVariants(
    name: string,
    variants: readonly Variant[],
    options?: Pick<GenerateOptions, 'maxUsd' | 'onEvent' | 'signal'>,
  ): Promise<ComparedVariants>
  /**
   * Lets the judge suggest the alt texts of assets that have none, and writes them into the
   * manifest, marked as suggested.
   */
  describe(options?: DescribeOptions): Promise<DescribeResult>
  /**
   * Records that a person has confirmed suggested alt texts. @returns the assets
   *
   * @param names assets, or those below them. Default: all
   */
  confirmAlts(names?: readonly string[]): Promise<string[]>
  /** Pins an asset, so that its picture is never regenerated, or unpins it. */
  pin(name: string, pinned: boolean): Promise<void>
  /** Renames an asset in the manifest, in the lockfile and on disk. */
  rename(from: string, to: string, onEvent?: OnEvent): Promise<void>
  /**
   * Writes the types of the image modules, if the project uses the Vite plugin and TypeScript and
   * they may have changed. @returns the path of the file that was written, relative to the root
   */
  writeTypes(): Promise<string | undefined>
  /** Removes what the manifest no longer requests; with `dryRun`, only returns it. */
  prune(options?: { dryRun?: boolean }): Promise<Pruned>
  /** The remote store that the machines of a team share: its contents and upkeep. */
  cache: RemoteCache
  /**
   * Resolves if the user has agreed to a use of a key, or to run `limn.config.ts`; asks first if
   * `askForTrust` is set. Throws `provider/no-consent` or `config/not-trusted` otherwise.
   */
  requireConsent: KeyAccess['requireConsent']
  /** Lists where the user agreed to send keys, and whether to run `limn.config.ts`. */
  grants(): Promise<ListedGrant[]>
  /** Lists what the providers of the manifest need consent for. Sends nothing, and asks nobody. */
  trustNeeds(): Promise<ListedNeed[]>
  /** Stores grants such as `RELAY_API_KEY@relay.example.com`, and returns them. */
  grant(grants: readonly string[]): Promise<string[]>
  /** Removes stored grants. @returns those that there were */
  revoke(grants: readonly string[]): Promise<string[]>
}

/**
 * Opens the project of a manifest without reading anything. Each action is loaded on first use, so
 * that a dev server starts fast.
 */
export function openProject({
  cwd,
  manifest,
  provider,
  profile,
  env = {},
  envFiles = {},
  trustFile,
  askForTrust,
  commandOptions,
  clock,
}: ProjectOptions): Project {
  redactKeysOf(env)
  const main = projectPaths(cwd, manifest)
  const paths = profile === DRAFT_PROFILE ? draftPaths(main) : main
  let followed: Followed = { files: [paths.manifest], folders: [] }
  const access = guardAccess(env, () => context)
  const context: ProjectContext = {
    cwd,
    paths,
    provider,
    profile,
    env,
    envFiles,
    trustFile,
    askForTrust,
    commandOptions,
    access,
    clock,
    async read(texts) {
      const { readSnapshot } = await import('./snapshot.ts')
      const onFollow = (next: Followed): void => {
        if (texts === undefined) followed = next
      }
      const options = { paths, provider, profile, onFollow, texts }
      return relevantWarnings(await readSnapshot(options), env)
    },
  }
  const planning = planningActions(context)
  return {
    paths,
    requireConsent: access.requireConsent,
    get followed() {
      return followed
    },
    ...planning,
    ...lazyActions(context, planning.planWithSnapshot),
    async writeTypes() {
      const { writeTypes } = await import('./types-file/write-types.ts')
      const readAssets = async (): Promise<readonly Asset[]> =>
        (await context.read()).manifest.assets
      return writeTypes(paths, { followed, readAssets })
    },
  }
}

/** The actions of a project that only read and plan. */
function planningActions(
  context: ProjectContext,
): Pick<Project, 'snapshot' | 'plan' | 'explainCost' | 'planWithSnapshot'> {
  async function snapshot(): Promise<Snapshot> {
    const { digests: _, ...rest } = await context.read()
    return rest
  }

  async function planWithSnapshot(selection: PlanSelection = {}): Promise<PlannedSnapshot> {
    const current = await snapshot()
    const { planSnapshot } = await import('./plan-snapshot.ts')
    const plan = planSnapshot(current, selection)
    const { shard } = selection
    if (shard === undefined) return { plan, snapshot: current }
    const { ownAssets } = await import('./shard/own-assets.ts')
    const { selectShard } = await import('../plan/shards.ts')
    const own = await ownAssets(context, { ...selection, shard }, { isRun: false })
    return { plan: selectShard(plan, own), snapshot: current }
  }

  async function plan(options: PlanningOptions = {}): Promise<PlanResult> {
    const { remote = false, signal, ...selection } = options
    const { names = [], force = false, batch = false, examine = false, shard } = selection
    if (remote) {
      const planned = await planWithSnapshot(selection)
      const { askRemote } = await import('./ask-remote.ts')
      const { manifest, warnings } = planned.snapshot
      const { currency } = manifest
      const { plan } = planned
      const { groupPlan } = await import('./group-plan.ts')
      const groups = await groupPlan(plan, planned.snapshot)
      return { plan, warnings, currency, groups, remote: await askRemote(context, planned, signal) }
    }
    if (names.length === 0 && !force && !batch && !examine && shard === undefined) {
      const { planWithCache } = await import('./plan-cache/plan-cache.ts')
      return relevantWarnings(await planWithCache(context), context.env)
    }
    const { plan, snapshot } = await planWithSnapshot(selection)
    const { groupPlan } = await import('./group-plan.ts')
    const groups = await groupPlan(plan, snapshot)
    return { plan, warnings: snapshot.warnings, currency: snapshot.manifest.currency, groups }
  }

  async function explainCost(
    selection?: PlanSelection,
  ): Promise<PlanResult & { costs: CostExplanation }> {
    const { plan: planned, snapshot: current } = await planWithSnapshot(selection)
    const { explainPlan } = await import('./explain-plan.ts')
    return relevantWarnings(await explainPlan(planned, current), context.env)
  }

  return { snapshot, plan, explainCost, planWithSnapshot }
}

/** Guards the keys of the environment. The guard is loaded when the first key is needed. */
function guardAccess(env: ProviderEnvironment, contextOf: () => ProjectContext): KeyAccess {
  let guard: Promise<KeyAccess['requireConsent']> | undefined
  return {
    env,
    async requireConsent(use) {
      guard ??= import('./trust.ts').then(({ createTrustGuard }) => createTrustGuard(contextOf()))
      return (await guard)(use)
    },
  }
}

/** Leaves out retired models if requests go to another server, which may still offer them. */
function relevantWarnings<T extends Pick<PlanResult, 'warnings'>>(
  result: T,
  env: ProviderEnvironment,
): T {
  if (!hasCustomBaseURL(env)) return result
  const warnings = result.warnings.filter(({ code }) => code !== 'manifest/retired-model')
  return { ...result, warnings }
}

/** The actions of a project that are loaded on first use. */
function lazyActions(
  context: ProjectContext,
  planWithSnapshot: Project['planWithSnapshot'],
): Omit<
  Project,
  | 'paths'
  | 'followed'
  | 'snapshot'
  | 'plan'
  | 'explainCost'
  | 'planWithSnapshot'
  | 'requireConsent'
  | 'writeTypes'
> {
  const { paths, env } = context
  const history = async (): Promise<HistoryEntry[]> =>
    (await import('../history/history-file.ts')).readHistory(paths.state)
  return {
    history,
    generate: (options = {}) =>
      streamRun(options, async (watched) =>
        (await import('./generate.ts')).generate(context, watched),
      ),
    check: async (options) =>
      (await import('./check.ts')).check(await planWithSnapshot(), { ...options, paths }),
    work: async (options) => (await import('./queue.ts')).work(context, options),
    compare: async (options) => (await import('./compare/compare.ts')).compare(context, options),
    merge: async (folders) => (await import('./merge/merge.ts')).merge(context, folders),
    explain: async (name) => (await import('./explain.ts')).explain(await planWithSnapshot(), name),
    show: async (name) =>
      (await import('./show.ts')).show(await planWithSnapshot(), { name, paths }),
    async costs(by) {
      const { parseCostKey, reportCosts } = await import('./costs.ts')
      const { openSharedSpending } = await import('../history/shared-spending.ts')
      const key = parseCostKey(by)
      const shared = openSharedSpending(paths, env)
      return reportCosts(await planWithSnapshot(), { entries: await history(), shared, by: key })
    },
    spentThisMonth: async () => (await import('./costs.ts')).spentThisMonth(paths, env),
    stats: async () => (await import('../history/stats.ts')).statsOf(await history()),
    batches: async (signal) => (await import('./batches.ts')).listBatches(context, signal),
    cancelBatch: async (id) => (await import('./batches.ts')).cancelBatch(context, id),
    adopt: async (name, file) => (await import('./adopt.ts')).adopt(context, { name, file }),
    pick: async (name, number) => (await import('./pick.ts')).pick(context, { name, number }),
    earlier: async (name) => (await import('./restore.ts')).listEarlier(context, name),
    restore: async (name, which) =>
      (await import('./restore.ts')).restore(context, { name, which }),
    previewEdit: async (name, edit) =>
      (await import('./edit-asset.ts')).previewEdit(context, { name, edit }),
    edit: async (name, edit, digest) =>
      (await import('./edit-asset.ts')).writeEdit(context, { name, edit, digest }),
    prepareImport: async (options) =>
      (await import('./import/import.ts')).prepareImport(context, options),
    prepareMigration: async (signal) =>
      (await import('./migrate/migrate.ts')).prepareMigration(context, signal),
    previewAdd: async (asset) => (await import('./add-asset.ts')).previewAdd(context, asset),
    add: async (asset, digest) => (await import('./add-asset.ts')).writeAdd(context, asset, digest),
    choose: async (name, which) => (await import('./choose.ts')).choose(context, { name, which }),
    setMask: async (name, png) => (await import('./set-mask.ts')).setMask(context, { name, png }),
    priceVariants: async (name, variants) =>
      (await import('./variants.ts')).priceVariants(context, { name, variants }),
    compareVariants: async (name, variants, options) =>
      (await import('./variants.ts')).compareVariants(context, { name, variants, ...options }),
    describe: async (options) =>
      (await import('./describe/describe.ts')).describe(context, options),
    confirmAlts: async (names) =>
      (await import('./describe/confirm-alts.ts')).confirmAlts(context, names),
    pin: async (name, pinned) => (await import('./pin.ts')).pin(context, { name, pinned }),
    rename: async (from, to, onEvent) =>
      (await import('./rename.ts')).rename(context, { from, to, onEvent }),
    cache: remoteCache(context),
    prune: async (options) => (await import('./prune.ts')).prune(context, options),
    grants: async () => (await import('./trust.ts')).listGrants(context),
    trustNeeds: async () => (await import('./trust-needs.ts')).listNeeds(context),
    grant: async (grants) => (await import('./trust.ts')).addGrants(context, grants),
    revoke: async (grants) => (await import('./trust.ts')).removeGrants(context, grants),
  }
}
