/** What the page shows. Each has an address in the fragment of the URL. */
export type Route =
  | { view: 'grid' }
  | { view: 'asset'; name: string }
  | { view: 'costs' }
  | { view: 'run' }

/** Returns the fragment of a route: `#/`, `#/asset/product/mug`, `#/costs`, `#/run`. */
export function formatRoute(route: Route): string {
  if (route.view === 'grid') return '#/'
  if (route.view !== 'asset') return `#/${route.view}`
  return `#/asset/${route.name.split('/').map(encodeURIComponent).join('/')}`
}

/** Returns the route of a fragment. Anything unknown is the grid. */
export function parseRoute(fragment: string): Route {
  if (fragment === '#/costs') return { view: 'costs' }
  if (fragment === '#/run') return { view: 'run' }
  const name = fragment.startsWith('#/asset/') ? decode(fragment.slice('#/asset/'.length)) : ''
  return name === '' ? { view: 'grid' } : { view: 'asset', name }
}

function decode(path: string): string {
  try {
    return path.split('/').map(decodeURIComponent).join('/')
  } catch {
    return ''
  }
}
