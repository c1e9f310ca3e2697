import { expect, test } from 'vitest'
import type { Asset } from '../manifest.ts'
import { resolveText } from '../testing.ts'
import { moveAsset } from './move-places.ts'

const styles = 'styles: { brand: { references: [./a.png] } }\n'
const assets = (head: string): string =>
  `assets:\n${head}  hero: { prompt: A, alt: x, style: brand, references: [./b.png] }\n`
const read = (text: string): Asset =>
  resolveText(`version: 1\ndefaults: { outputs: [card] }\n${text}`).manifest!.assets.find(
    ({ name }) => name === 'hero',
  )!

test.each([
  ['before the lines', styles + assets('  new: { prompt: B, alt: x }\n'), styles + assets(''), 4],
  ['after the lines', assets('  new: { prompt: B, alt: x }\n') + styles, assets('') + styles, 3],
  [
    'after lines that follow the asset',
    `${assets('')}  new: { prompt: B, alt: x }\n${styles}`,
    assets('') + styles,
    4,
  ],
])('moves the places of an asset with references of a style %s', (_, now, before, after) => {
  const moved = moveAsset(read(before), { file: 'images.yaml', after, by: 1 })
  expect(moved).toEqual(read(now))
})
