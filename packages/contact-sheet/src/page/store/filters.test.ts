import { describe, expect, it } from 'vitest'
import { statusOf } from './asset-status.ts'
import {
  countValues,
  createNameOrder,
  filterAssets,
  type Filters,
  groupAssets,
  hasFilters,
  noFilters,
  sortAssets,
  toggleValue,
} from './filters.ts'
import { createAsset } from './testing.ts'

const assets = [
  createAsset('hero', { alt: 'A lighthouse at DAWN', presets: ['og', 'card'], usd: null }),
  createAsset('product/mug-2', { styles: ['brand'], usd: 0.1, presets: ['card'] }),
  createAsset('product/mug-10', { state: 'stale', need: 'run', why: 'the prompt changed' }),
  createAsset('product/shelf/vase', { isPinned: true, model: 'local:painter', usd: 0 }),
  createAsset('海港', {
    alt: '日落时的海港',
    styles: ['brand', 'ink'],
    failure: { code: '', message: '' },
  }),
]
const namesOf = (list: readonly { name: string }[]) => list.map(({ name }) => name)
const find = (filters: Partial<Filters>) =>
  namesOf(filterAssets(assets, { ...noFilters, ...filters }, { statusOf }))

describe('filterAssets', () => {
  it.each([
    ['', 5],
    ['   ', 5],
    ['mug', 2],
    ['MUG prompt', 1],
    ['dawn lighthouse', 1],
    ['dawn mug', 0],
    ['日落', 1],
    ['local:', 1],
    ['.*', 0],
  ])('finds the words of %j', (query, count) => {
    expect(find({ query })).toHaveLength(count)
  })

  it('requires one of the values of each facet', () => {
    const chosen = { ...noFilters.chosen, style: ['brand', 'ink'] }
    expect(find({ chosen })).toEqual(['product/mug-2', '海港'])
    expect(find({ chosen: { ...chosen, status: ['failed'] } })).toEqual(['海港'])
    expect(find({ chosen: { ...chosen, folder: [''] } })).toEqual(['海港'])
    expect(find({ chosen: { ...chosen, preset: ['og'] } })).toEqual([])
  })
})

describe('toggleValue', () => {
  it('chooses a value, and no longer', () => {
    const once = toggleValue(noFilters, 'model', 'a')
    expect(once.chosen.model).toEqual(['a'])
    expect(hasFilters(once)).toBe(true)
    expect(toggleValue(once, 'model', 'a')).toEqual(noFilters)
    expect(hasFilters(noFilters)).toBe(false)
  })
})

describe('countValues', () => {
  it('counts among what the other filters leave, and keeps chosen values', () => {
    const filters = toggleValue(toggleValue(noFilters, 'folder', 'product'), 'style', 'gone')
    expect(countValues(assets, 'folder', { filters: noFilters, statusOf })).toEqual([
      { value: '', count: 2 },
      { value: 'product', count: 2 },
      { value: 'product/shelf', count: 1 },
    ])
    expect(countValues(assets, 'style', { filters, statusOf })).toEqual([
      { value: 'brand', count: 1 },
      { value: 'gone', count: 0 },
    ])
    expect(
      countValues(assets, 'status', { filters: noFilters, statusOf }).map(({ value }) => value),
    ).toEqual(['failed', 'stale', 'pinned', 'fresh'])
  })
})

describe('sortAssets', () => {
  it.each([
    ['status', ['海港', 'product/mug-10', 'product/shelf/vase', 'hero', 'product/mug-2']],
    ['cost', ['product/mug-2', 'product/mug-10', '海港', 'product/shelf/vase', 'hero']],
    ['model', ['product/shelf/vase', 'hero', 'product/mug-2', 'product/mug-10', '海港']],
  ] as const)('sorts by %s', (order, names) => {
    expect(namesOf(sortAssets(assets, order, statusOf))).toEqual(names)
  })
})

describe('createNameOrder', () => {
  it('sorts as people do, also when assets come, go and change', () => {
    const sortByName = createNameOrder()
    const [hero, mug2, mug10, vase] = assets
    expect(namesOf(sortByName(assets.toReversed()))).toEqual(namesOf(assets))
    expect(namesOf(sortByName([vase!, mug10!, mug2!]))).toEqual(namesOf([mug2!, mug10!, vase!]))
    const lamp = createAsset('product/lamp')
    expect(namesOf(sortByName([mug10!, lamp, hero!]))).toEqual([
      'hero',
      'product/lamp',
      'product/mug-10',
    ])
    const changed = { ...lamp, why: 'new' }
    expect(sortByName([hero!, changed])).toEqual([hero, changed])
    expect(sortByName([])).toEqual([])
  })
})

describe('groupAssets', () => {
  it.each([
    ['none', ['']],
    ['folder', ['', 'product', 'product/shelf']],
    ['status', ['failed', 'stale', 'pinned', 'fresh']],
    ['model', ['local:painter', 'openai:gpt-image-2']],
  ] as const)('groups by %s', (grouping, keys) => {
    const groups = groupAssets(assets, grouping, statusOf)
    expect(groups.map(({ key }) => key)).toEqual(keys)
    expect(groups.flatMap((group) => namesOf(group.assets)).sort()).toEqual(namesOf(assets).sort())
  })

  it('has no group without assets', () => {
    expect(groupAssets([], 'none', statusOf)).toEqual([])
    expect(groupAssets([], 'folder', statusOf)).toEqual([])
  })
})
