import { describe, expect, test } from 'vitest'
import { hashRecipe } from '../identity/recipe.ts'
import { sizeOfOutput } from './output-size.ts'
import { resolveAssetText, resolveText } from './testing.ts'

const outputsOf = (outputs: string): ReturnType<typeof resolveAssetText>['outputs'] =>
  resolveAssetText(`outputs: ${outputs}`).outputs

function mistakes(outputs: string): string[] {
  const { diagnostics } = resolveText(
    `version: 1\nprovider: openai\nassets:\n  hero: { prompt: A, alt: A, outputs: ${outputs} }\n`,
  )
  return diagnostics.map(({ code, message }) => `${code}: ${message}`)
}

test('keeps the recipes of outputs without finishing steps', () => {
  const recipes = ['[og]', '[{ width: 640, formats: [webp] }]', '[favicon]'].map((outputs) =>
    hashRecipe({ sha256: 'ab'.repeat(32), path: 'images/hero.png' }, outputsOf(outputs)[0]!),
  )
  // Of the version before finishing steps: other hashes would derive every file of users again.
  expect(recipes.map((recipe) => recipe.slice(0, 12))).toEqual([
    'bb26c9d33ff5',
    '5fe969daa203',
    '24a706d4f4c3',
  ])
})

test.each([
  ['trim: true', 'trim: 30'],
  ['rotate: 90', 'rotate: 180'],
  ['flip: horizontal', 'flip: both'],
  ['grayscale: true', "tint: '#00f'"],
  ["duotone: ['#000', '#fff']", "duotone: ['#fff', '#000']"],
  ['blur: 3', 'blur: 4'],
  ['sharpen: true', 'sharpen: 2'],
  ['round: 8', 'round: 9'],
  ['circle: true', 'heal: seam'],
])('makes %s and %s part of the recipe', (one, other) => {
  const recipes = ['', one, other].map((step) => {
    const [output] = outputsOf(`[{ width: 64, height: 64, formats: [png], ${step} }]`)
    return hashRecipe({ sha256: 'a', path: 'images/hero.png' }, output!)
  })
  expect(new Set(recipes).size).toBe(3)
})

describe('resolves', () => {
  test('radii to each width, and colours to six digits', () => {
    const outputs = outputsOf(
      "[{ width: 800, height: 400, widths: [400, 800], formats: [webp], round: 40, blur: 3, tint: '#0AF' }]",
    )
    expect(outputs.map(({ finish }) => finish)).toEqual([
      { tint: '#00aaff', blur: 1.5, round: 20 },
      { tint: '#00aaff', blur: 3, round: 40 },
    ])
  })

  test('a step that is turned off, and a circle without a height', () => {
    const asset = resolveAssetText(
      'outputs: [{ preset: mono, grayscale: false }, { width: 90, circle: true, name: face }]',
      'presets: { mono: { width: 64, height: 32, grayscale: true, formats: [png] } }\n',
    )
    expect(asset.outputs[0]).not.toHaveProperty('finish')
    expect(asset.outputs.slice(1).map(({ file, height }) => `${file} ${height}`)).toEqual([
      'face.avif 90',
      'face.webp 90',
      'face.png 90',
    ])
  })

  test.each([
    ['{ width: 630, height: 1200, rotate: 90 }', '1200x640', '630x1200'],
    ['{ width: 600, height: 1200, rotate: 180 }', '640x1280', '600x1200'],
    ['{ width: 1000, height: 500, rotate: 270 }', '512x1024', '1000x500'],
  ])('a request for %s', (output, requested, file) => {
    const { size, outputs } = resolveAssetText(`model: gpt-image-2, outputs: [${output}]`)
    const [width, height] = size.split('x').map(Number) as [number, number]
    const [wide, high] = requested.split('x').map(Number) as [number, number]
    expect(width / height).toBeCloseTo(wide / high, 0)
    expect(width > height).toBe(wide > high)
    expect(`${outputs[0]!.width}x${outputs[0]!.height}`).toBe(file)
  })

  test('the size of a file that keeps the shape of its master', () => {
    const sizes = ['rotate: 90', 'rotate: 180', 'heal: seam', 'flip: both'].map((step) => {
      const [output] = outputsOf(`[{ width: 300, height: 300, fit: inside, ${step} }]`)
      const { width, height } = sizeOfOutput(output!, { width: 600, height: 400, isVector: false })
      return `${width}x${height}`
    })
    expect(sizes).toEqual(['200x300', '300x200', '300x200', '300x200'])
  })
})

test.each([
  ['[{ width: 64, circle: true, formats: [jpeg] }]', "64x64.jpg can't have `circle`"],
  ['[{ preset: og, round: 20 }]', "og.jpg can't have `round`: a JPEG has no transparent corners."],
  ['[{ width: 64, height: 32, circle: true, formats: [png] }]', '`circle` requires a square'],
  ['[{ width: 64, fit: inside, circle: true, formats: [png] }]', '`circle` requires a square'],
  ['[{ width: 64, circle: true, round: 4, formats: [png] }]', 'both `round` and `circle`'],
  ['[{ width: 64, formats: [gif], heal: seam }]', "64x64.gif can't have `heal`"],
  ['[{ width: 64, fit: contain, heal: seam }]', '`heal` joins the edges'],
  ['[{ width: 64, padding: 0.1, heal: seam }]', '`heal` joins the edges'],
])('explains why %s does not fit', (outputs, message) => {
  const found = mistakes(outputs)
  expect(found).toHaveLength(1)
  expect(found[0]).toContain(`finish: `)
  expect(found[0]).toContain(message)
})

test.each([
  ['rotate: 45', 'rotate'],
  ['round: -1', 'round'],
  ["duotone: ['#fff']", 'duotone'],
  ['flip: sideways', 'flip'],
  ["tint: '#12345678'", 'tint'],
  ['sharpen: 99', 'sharpen'],
])('explains why %s is not valid', (step, key) => {
  const found = mistakes(`[{ width: 64, ${step} }]`)
  expect(found).toHaveLength(1)
  expect(found[0]).toContain(`\`${key}`)
})

test('refuses finishing steps of an SVG file', () => {
  const { diagnostics } = resolveText(
    'version: 1\nassets:\n  logo: { source: logo.svg, alt: A, outputs: [{ width: 64, formats: [svg], grayscale: true }] }\n',
  )
  expect(diagnostics.map(({ message }) => message)).toEqual([
    "64x64.svg can't have `grayscale`: finishing steps change pixels, and an SVG has none.",
  ])
})
