import { compareText } from '../digest.ts'
import type { Asset } from '../manifest/manifest.ts'
import { createPlan } from './create-plan.ts'
import type { Plan, PlanOptions, Step } from './plan.ts'
import { mainSteps, priceOfStep } from './steps.ts'

/** One part of a run that several machines share: `2/4`. */
export type Shard = {
  /** From 1. */
  index: number
  count: number
}

/** Assets that one shard has to do together. `usd` is what they cost at most. */
type Group = { name: string; assets: string[]; usd: number }

/**
 * Returns the names of the assets that belong to a shard. Each asset belongs to exactly one of the
 * `count` shards; an asset that the run generates belongs to the same one as the assets that are
 * made from it. Shards cost about the same.
 *
 * @param options The manifest and the lockfile as every shard has them at its start. What one
 *   machine has on its disk makes no difference, so that all machines split the run in the same
 *   way
 */
export function assetsOfShard(options: PlanOptions, { index, count }: Shard): ReadonlySet<string> {
  const { steps } = createPlan({ ...options, inventory: inventoryAsLocked(options) })
  const groups = groupAssets(options.manifest.assets, steps)
  const paid = groups.filter(({ usd }) => usd > 0)
  const free = groups.filter(({ usd }) => usd === 0)
  return new Set([
    ...deal(paid, count, ({ usd }) => usd)[index - 1]!,
    ...deal(free, count, ({ assets }) => assets.length)[index - 1]!,
  ])
}

/** Returns the inventory of a machine that has what the lockfile records, and nothing else. */
function inventoryAsLocked({ lock, inventory }: PlanOptions): PlanOptions['inventory'] {
  const { sentSizes: _, ...rest } = inventory
  // What another tool has not downloaded here may be on another machine.
  const sources = [...inventory.sources].map(
    ([path, { pointer: _pointer, ...fact }]) => [path, fact] as const,
  )
  const masters = [...lock.assets.values()].map(
    ({ master: { path, sha256, bytes } }) => [path, { sha256, bytes }] as const,
  )
  return {
    ...rest,
    masters: new Map(masters),
    sources: new Map(sources),
    links: new Set(),
    journal: new Map(),
    inBatch: new Map(),
    linked: new Map(),
    shelf: new Map(),
  }
}

/** Groups the assets that have to be done together. Sorted by the name of the first asset. */
function groupAssets(assets: readonly Asset[], steps: readonly Step[]): Group[] {
  const stepByAsset = mainSteps(steps)
  const parentOf = new Map(assets.map(({ name }) => [name, name]))
  const rootOf = (name: string): string => {
    let root = name
    while (parentOf.get(root) !== root) root = parentOf.get(root)!
    parentOf.set(name, root)
    return root
  }
  for (const { name, inputs } of assets) {
    for (const { kind, target } of inputs) {
      // A picture that is up to date is on every machine.
      if (kind === 'asset' && isReplaced(stepByAsset.get(target))) {
        parentOf.set(rootOf(name), rootOf(target))
      }
    }
  }
  const groupByRoot = new Map<string, Group>()
  const price = priceOf(steps)
  for (const { name } of assets) {
    const root = rootOf(name)
    const group = groupByRoot.get(root) ?? { name, assets: [], usd: 0 }
    group.assets.push(name)
    group.usd += price(stepByAsset.get(name))
    groupByRoot.set(root, group)
  }
  return [...groupByRoot.values()].sort((a, b) => compareText(a.name, b.name))
}

function isReplaced(step: Step | undefined): boolean {
  return step?.kind === 'generate' || step?.kind === 'move'
}

/** Returns the price of a step, USD. An unknown one counts as the mean of the others. */
function priceOf(steps: readonly Step[]): (step: Step | undefined) => number {
  const prices = steps.flatMap((step) =>
    step.kind === 'generate' && step.usd !== null ? [step.usd] : [],
  )
  const mean = prices.reduce((sum, usd) => sum + usd, 0) / prices.length || 1
  return (step) => (step?.kind === 'generate' ? (step.usd ?? mean) : 0)
}

/** Deals groups to shards, the heaviest first, each to the shard that has the least. */
function deal(
  groups: readonly Group[],
  count: number,
  weigh: (group: Group) => number,
): string[][] {
  const shards = Array.from({ length: count }, () => ({ assets: [] as string[], weight: 0 }))
  for (const group of groups.toSorted((a, b) => weigh(b) - weigh(a))) {
    const lightest = shards.reduce((least, shard) => (shard.weight < least.weight ? shard : least))
    lightest.assets.push(...group.assets)
    lightest.weight += weigh(group)
  }
  return shards.map(({ assets }) => assets)
}

/**
 * Returns the part of a plan that belongs to a shard. Leaves out steps whose inputs another shard
 * still has to make: a run after the merge executes them.
 *
 * @param own the assets of the shard that the plan covers
 */
export function selectShard(plan: Plan, own: ReadonlySet<string>): Plan {
  const steps = plan.steps.filter(
    (step) => step.kind !== 'prune' && own.has(step.asset) && !waitsForOthers(step, own),
  )
  const prices = steps.map(priceOfStep)
  const kept = new Set(steps.map(({ asset }) => asset))
  const waiting = plan.steps.filter((step) => own.has(step.asset) && waitsForOthers(step, own))
  return {
    ...plan,
    steps,
    unchanged: own.size - kept.size - waiting.length,
    usd: prices.reduce<number>((sum, usd) => sum + (usd ?? 0), 0),
    unknownPrices: prices.filter((usd) => usd === null).length,
    notes: plan.notes.filter(({ asset }) => kept.has(asset)),
  }
}

function waitsForOthers(step: Step, own: ReadonlySet<string>): boolean {
  return step.kind === 'generate' && step.waitsFor?.some((name) => !own.has(name)) === true
}
