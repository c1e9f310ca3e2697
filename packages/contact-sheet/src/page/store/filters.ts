import type { SheetAsset } from '../../protocol.ts'
import { type AssetStatus, assetStatuses, folderOf } from './asset-status.ts'

/** The properties by which a person filters. */
export const facets = ['status', 'folder', 'model', 'preset', 'style'] as const
export type Facet = (typeof facets)[number]

export const sortOrders = ['name', 'status', 'cost', 'model'] as const
export type SortOrder = (typeof sortOrders)[number]

export const groupings = ['none', 'folder', 'status', 'model'] as const
export type Grouping = (typeof groupings)[number]

/** What of the sheet the grid shows, and how. */
export type Filters = {
  /** Words that must all occur in what is known of an asset. */
  query: string
  /** Chosen values by facet. None chosen means all. */
  chosen: Readonly<Record<Facet, readonly string[]>>
  sort: SortOrder
  group: Grouping
}

export const noFilters: Filters = {
  query: '',
  chosen: { status: [], folder: [], model: [], preset: [], style: [] },
  sort: 'name',
  group: 'folder',
}

/** Returns the status of an asset, with what a run does for it. */
export type StatusOf = (asset: SheetAsset) => AssetStatus

/** Returns the values of a facet that an asset has. */
function valuesOf(asset: SheetAsset, facet: Facet, statusOf: StatusOf): readonly string[] {
  switch (facet) {
    case 'status':
      return [statusOf(asset)]
    case 'folder':
      return [folderOf(asset.name)]
    case 'model':
      return [asset.model]
    case 'preset':
      return asset.presets
    case 'style':
      return asset.styles
  }
}

/** Whether anything is filtered out. */
export function hasFilters({ query, chosen }: Filters): boolean {
  return query.trim() !== '' || facets.some((facet) => chosen[facet].length > 0)
}

/** Returns filters that filter nothing out, in the same order and groups. */
export function clearFilters({ sort, group }: Filters): Filters {
  return { ...noFilters, sort, group }
}

/** Returns filters with one value of a facet chosen, or no longer chosen. */
export function toggleValue(filters: Filters, facet: Facet, value: string): Filters {
  const values = filters.chosen[facet]
  const next = values.includes(value) ? values.filter((each) => each !== value) : [...values, value]
  return { ...filters, chosen: { ...filters.chosen, [facet]: next } }
}

/** Text of an asset that a search looks at, in lower case. Kept as long as the asset is. */
const searchTexts = new WeakMap<SheetAsset, string>()

function searchTextOf(asset: SheetAsset): string {
  const known = searchTexts.get(asset)
  if (known !== undefined) return known
  const { name, alt, why, state, model, quality, presets, styles } = asset
  const text = [name, alt, why, state, model, quality, ...presets, ...styles]
    .join('\n')
    .toLocaleLowerCase()
  searchTexts.set(asset, text)
  return text
}

/** Returns the assets that match the filters, in their order. `except` ignores one facet. */
export function filterAssets(
  assets: readonly SheetAsset[],
  filters: Filters,
  { statusOf, except }: { statusOf: StatusOf; except?: Facet },
): SheetAsset[] {
  const words = filters.query.toLocaleLowerCase().split(/\s+/).filter(Boolean)
  const chosen = facets.filter((facet) => facet !== except && filters.chosen[facet].length > 0)
  return assets.filter(
    (asset) =>
      words.every((word) => searchTextOf(asset).includes(word)) &&
      chosen.every((facet) =>
        valuesOf(asset, facet, statusOf).some((value) => filters.chosen[facet].includes(value)),
      ),
  )
}

/** Returns the values of a facet among the assets that match all other filters, with counts. */
export function countValues(
  assets: readonly SheetAsset[],
  facet: Facet,
  { filters, statusOf }: { filters: Filters; statusOf: StatusOf },
): { value: string; count: number }[] {
  const countByValue = new Map<string, number>(filters.chosen[facet].map((value) => [value, 0]))
  for (const asset of filterAssets(assets, filters, { statusOf, except: facet })) {
    for (const value of valuesOf(asset, facet, statusOf)) {
      countByValue.set(value, (countByValue.get(value) ?? 0) + 1)
    }
  }
  const counts = [...countByValue].map(([value, count]) => ({ value, count }))
  return counts.sort((a, b) =>
    facet === 'status' ? rankOf(a.value) - rankOf(b.value) : compareText(a.value, b.value),
  )
}

function rankOf(status: string): number {
  return (assetStatuses as readonly string[]).indexOf(status)
}

const collator = new Intl.Collator('en', { numeric: true })

/** Compares texts as people sort them: `mug-2` before `mug-10`. */
function compareText(a: string, b: string): number {
  return collator.compare(a, b)
}

/**
 * Creates a function that sorts assets by name. It sorts again only if it meets new names:
 * comparing names takes long, and a run changes assets many times a second.
 */
export function createNameOrder(): (assets: readonly SheetAsset[]) => SheetAsset[] {
  let rankByName = new Map<string, number>()
  return (assets) => {
    if (!assets.every(({ name }) => rankByName.has(name))) {
      const names = assets.map(({ name }) => name).sort(compareText)
      rankByName = new Map(names.map((name, rank) => [name, rank]))
    }
    const sorted: SheetAsset[] = []
    for (const asset of assets) sorted[rankByName.get(asset.name)!] = asset
    return sorted.filter(Boolean)
  }
}

/** Returns assets in an order. Those that are equal in it stay as they are. */
export function sortAssets(
  assets: readonly SheetAsset[],
  order: SortOrder,
  statusOf: StatusOf,
): SheetAsset[] {
  if (order === 'name') return [...assets]
  const keyOf: Record<Exclude<SortOrder, 'name'>, (asset: SheetAsset) => number | string> = {
    status: (asset) => rankOf(statusOf(asset)),
    // The most expensive first; unknown prices last.
    cost: ({ usd }) => -(usd ?? -1),
    model: ({ model }) => model,
  }
  return assets
    .map((asset) => ({ asset, key: keyOf[order](asset) }))
    .sort((a, b) => compareKeys(a.key, b.key))
    .map(({ asset }) => asset)
}

function compareKeys(a: number | string, b: number | string): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : compareText(String(a), String(b))
}

/** A part of the grid below one heading. */
export type AssetGroup = { key: string; assets: SheetAsset[] }

/** Splits sorted assets into groups; one without a name if they are not grouped. */
export function groupAssets(
  assets: readonly SheetAsset[],
  grouping: Grouping,
  statusOf: StatusOf,
): AssetGroup[] {
  if (grouping === 'none') return assets.length === 0 ? [] : [{ key: '', assets: [...assets] }]
  const assetsByKey = new Map<string, SheetAsset[]>()
  for (const asset of assets) {
    const key = valuesOf(asset, grouping, statusOf)[0] ?? ''
    const group = assetsByKey.get(key)
    if (group === undefined) assetsByKey.set(key, [asset])
    else group.push(asset)
  }
  const groups = [...assetsByKey].map(([key, group]) => ({ key, assets: group }))
  return groups.sort((a, b) =>
    grouping === 'status' ? rankOf(a.key) - rankOf(b.key) : compareText(a.key, b.key),
  )
}
