import { assetStatuses } from './asset-status.ts'
import { facets, type Filters, groupings, noFilters, sortOrders } from './filters.ts'

/** Returns the fragment of the grid with its filters: `#/?q=lamp&status=stale`. */
export function formatFilters({ query, chosen, sort, group }: Filters): string {
  const values = new URLSearchParams()
  if (query.trim() !== '') values.set('q', query)
  for (const facet of facets) for (const value of chosen[facet]) values.append(facet, value)
  if (sort !== noFilters.sort) values.set('sort', sort)
  if (group !== noFilters.group) values.set('group', group)
  return values.size === 0 ? '#/' : `#/?${values}`
}

/** Returns the filters of a fragment; `null` if it has none. Ignores what it does not know. */
export function parseFilters(fragment: string): Filters | null {
  if (!fragment.startsWith('#/?')) return null
  const values = new URLSearchParams(fragment.slice(3))
  return {
    query: values.get('q') ?? '',
    chosen: {
      status: assetStatuses.filter((status) => values.getAll('status').includes(status)),
      folder: values.getAll('folder'),
      model: values.getAll('model'),
      preset: values.getAll('preset'),
      style: values.getAll('style'),
    },
    sort: sortOrders.find((each) => each === values.get('sort')) ?? noFilters.sort,
    group: groupings.find((each) => each === values.get('group')) ?? noFilters.group,
  }
}
