import { expect, test } from 'vitest'
import type { Asset, Manifest } from '../manifest.ts'
import { resolveText } from '../testing.ts'

const resolve = (lines: string, provider = 'openai'): ReturnType<typeof resolveText> =>
  resolveText(
    `version: 1\nprovider: ${provider}\ndefaults: { outputs: [{ name: s, width: 64, height: 64, formats: [webp] }] }\n${lines}`,
  )

const find = (manifest: Manifest | undefined, name: string): Asset =>
  manifest!.assets.find((asset) => asset.name === name)!

test('defines an asset for each cell, cut from one picture', () => {
  const { manifest, diagnostics } = resolve(`assets:
  icons:
    prompt: Flat icon
    sheet:
      grid: 2x2
      cells: [mail, { name: phone, prompt: an old telephone, alt: Call us }, { name: 狐狸, decorative: true }]
`)
  expect(diagnostics).toEqual([])
  expect(manifest!.assets.map(({ name, alt, isDecorative }) => [name, alt, isDecorative])).toEqual([
    ['icons', '', true],
    ['icons/mail', 'mail', false],
    ['icons/phone', 'Call us', false],
    ['icons/狐狸', '', true],
  ])
  expect(find(manifest, 'icons').prompt).toMatch(
    /^一张包含3个独立图案的图集，排成2列2行.*：1\. mail；2\. an old telephone；3\. 狐狸。.*Flat icon$/,
  )
  expect(find(manifest, 'icons/phone')).toMatchObject({
    operation: 'cut',
    inputs: [{ role: 'image', kind: 'asset', target: 'icons' }],
    settings: { cell: { number: 2, count: 3, columns: 2 } },
    candidates: 1,
    outputs: [{ file: 's.webp', width: 64 }],
    place: { line: 9 },
  })
})

test.each([
  ['3x3', 'mail, phone, fox, owl', 'grid of 3 columns and 2 rows', '960x640'],
  ['4x1', 'mail, phone', 'grid of 2 columns and 1 rows', '640x320'],
  ['1x5', 'mail, phone', 'grid of 1 columns and 2 rows', '320x640'],
])('asks for the rows and columns that have cells: %s', (grid, cells, expected, size) => {
  const { manifest } = resolve(
    `assets: { icons: { sheet: { grid: ${grid}, cells: [${cells}] } } }\n`,
    'local',
  )
  expect(find(manifest, 'icons')).toMatchObject({ prompt: expect.stringContaining(expected), size })
})

test('requests one cell by itself without a change to the request of the sheet', () => {
  const sheet = (cell: string): string =>
    `assets: { icons: { prompt: Flat icon., sheet: { grid: 3x1, cells: [mail, ${cell}, fox] } } }\n`
  const { manifest: before } = resolve(sheet('phone'))
  const { manifest, diagnostics } = resolve(sheet('{ name: phone, again: a red phone }'))
  expect(diagnostics).toEqual([])
  expect(find(manifest, 'icons').prompt).toBe(find(before, 'icons').prompt)
  expect(find(manifest, 'icons/fox').settings).toEqual(find(before, 'icons/fox').settings)
  expect(find(manifest, 'icons/phone/again')).toMatchObject({
    operation: 'edit',
    inputs: [{ role: 'reference', target: 'icons' }],
    prompt: expect.stringContaining('a red phone'),
  })
  expect(find(manifest, 'icons/phone')).toMatchObject({
    operation: 'cut',
    inputs: [{ target: 'icons/phone/again' }],
    settings: { cell: { number: 1, count: 1, columns: 1 } },
  })
})

test.each([
  [
    'sheet: { grid: 2x1, cells: [a, b, c] }',
    'A grid of 2x1 has 2 cells, but "icons" names 3. Write a larger grid, for example 2x2, or remove cells.',
  ],
  [
    'sheet: { grid: 2x1, cells: [a, { name: a }] }',
    'Another cell already defines a picture named "icons/a". Rename one of them.',
  ],
  [
    'sheet: { grid: 2x1, cells: [a, taken] }',
    'Another asset already defines a picture named "icons/taken". Rename one of them.',
  ],
  [
    'sheet: { grid: 2x1, cells: [a, b] }, matrix: { x: [1, 2] }',
    '"icons" is a sheet and can\'t have `matrix`: each of its pictures would be a sheet. Remove `matrix`, or make it an asset of its own.',
  ],
  [
    'sheet: { grid: 2x1, cells: [a, b c] }',
    '"icons/b c" is not a valid asset name. Use letters and digits of any script, - and _, in parts joined by /, none of which starts with -.',
  ],
  [
    'sheet: { grid: 2by1, cells: [a] }',
    expect.stringContaining('Write COLUMNSxROWS, for example 3x3; at most 12x12.'),
  ],
])('explains a mistake: %s', (yaml, expected) => {
  const { diagnostics } = resolve(
    `assets: { icons/taken: { prompt: A, alt: x }, icons: { ${yaml} } }\n`,
  )
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  expect(errors.map(({ message, hint }) => `${message} ${hint}`)).toEqual([expected])
  expect(errors[0]!.place).toMatchObject({ line: 4, column: expect.any(Number) })
})
