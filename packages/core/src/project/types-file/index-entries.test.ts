import { expect, it } from 'vitest'
import type { Asset } from '../../manifest/manifest.ts'
import { exportNames, indexEntries } from './index-entries.ts'

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
    indexEntries(names.map((name) => ({ name, family: null }) as Asset)).map((entry) =>
      exportNames('x', entry).replaceAll('x as ', ''),
    ),
  ).toEqual(expected)
})
