import { describe, expect, test } from 'vitest'
import { hashRecipe } from '../identity/recipe.ts'
import type { Output } from './manifest.ts'
import { resolveAssetText, resolveText } from './testing.ts'

const outputsOf = (outputs: string, head = ''): Output[] =>
  resolveAssetText(`outputs: [${outputs}]`, head).outputs
const recipeOf = (output: Output): string =>
  hashRecipe({ sha256: 'a', path: 'images/hero.png' }, output)

function mistakes(outputs: string, head = ''): string[] {
  const { diagnostics } = resolveText(
    `version: 1\nprovider: openai\n${head}assets:\n  hero: { prompt: A, alt: A, outputs: [${outputs}] }\n`,
  )
  return diagnostics.map(({ message }) => message)
}

describe('a text', () => {
  test.each([
    ['overlay: Hello', 'Hello'],
    ["overlay: '{{name}}: {{alt}}'", 'hero: A lighthouse'],
    ["overlay: { text: '{{title}}', vars: { title: Hi } }", 'Hi'],
    ["overlay: '{{site}}'", 'Limn'],
    ['overlay: { text: 2027 }', '2027'],
  ])('is filled in: %s', (overlay, text) => {
    const [output] = outputsOf(
      `{ width: 64, formats: [png], ${overlay} }`,
      'vars: { site: Limn }\n',
    )
    expect(output!.overlay!.text).toBe(text)
  })

  test('comes from the values of a matrix, too', () => {
    const { manifest } = resolveText(
      `version: 1\nassets:\n  card: { prompt: A, alt: A, matrix: { lang: [en, de] }, outputs: [{ preset: og, overlay: { text: { en: Hello, de: Hallo } } }] }\n`,
    )
    expect(manifest!.assets.map(({ name, outputs }) => [name, outputs[0]!.overlay!.text])).toEqual([
      ['card/de', 'Hallo'],
      ['card/en', 'Hello'],
    ])
  })

  test('overrides that of the preset, and keeps its other settings', () => {
    const head =
      "presets: { share: { width: 64, formats: [png], overlay: { text: A, color: '#F00', font: x.ttf } } }\n"
    const [plain, own, page] = outputsOf(
      'share, { preset: share, name: own, overlay: B }, { preset: share, name: page, overlay: { template: p.html } }',
      head,
    )
    expect([plain, own].map((output) => output!.overlay!.text)).toEqual(['A', 'B'])
    expect(own!.overlay).toMatchObject({ color: '#ff0000', fonts: ['x.ttf'] })
    expect(page!.overlay).toMatchObject({ text: null, template: 'p.html', fonts: ['x.ttf'] })
  })
})

describe('each', () => {
  test('makes one output for each value and each combination', () => {
    const outputs = outputsOf(
      '{ preset: og, each: { lang: [en, de] }, overlay: { text: { en: Hello, de: Hallo } } }, { width: 8, formats: [png], each: { a: [1, x y], b: [2] } }',
    )
    expect(outputs.map(({ file, preset }) => `${preset} ${file}`)).toEqual([
      'og-en og-en.jpg',
      'og-de og-de.jpg',
      '8x4-1-2 8x4-1-2.png',
      '8x4-x-y-2 8x4-x-y-2.png',
    ])
    expect(outputs.slice(0, 2).map(({ overlay }) => [overlay!.text, overlay!.lang])).toEqual([
      ['Hello', 'en'],
      ['Hallo', 'de'],
    ])
  })

  test.each([
    [
      '{ preset: og, each: { lang: [en, fr] }, overlay: { text: { en: A } } }',
      'no text for fr, only for en',
    ],
    ['{ preset: og, overlay: { text: { en: A } } }', 'has no `each` with such values'],
    [
      `{ preset: og, each: { a: [${'1,'.repeat(40)}2], b: [${'1,'.repeat(40)}2] } }`,
      'the limit is 1,000',
    ],
    ['{ preset: og, each: { lang: [a b, a-b] } }', 'would both write og-a-b.jpg'],
  ])('explains %s', (output, message) => {
    const found = mistakes(output)
    expect(found).toHaveLength(1)
    expect(found[0]).toContain(message)
  })
})

test.each([
  ["overlay: '{{title}}'", '{{title}} is not defined'],
  ["overlay: ' '", 'has no text'],
  ['overlay: { text: A, template: a.html }', 'both `text` and `template`'],
  ['overlay: { text: A, font: a.zip }', 'is no font file'],
  ["overlay: { text: A, font: '@Scope' }", 'is not the name of a package'],
  ['overlay: { text: A, logo: ../logo.svg }', 'must be inside the project'],
  ['overlay: { template: /etc/passwd }', 'must be inside the project'],
  ['overlay: { text: A, weight: 50 }', '`weight`'],
  ['overlay: { text: A, txt: B }', 'txt'],
])('explains why an output cannot have %s', (overlay, message) => {
  const found = mistakes(`{ width: 64, formats: [png], ${overlay} }`)
  expect(found).toHaveLength(1)
  expect(found[0]).toContain(message)
})

test.each([
  'overlay: B',
  'overlay: { text: A, size: 12 }',
  "overlay: { text: A, color: '#000' }",
  'overlay: { text: A, position: top }',
  'overlay: { text: A, shade: false }',
  'overlay: { text: A, logo: logo.svg }',
  'overlay: { text: A, font: x.ttf }',
  'overlay: { text: A, padding: 0.2 }',
])('makes %s part of the recipe', (changed) => {
  const [first, second] = ['overlay: A', changed].map(
    (overlay) => outputsOf(`{ width: 64, height: 64, formats: [png], ${overlay} }`)[0]!,
  )
  expect(recipeOf(first!)).not.toBe(recipeOf(second!))
})

test('keeps text inside the safe area of a platform, also in one language, unless told otherwise', () => {
  const [story, free] = outputsOf(
    '{ preset: instagram_story, each: { lang: [en] }, overlay: A }, { preset: instagram_story, name: x, overlay: { text: A, safe: false } }',
  )
  expect(story!.overlay!.safe!.top).toBeCloseTo(250 / 1920)
  expect(free!.overlay!.safe).toBeNull()
})
