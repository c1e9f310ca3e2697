import type { Asset } from '@limn/core'
import { indexEntries } from '@limn/core/for-vite'
import { expect, it } from 'vitest'
import { renderBuildIndex } from './index-module.ts'

const named = (...names: string[]): Asset[] =>
  names.map((name) => ({ name, family: null }) as Asset)

it('exports an image by its own name and in camel case', () => {
  expect(renderBuildIndex(indexEntries(named('hero', 'product/mug-red')))).toBe(
    'export { default as hero } from "virtual:limn/hero"\nexport { default as productMugRed, default as "product/mug-red" } from "virtual:limn/product/mug-red"\n',
  )
})
