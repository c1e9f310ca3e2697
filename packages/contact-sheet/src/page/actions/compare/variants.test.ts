import { describe, expect, test } from 'vitest'
import type { AssetView } from '../../../protocol.ts'
import { findEqual, firstVariants, reduce } from './variants.ts'

function viewOf(model: string, quality: string, models: [string, string[]][]): AssetView {
  return {
    asset: { model, quality },
    editable: { prompt: 'A fox' },
    models: models.map(([id, names]) => ({
      id,
      qualities: names.map((name) => ({ name, usd: 0.01 })),
    })),
  } as AssetView
}

const gpt = viewOf('gpt', 'medium', [
  ['gpt', ['low', 'medium', 'high']],
  ['mini', ['low', 'medium']],
])

describe('firstVariants', () => {
  test.each([
    [gpt, [{}, { quality: 'high' }]],
    [viewOf('gpt', 'high', [['gpt', ['low', 'medium', 'high']]]), [{}, { quality: 'medium' }]],
    [
      viewOf('a', 'auto', [
        ['a', ['auto']],
        ['b', ['auto']],
      ]),
      [{}, { model: 'b' }],
    ],
    [viewOf('a', 'auto', [['a', ['auto']]]), [{}, {}]],
  ])('compares the manifest with another choice (%#)', (view, expected) => {
    expect(firstVariants(view)).toEqual(expected)
  })
})

describe('findEqual', () => {
  test.each([
    [[{}, { quality: 'high' }], null],
    [
      [{}, {}],
      [1, 2],
    ],
    [
      [{}, { quality: 'medium' }],
      [1, 2],
    ],
    [
      [{ model: 'mini' }, { quality: 'low' }, { model: 'mini', quality: 'medium' }],
      [1, 3],
    ],
    [[{ prompt: 'A fox' }, { prompt: 'A red fox' }], null],
    [
      [{ prompt: 'A fox' }, {}],
      [1, 2],
    ],
  ])('compares %j as they would be requested', (variants, expected) => {
    expect(findEqual(gpt, variants)).toEqual(expected)
  })
})

test('reduce leaves out what is as in the manifest', () => {
  expect(reduce({ model: '', quality: 'low', prompt: '' })).toEqual({ quality: 'low' })
})
