import type { JSX } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { Button } from '../controls/button.tsx'
import { Icon } from '../controls/icon.tsx'
import { Menu } from '../controls/menu.tsx'
import {
  clearFilters,
  facets,
  type Grouping,
  groupings,
  hasFilters,
  type SortOrder,
  sortOrders,
} from '../store/filters.ts'
import { cellWidths } from '../store/preferences.ts'
import { useStore, useText } from '../store/store.ts'
import { FilterMenu } from './filter-menu.tsx'

/** Search, filters, order and size of the grid. */
export function GridToolbar(): JSX.Element {
  const { grid } = useStore()
  const text = useText()
  const { filters } = grid
  return (
    <div class="toolbar" role="search" aria-label={text.grid.toolbar}>
      <Search />
      <div class="toolbar-filters">
        {facets.map((facet) => (
          <FilterMenu facet={facet} key={facet} />
        ))}
        {hasFilters(filters.value) ? (
          <Button
            look="plain"
            icon="close"
            onClick={() => (filters.value = clearFilters(filters.value))}
          >
            {text.grid.clearFilters}
          </Button>
        ) : null}
      </div>
      <div class="toolbar-end">
        <Arrangement />
        <SizeButtons />
      </div>
    </div>
  )
}

function Search(): JSX.Element {
  const { grid } = useStore()
  const text = useText()
  const input = useRef<HTMLInputElement>(null)
  // Before the first paint: `/` in another view shows this one and then asks for the focus.
  useLayoutEffect(() => {
    const focus = () => input.current?.select()
    addEventListener('limn:search', focus)
    return () => removeEventListener('limn:search', focus)
  }, [])
  const set = (query: string) => (grid.filters.value = { ...grid.filters.value, query })
  return (
    <div class="search">
      <Icon name="search" />
      <input
        ref={input}
        class="field"
        type="search"
        placeholder={text.grid.search}
        aria-label={text.grid.search}
        value={grid.filters.value.query}
        onInput={(event) => set(event.currentTarget.value)}
        onKeyDown={(event) => {
          // Enter also ends the input of Chinese.
          if (event.isComposing) return
          if (event.key === 'Escape') set('')
          if (event.key !== 'ArrowDown' && event.key !== 'Enter') return
          event.preventDefault()
          document.querySelector<HTMLElement>('.card-link[tabindex="0"]')?.focus()
        }}
      />
      <kbd aria-hidden="true">/</kbd>
    </div>
  )
}

/** Order and grouping. */
function Arrangement(): JSX.Element {
  const { grid } = useStore()
  const text = useText()
  const { filters } = grid
  const { sort, group } = filters.value
  return (
    <Menu name={text.grid.arrange} label={text.sorts[sort]} icon="sort" isAtEnd>
      <div class="menu-options">
        <Choice
          name={text.grid.sortBy}
          values={sortOrders}
          chosen={sort}
          labels={text.sorts}
          onChoose={(value: SortOrder) => (filters.value = { ...filters.value, sort: value })}
        />
        <Choice
          name={text.grid.groupBy}
          values={groupings}
          chosen={group}
          labels={text.groupings}
          onChoose={(value: Grouping) => (filters.value = { ...filters.value, group: value })}
        />
      </div>
    </Menu>
  )
}

type ChoiceOptions<T extends string> = {
  name: string
  values: readonly T[]
  chosen: T
  labels: Readonly<Record<T, string>>
  onChoose: (value: T) => void
}

function Choice<T extends string>(options: ChoiceOptions<T>): JSX.Element {
  return (
    <fieldset class="choice">
      <legend>{options.name}</legend>
      {options.values.map((value) => (
        <label class="option" key={value}>
          <input
            class="check"
            type="radio"
            name={options.name}
            checked={value === options.chosen}
            onChange={() => options.onChoose(value)}
          />
          <span class="option-label">{options.labels[value]}</span>
        </label>
      ))}
    </fieldset>
  )
}

/** Smaller and larger pictures. */
function SizeButtons(): JSX.Element {
  const { preferences } = useStore()
  const text = useText()
  const index = cellWidths.findIndex((width) => width === preferences.cellWidth.value)
  const set = (next: number) => (preferences.cellWidth.value = cellWidths[next] ?? cellWidths[1])
  return (
    <div class="sizes" role="group" aria-label={text.grid.size}>
      <Button
        look="plain"
        icon="minus"
        label={text.grid.smaller}
        disabled={index === 0}
        onClick={() => set(index - 1)}
      />
      <Button
        look="plain"
        icon="plus"
        label={text.grid.larger}
        disabled={index === cellWidths.length - 1}
        onClick={() => set(index + 1)}
      />
    </div>
  )
}
