import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals'
import { statusOf } from './asset-status.ts'
import {
  type AssetGroup,
  createNameOrder,
  filterAssets,
  type Filters,
  groupAssets,
  noFilters,
  sortAssets,
  type StatusOf,
} from './filters.ts'
import { createPictureLoads, type PictureLoads } from './picture-loads.ts'
import type { SheetStore } from './sheet-store.ts'

/** What the grid shows, and what a person has chosen in it. Outlives the view of the grid. */
export type GridStore = {
  filters: Signal<Filters>
  /** Names of the selected assets. */
  selection: Signal<ReadonlySet<string>>
  /** Name of the asset that has the focus, or had it last. */
  focused: Signal<string | null>
  /** How far the grid is scrolled, px. */
  scrollTop: { current: number }
  /** When its pictures are requested. */
  loads: PictureLoads
  /** Status of an asset, with what the current run does for it. */
  statusOf: ReadonlySignal<StatusOf>
  groups: ReadonlySignal<AssetGroup[]>
  /** Names of the assets in the order of the grid: for the next and the previous one. */
  order: ReadonlySignal<readonly string[]>
}

/** Creates the store of the grid. */
export function createGridStore({ sheet, runAssetByName }: SheetStore): GridStore {
  const filters = signal<Filters>(noFilters)
  const status = computed<StatusOf>(() => {
    const runAssets = runAssetByName.value
    return (asset) => statusOf(asset, runAssets.get(asset.name))
  })
  const sortByName = createNameOrder()
  const byName = computed(() => sortByName(sheet.value?.assets ?? []))
  // Depends on the run only if a filter, the order or the groups look at the status.
  const statusNow: StatusOf = (asset) => status.value(asset)
  const groups = computed(() => {
    const { sort, group } = filters.value
    const matching = filterAssets(byName.value, filters.value, { statusOf: statusNow })
    return groupAssets(sortAssets(matching, sort, statusNow), group, statusNow)
  })
  return {
    filters,
    selection: signal<ReadonlySet<string>>(new Set()),
    focused: signal<string | null>(null),
    scrollTop: { current: 0 },
    loads: createPictureLoads(),
    statusOf: status,
    groups,
    order: computed(() => groups.value.flatMap(({ assets }) => assets.map(({ name }) => name))),
  }
}
