import { describe, expect, it } from 'vitest'
import { formatRoute, parseRoute, type Route } from './route.ts'

const routes: [Route, string][] = [
  [{ view: 'grid' }, '#/'],
  [{ view: 'costs' }, '#/costs'],
  [{ view: 'run' }, '#/run'],
  [{ view: 'asset', name: 'product/mug' }, '#/asset/product/mug'],
  [{ view: 'asset', name: 'a b?c#d%' }, '#/asset/a%20b%3Fc%23d%25'],
  [{ view: 'asset', name: '海港' }, '#/asset/%E6%B5%B7%E6%B8%AF'],
]

describe('route', () => {
  it.each(routes)('formats and parses %j', (route, fragment) => {
    expect(formatRoute(route)).toBe(fragment)
    expect(parseRoute(fragment)).toEqual(route)
  })

  it.each(['', '#', '#/else', '#/asset/', '#/asset/%E6', '#token=abc'])(
    'shows the grid for %j',
    (fragment) => {
      expect(parseRoute(fragment)).toEqual({ view: 'grid' })
    },
  )
})
