import type { JSX } from 'preact'
import { Button } from '../controls/button.tsx'
import { Placeholder } from '../controls/placeholder.tsx'
import { assetStatuses } from '../store/asset-status.ts'
import { clearFilters, hasFilters } from '../store/filters.ts'
import { useMoney, useStore, useText } from '../store/store.ts'
import { AssetGrid } from './asset-grid.tsx'
import { GridToolbar } from './grid-toolbar.tsx'
import { SelectionBar } from './selection-bar.tsx'
import './grid.css'

/** The first view: every picture of the project. */
export function GridPage(): JSX.Element {
  const { sheet, grid } = useStore()
  const text = useText()
  const all = sheet.value?.assets.length ?? 0
  const shown = grid.groups.value.reduce((sum, { assets }) => sum + assets.length, 0)
  return (
    <main class="grid-page">
      <h1 class="hidden">{text.nav.pictures}</h1>
      <GridToolbar />
      <Summary shown={shown} />
      <p class="hidden" role="status">
        {text.grid.shown(shown, all)}
      </p>
      {shown === 0 ? <NothingShown isEmpty={all === 0} /> : <AssetGrid />}
      <SelectionBar />
    </main>
  )
}

/** How many pictures have each status, and what a run would cost. */
function Summary({ shown }: { shown: number }): JSX.Element {
  const { sheet, canAct, dialog, run } = useStore()
  const text = useText()
  const money = useMoney()
  const all = sheet.value?.assets ?? []
  const open = all.filter(({ need }) => need === 'run').length
  const planUsd = sheet.value?.planUsd ?? null
  return (
    <div class="summary">
      <p class="summary-count">{text.grid.shown(shown, all.length)}</p>
      <StatusChips />
      {open === 0 || !canAct.value || run.value !== null ? null : (
        <Button
          look="primary"
          onClick={() => (dialog.value = { kind: 'generate', names: null, force: false })}
        >
          {text.grid.generateAll(open, planUsd === 0 ? text.free : money(planUsd))}
        </Button>
      )}
    </div>
  )
}

/** Statuses other than fresh, with counts: a click shows only those. */
function StatusChips(): JSX.Element {
  const { sheet, grid } = useStore()
  const text = useText()
  const { filters } = grid
  const countByStatus = new Map<string, number>()
  for (const asset of sheet.value?.assets ?? []) {
    const status = grid.statusOf.value(asset)
    countByStatus.set(status, (countByStatus.get(status) ?? 0) + 1)
  }
  const chosen = filters.value.chosen.status
  return (
    <ul class="chips" aria-label={text.facets.status}>
      {assetStatuses
        .filter((status) => countByStatus.has(status))
        .map((status) => (
          <li key={status}>
            <button
              type="button"
              class={`chip status-${status}`}
              aria-pressed={chosen.length === 1 && chosen[0] === status}
              onClick={() => {
                const isOnly = chosen.length === 1 && chosen[0] === status
                filters.value = {
                  ...filters.value,
                  chosen: { ...filters.value.chosen, status: isOnly ? [] : [status] },
                }
              }}
            >
              <span class="chip-dot" />
              <span class="chip-count">{countByStatus.get(status)?.toLocaleString()}</span>
              <span class="chip-name">{text.states[status]}</span>
            </button>
          </li>
        ))}
    </ul>
  )
}

function NothingShown({ isEmpty }: { isEmpty: boolean }): JSX.Element {
  const { grid, sheet } = useStore()
  const text = useText()
  const { filters } = grid
  if (isEmpty) {
    return (
      <Placeholder icon="picture" title={text.grid.emptyTitle}>
        <p>{text.grid.emptyHint(sheet.value?.manifest ?? 'images.yaml')}</p>
      </Placeholder>
    )
  }
  return (
    <Placeholder icon="search" title={text.grid.noMatchTitle}>
      <p>{text.grid.noMatchHint}</p>
      {hasFilters(filters.value) ? (
        <Button onClick={() => (filters.value = clearFilters(filters.value))}>
          {text.grid.clearFilters}
        </Button>
      ) : null}
    </Placeholder>
  )
}
