import { expect, test } from 'vitest'
import { hashRecipe } from '../../identity/recipe.ts'
import { formatPosition } from '../presets.ts'
import { resolveAssetText, resolveText } from '../testing.ts'

const own = 'presets: { wide: { width: 640, height: 360, position: top, formats: [png] } }\n'

test.each([
  ['position: { x: 0.3, y: 0.4 }, outputs: [wide]', '30% 40%'],
  ['position: left, outputs: [wide]', 'left'],
  ['outputs: [wide]', 'top'],
  ['position: { x: 0.3, y: 0.4 }, outputs: [{ preset: wide, position: right }]', 'right'],
  ['outputs: [{ preset: wide, position: { x: 0, y: 1 } }]', '0% 100%'],
  ['position: { x: 0.125, y: 1 }, outputs: [wide]', '12.5% 100%'],
])('resolves %s', (yaml, expected) => {
  const [output] = resolveAssetText(yaml, own).outputs
  expect(formatPosition(output!.position)).toBe(expected)
})

test('derives other files for another point, and the same for the same', () => {
  const recipeOf = (yaml: string): string => {
    const [output] = resolveAssetText(`${yaml} outputs: [og]`).outputs
    return hashRecipe({ sha256: 'a', path: 'images/a.png' }, output!)
  }
  const recipes = [
    'position: top,',
    'position: { x: 0.3, y: 0.4 },',
    'position: { x: 0.4, y: 0.3 },',
    '',
  ].map(recipeOf)
  expect(new Set(recipes).size).toBe(4)
  expect(recipeOf('position: { y: 0.4, x: 0.3 },')).toBe(recipes[1])
})

test.each([
  ['position: { x: 1.1, y: 0 }', '`x` of "hero" must be at most 1.'],
  ['position: { x: 0 }', '`y` of "hero" is missing. Add `y:`.'],
  ['position: { x: 0, y: 0, z: 0 }', 'Unknown key "z" in `position` of "hero".'],
  ['position: middle', '`position` of "hero" can\'t be "middle".'],
  ['position: tpo', '`position` of "hero" can\'t be "tpo". Did you mean "top"?'],
  ['position: [0.3, 0.4]', '`position` of "hero" must be a side, a corner or a point, not a list.'],
  ['position: 3', '`position` of "hero" must be a side, a corner or a point, not a number.'],
  ['outputs: [{ preset: wide, position: { x: -1, y: 0 } }]', '`x` of "hero" must be at least 0.'],
  ['outputs: [{ preset: wide, position: tpo }]', 'Did you mean "top"?'],
])('rejects %s', (yaml, message) => {
  const { diagnostics } = resolveText(
    `version: 1\n${own}assets:\n  hero: { prompt: A, alt: A, ${yaml} }\n`,
  )
  const texts = diagnostics
    .filter(({ severity }) => severity === 'error')
    .map((each) => `${each.message} ${each.hint ?? ''}`)
  expect(texts).toEqual([expect.stringContaining(message)])
})
