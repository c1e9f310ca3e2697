import { batch, effect, type Signal } from '@preact/signals'
import { formatFilters, parseFilters } from './filters-address.ts'
import type { Filters } from './filters.ts'
import { parseRoute, type Route } from './route.ts'

/** The state that the address of the page contains. */
type Addressed = { route: Signal<Route>; filters: Signal<Filters> }

/**
 * Keeps the route, the filters of the grid and the address the same, so that they survive a reload
 * and can be sent. An address without filters leaves them as they are.
 *
 * @param onMove called when a person goes to another address
 */
export function followAddress({ route, filters }: Addressed, onMove: () => void): void {
  const read = (): void => {
    batch(() => {
      filters.value = parseFilters(location.hash) ?? filters.value
      route.value = parseRoute(location.hash)
    })
  }
  read()
  addEventListener('hashchange', () => {
    read()
    onMove()
  })
  effect(() => {
    const fragment = formatFilters(filters.value)
    if (route.value.view !== 'grid' || location.hash === fragment) return
    try {
      history.replaceState(null, '', fragment)
    } catch {
      // A report in a sandboxed frame cannot change its address: the filters work without.
    }
  })
}
