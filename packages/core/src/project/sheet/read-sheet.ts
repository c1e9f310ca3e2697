import { basename } from 'node:path'
import type { Mistake, Sheet, SheetAsset } from '@limn/contact-sheet'
import type { LockEntry } from '../../lock/lock.ts'
import type { Asset, Manifest } from '../../manifest/manifest.ts'
import { parseSize, type Size } from '../../models/size.ts'
import { explainStep } from '../../plan/describe-step.ts'
import type { Plan, Step } from '../../plan/plan.ts'
import { needOf, stateWord } from '../../plan/states.ts'
import { mainSteps, priceOfStep } from '../../plan/steps.ts'
import type { ProjectPaths } from '../../store/paths.ts'
import { limnVersion } from '../../version.ts'
import type { PlannedSnapshot } from '../project.ts'
import type { RequestFailure } from './runs.ts'
import { toSheetReasons } from './sheet-reasons.ts'
import { shownPicture } from './shown-picture.ts'

/** What a sheet shows in addition to the project's files and plan. */
export type SheetFacts = {
  paths: ProjectPaths
  /** What is wrong with the manifest now, if it could not be read. */
  mistakes: readonly Mistake[]
  /** USD, by all copies of the project in this calendar month. */
  spentThisMonth: number
  /** USD; `null` outside of a dev server. */
  devLeft: number | null
  /** Returns how the last request of an asset failed; `undefined` if it did not. */
  failureOf(asset: string): RequestFailure | undefined
}

/** Returns everything that the grid shows, from the last valid read of a project. */
export function createSheet(read: PlannedSnapshot | undefined, facts: SheetFacts): Sheet {
  const manifest = read?.snapshot.manifest
  return {
    project: basename(facts.paths.root),
    manifest: facts.paths.shownManifest,
    canAct: true,
    assets: read === undefined ? [] : createAssets(read, facts),
    mistakes: [...facts.mistakes],
    planUsd: read === undefined ? null : usdOfPlan(read.plan),
    budget: {
      run: manifest?.budget.run ?? null,
      month: manifest?.budget.month ?? null,
      spentThisMonth: facts.spentThisMonth,
      devLeft: facts.devLeft,
    },
    currency: currencyOf(manifest),
    version: limnVersion(),
  }
}

/** Returns the most that a plan costs, USD; `null` if a price is unknown. */
export function usdOfPlan({ usd, unknownPrices }: Plan): number | null {
  return unknownPrices > 0 ? null : usd
}

function currencyOf(manifest: Manifest | undefined): Sheet['currency'] {
  const currency = manifest?.currency ?? null
  return currency === null ? null : { code: currency.code, rate: currency.perUsd }
}

function createAssets({ plan, snapshot }: PlannedSnapshot, facts: SheetFacts): SheetAsset[] {
  const stepByAsset = stepsByAsset(plan)
  return snapshot.manifest.assets.map((asset) =>
    createAsset(asset, {
      step: stepByAsset.get(asset.name),
      entry: snapshot.lock.assets.get(asset.name),
      snapshot,
      failure: facts.failureOf(asset.name),
    }),
  )
}

/** Returns the step of each asset that has one, without `prune`. */
export function stepsByAsset({ steps }: Plan): Map<string, Step> {
  return mainSteps(steps)
}

type AssetFacts = Pick<PlannedSnapshot, 'snapshot'> & {
  step: Step | undefined
  entry: LockEntry | undefined
  failure: RequestFailure | undefined
}

/** Returns what the grid shows of one asset. */
export function createAsset(
  asset: Asset,
  { step, entry, snapshot, failure }: AssetFacts,
): SheetAsset {
  const { name, model, quality, outputs, alt } = asset
  const { width, height } = entry?.master ?? requestedSize(asset, step)
  const picture = shownPicture(asset, snapshot)
  const why = step === undefined ? '' : explainStep(step)
  // What failed may have been made since, or is no longer wanted.
  const lastFailure = step === undefined ? undefined : failure
  return {
    name,
    state: stateWord(step, entry?.master.state),
    need: step === undefined ? 'nothing' : needOf(step),
    why: [why, lastFailure?.message ?? ''].filter((text) => text !== '').join('; '),
    reasons: step === undefined ? [] : toSheetReasons(step.reasons),
    failure: lastFailure ?? null,
    model,
    quality,
    presets: [...new Set(outputs.map(({ preset }) => preset))],
    styles: stylesOf(asset),
    width,
    height,
    usd: entry === undefined ? null : costOf(entry),
    step: step === undefined ? null : { kind: step.kind, usd: priceOfStep(step) },
    picture: picture.version,
    isDraft: picture.kind === 'draft',
    alt,
    isPinned: entry?.master.state === 'pinned',
  }
}

/** Returns the names of the styles that a prompt has something of. */
function stylesOf({ promptOrigins }: Asset): string[] {
  const styles = promptOrigins.map(([style]) => style).filter((style) => style !== null)
  return [...new Set(styles)]
}

/** Returns what the master of a lock entry cost, USD; 0 for a person's own picture. */
function costOf({ request, made }: LockEntry): number | null {
  if (request.operation === 'source' || made.provider === 'adopted') return 0
  return made.usd ?? null
}

/** Returns the size in which a picture will be requested, which may depend on its input. */
function requestedSize({ size }: Asset, step: Step | undefined): Size {
  const requested = step?.kind === 'generate' || step?.kind === 'recover' ? step.request.size : size
  return parseSize(requested) ?? parseSize(size) ?? { width: 1, height: 1 }
}
