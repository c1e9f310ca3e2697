import { expect, test } from 'vitest'
import { resolveText } from '../testing.ts'

const resolve = (atlases: string): ReturnType<typeof resolveText> =>
  resolveText(`version: 1
defaults: { outputs: [card] }
atlases: { ${atlases} }
assets:
  hero: { prompt: A knight, alt: x }
  icons: { sheet: { grid: 2x1, cells: [mail, { name: phone, again: true }] } }
  icon: { prompt: A star, alt: x }
`)

test.each([
  ['[icons]', ['icons/mail', 'icons/phone']],
  ['[hero, icons/phone, hero]', ['hero', 'icons/phone']],
  ['[icons/, icon]', ['icons/mail', 'icons/phone', 'icon']],
])('packs single pictures, and no whole sheet: %s', (pictures, expected) => {
  const { manifest, diagnostics } = resolve(
    `sprites: { file: ./public/s.png, pictures: ${pictures} }`,
  )
  expect(diagnostics).toEqual([])
  expect(manifest!.atlases).toEqual([
    {
      name: 'sprites',
      file: 'public/s.png',
      pictures: expected,
      size: 256,
      padding: 2,
      powerOfTwo: true,
      css: false,
    },
  ])
})

test.each([
  ['a: { file: a.gif, pictures: [hero] }', 'Limn can\'t write an atlas to "a.gif".'],
  [
    'a: { file: ../a.png, pictures: [hero] }',
    'An atlas must be a file inside the project, but "../a.png" is not.',
  ],
  [
    'a: { file: .limn/a.png, pictures: [hero] }',
    'An atlas can\'t be ".limn/a.png": Limn or another tool stores files there.',
  ],
  ['a: { file: a.png, pictures: [icnos] }', 'There is no asset "icnos".'],
  [
    'a: { file: s.png, pictures: [hero] }, b: { file: S.webp, pictures: [icon] }',
    'The atlases "a" and "b" write the same files.',
  ],
])('explains a mistake: %s', (atlases, expected) => {
  const { diagnostics } = resolve(atlases)
  expect(diagnostics.map(({ message, place }) => [message, place.line])).toEqual([[expected, 3]])
})
