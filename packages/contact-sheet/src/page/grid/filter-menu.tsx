import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { Menu } from '../controls/menu.tsx'
import { Status } from '../controls/status.tsx'
import type { AssetStatus } from '../store/asset-status.ts'
import { countValues, type Facet, toggleValue } from '../store/filters.ts'
import { useStore, useText } from '../store/store.ts'

/** From this many values on, a menu has a search. */
const MANY = 12

/** Longest list that a menu shows: a project may have thousands of folders. */
const SHOWN = 200

/** Filters by one property. Shows how many pictures have each value. */
export function FilterMenu({ facet }: { facet: Facet }): JSX.Element {
  const { grid } = useStore()
  const text = useText()
  const chosen = grid.filters.value.chosen[facet]
  const name = text.facets[facet]
  const only = chosen.length === 1 ? chosen[0] : undefined
  return (
    <Menu
      name={name}
      isActive={chosen.length > 0}
      label={
        only === undefined
          ? `${name}${chosen.length > 1 ? ` · ${chosen.length}` : ''}`
          : `${name}: ${labelOf(text, facet, only)}`
      }
    >
      <FilterOptions facet={facet} />
    </Menu>
  )
}

function labelOf(text: ReturnType<typeof useText>, facet: Facet, value: string): string {
  if (facet === 'status') return text.states[value as AssetStatus]
  return value === '' ? text.grid.noFolder : value
}

function FilterOptions({ facet }: { facet: Facet }): JSX.Element {
  const { grid, sheet } = useStore()
  const text = useText()
  const [query, setQuery] = useState('')
  const filters = grid.filters.value
  const counts = countValues(sheet.value?.assets ?? [], facet, {
    filters,
    statusOf: grid.statusOf.value,
  })
  const shown = counts.filter(({ value }) =>
    labelOf(text, facet, value).toLowerCase().includes(query.toLowerCase()),
  )
  return (
    <>
      {counts.length < MANY ? null : (
        <input
          class="field menu-search"
          type="search"
          placeholder={text.grid.searchValues}
          aria-label={text.grid.searchValues}
          value={query}
          onInput={(event) => setQuery(event.currentTarget.value)}
        />
      )}
      <div class="menu-options">
        {shown.slice(0, SHOWN).map(({ value, count }) => (
          <label class="option" key={value}>
            <input
              class="check"
              type="checkbox"
              checked={filters.chosen[facet].includes(value)}
              onChange={() => (grid.filters.value = toggleValue(filters, facet, value))}
            />
            <span class="option-label">
              {facet === 'status' ? (
                <Status status={value as AssetStatus} />
              ) : (
                labelOf(text, facet, value)
              )}
            </span>
            <span class="option-count">{count.toLocaleString()}</span>
          </label>
        ))}
        {shown.length > SHOWN ? (
          <p class="menu-empty">{text.run.more(shown.length - SHOWN)}</p>
        ) : null}
        {shown.length === 0 ? <p class="menu-empty">{text.grid.nothingHere}</p> : null}
      </div>
    </>
  )
}
