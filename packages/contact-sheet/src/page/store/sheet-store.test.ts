import { describe, expect, it } from 'vitest'
import type { Sheet } from '../../protocol.ts'
import { applyChange } from './sheet-store.ts'
import { createAsset } from './testing.ts'

const rest: Omit<Sheet, 'assets'> = {
  project: 'p',
  manifest: 'images.yaml',
  canAct: true,
  mistakes: [],
  planUsd: 0,
  budget: { run: null, month: null, spentThisMonth: 0, devLeft: null },
  currency: null,
  version: '1',
}
const sheet: Sheet = { ...rest, assets: ['a', 'c', 'e'].map((name) => createAsset(name)) }
const change = (assets: string[], gone: string[]) =>
  applyChange(sheet, {
    type: 'changed',
    sheet: { ...rest, planUsd: 1 },
    assets: assets.map((name) => createAsset(name, { why: 'new' })),
    gone,
  })

describe('applyChange', () => {
  it.each([
    [['c'], [], ['a', 'c', 'e']],
    [['b', 'f'], [], ['a', 'b', 'c', 'e', 'f']],
    [[], ['a', 'unknown'], ['c', 'e']],
    [['d'], ['e'], ['a', 'c', 'd']],
  ])('merges %j and removes %j', (assets, gone, names) => {
    const changed = change(assets, gone)
    expect(changed.assets.map(({ name }) => name)).toEqual(names)
    expect(changed.planUsd).toBe(1)
    for (const { name, why } of changed.assets) expect(why).toBe(assets.includes(name) ? 'new' : '')
  })
})
