import type { Asset } from '../manifest/manifest.ts'
import type { PriceBreakdown } from '../models/cost.ts'
import { type OwnModels, priceSource } from '../models/models.ts'
import type { GenerateStep } from './causes.ts'
import type { CostGroup } from './cost-groups.ts'
import { groupBy } from './group-by.ts'
import type { Plan } from './plan.ts'
import { explainAssetPrice } from './price.ts'

/** What the pictures of one asset cost, and why. Plain data; prices in USD. */
export type CostLine = {
  asset: string
  model: string
  /** `WIDTHxHEIGHT`, px. */
  size: string
  /** As the request names it: `auto` leaves it to the model. */
  quality: string
  /** Number of pictures, candidates included. */
  pictures: number
  /** The most that all pictures cost; `null` if the price is unknown. */
  usd: number | null
  /** What they probably cost. */
  likelyUsd: number | null
  /** How the price of one picture is computed. */
  each: PriceBreakdown
  /** Where the price comes from; `date` is the day on which it was compared. */
  source: { name: string; date?: string } | null
}

/** Requests that have something in common, and what they cost at most. */
export type CostTotal = {
  name: string
  assets: string[]
  pictures: number
  usd: number
  unknownPrices: number
}

/** The cost of a plan, picture by picture. Plain data; prices in USD. */
export type CostExplanation = {
  lines: CostLine[]
  byModel: CostTotal[]
  /** By the part of a name before its last `/`. */
  byFolder: CostTotal[]
  byCause: CostTotal[]
  /** What all pictures probably cost, USD, without those whose price is unknown. */
  likelyUsd: number
}

/** What an explanation depends on. */
type CostContext = { assets: readonly Asset[]; models: OwnModels; manifestFile: string }

/** Explains what the requests of a plan cost. */
export function explainCost(
  { steps }: Pick<Plan, 'steps'>,
  groups: readonly CostGroup[],
  context: CostContext,
): CostExplanation {
  const requested = steps.filter((step) => step.kind === 'generate')
  const names = new Set(requested.map(({ asset }) => asset))
  const assetByName = new Map(
    context.assets.flatMap((asset) => (names.has(asset.name) ? [[asset.name, asset]] : [])),
  )
  const lines = requested.flatMap((step) => {
    const asset = assetByName.get(step.asset)
    return asset === undefined ? [] : [lineOf(step, asset, context)]
  })
  return {
    lines,
    byModel: totalsBy(lines, ({ model }) => model),
    byFolder: totalsBy(lines, ({ asset }) => folderOf(asset)),
    byCause: groups.map(({ cause: name, assets, pictures, usd, unknownPrices }) => ({
      name,
      assets,
      pictures,
      usd,
      unknownPrices,
    })),
    likelyUsd: lines.reduce((sum, { likelyUsd }) => sum + (likelyUsd ?? 0), 0),
  }
}

function lineOf(step: GenerateStep, asset: Asset, { models, manifestFile }: CostContext): CostLine {
  const { model, size, quality } = step.request
  // The request may have the size of the master that it replaces.
  const each = explainAssetPrice({ ...asset, size }, models, { batch: step.batch === true })
  const { usd, images, attempts = 1 } = step
  const share = usd === null || each.usd === null || each.usd === 0 ? null : usd / each.usd
  return {
    asset: step.asset,
    model,
    size,
    quality,
    pictures: images,
    usd,
    likelyUsd:
      usd === null || each.likelyUsd === null
        ? null
        : (each.likelyUsd * (share ?? images)) / attempts,
    each,
    source: sourceOf(model, { each, models, manifestFile }),
  }
}

function sourceOf(
  model: string,
  {
    each,
    models,
    manifestFile,
  }: Pick<CostContext, 'models' | 'manifestFile'> & { each: PriceBreakdown },
): CostLine['source'] {
  if (each.rule === 'unknown') return null
  if (each.rule === 'free') return { name: 'drawn on this machine' }
  const isOwn = Object.hasOwn(models, model) && each.rule === 'picture' && each.quality === null
  return isOwn ? { name: manifestFile } : { ...priceSource }
}

function folderOf(asset: string): string {
  const slash = asset.lastIndexOf('/')
  return slash === -1 ? '.' : asset.slice(0, slash)
}

function totalsBy(lines: readonly CostLine[], keyOf: (line: CostLine) => string): CostTotal[] {
  return [...groupBy(lines, keyOf)]
    .map(([name, each]) => ({
      name,
      assets: each.map(({ asset }) => asset),
      pictures: each.reduce((sum, { pictures }) => sum + pictures, 0),
      usd: each.reduce((sum, { usd }) => sum + (usd ?? 0), 0),
      unknownPrices: each.filter(({ usd }) => usd === null).length,
    }))
    .sort((a, b) => b.usd - a.usd)
}
