import { expect, test } from 'vitest'
import { resolveText } from '../testing.ts'

/** Resolves a manifest, and returns the variables of the parts of the prompt of `hero`. */
function partsOf(text: string): (readonly [string | null, string])[] {
  const { manifest } = resolveText(`version: 1\nprovider: openai\n${text}`)
  const { prompt, varOrigins } = manifest!.assets.find(({ key }) => key === 'hero')!
  let at = 0
  return varOrigins.map(([name, length]) => [name, prompt.slice(at, (at += length))] as const)
}

test('finds what shared variables fill in prompts and in styles', () => {
  expect(
    partsOf(`vars: { season: winter, mood: calm! }
styles: { brand: { append: "A {{mood}} look in {{season}}" } }
assets: { hero: { prompt: "A lake in {{season}}", style: brand } }`),
  ).toEqual([
    [null, 'A lake in '],
    ['season', 'winter'],
    [null, '. A '],
    ['mood', 'calm!'],
    [null, ' look in '],
    ['season', 'winter'],
  ])
})

test('finds variables in Chinese prompts, and each entry of a list', () => {
  expect(
    partsOf(`vars: { season: 冬天, things: [a, b] }
styles: { brand: { append: 水彩 } }
assets: { hero: { prompt: "湖，{{things}}，{{season}}", style: brand } }`),
  ).toEqual([
    [null, '湖，'],
    ['things', 'a'],
    [null, ', '],
    ['things', 'b'],
    [null, '，'],
    ['season', '冬天'],
    [null, '。 水彩'],
  ])
})

test.each([
  ['no variable', 'vars: { season: winter }\nassets: { hero: { prompt: A lake } }'],
  ['only its name', 'vars: { season: winter }\nassets: { hero: { prompt: "A {{name}}" } }'],
  [
    'only values of its matrix',
    'vars: { season: winter }\nassets: { hero: { prompt: "A {{color}} cup", matrix: { color: [red] } } }',
  ],
])('finds nothing in a prompt with %s', (_, text) => {
  expect(partsOf(text)).toEqual([])
})
