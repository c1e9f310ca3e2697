import { expect, it } from 'vitest'
import type { ProjectState } from '../context.ts'
import { exportNames, indexEntries, renderBuildIndex } from './index-module.ts'

const stateOf = (...names: string[]): ProjectState =>
  ({
    snapshot: { manifest: { assets: names.map((name) => ({ name, family: null })) } },
  }) as unknown as ProjectState

it('exports an image by its own name and in camel case', () => {
  expect(renderBuildIndex(indexEntries(stateOf('hero', 'product/mug-red')))).toBe(
    'export { default as hero } from "virtual:limn/hero"\nexport { default as productMugRed, default as "product/mug-red" } from "virtual:limn/product/mug-red"\n',
  )
})

it.each([
  [
    ['hero-night', 'heroNight'],
    ['"hero-night"', 'heroNight'],
  ],
  [
    ['a-b', 'a/b'],
    ['"a-b"', '"a/b"'],
  ],
  [
    ['3d/cube', 'new', '海/灯塔'],
    ['_3dCube, "3d/cube"', 'new', '海灯塔, "海/灯塔"'],
  ],
  [['default', 'hero'], ['hero']],
])('gives %j unambiguous names', (names, expected) => {
  expect(
    indexEntries(stateOf(...names)).map((entry) => exportNames('x', entry).replaceAll('x as ', '')),
  ).toEqual(expected)
})
