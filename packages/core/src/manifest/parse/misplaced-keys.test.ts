import { expect, test } from 'vitest'
import { formatPlace } from '../../diagnostic.ts'
import { resolveText } from '../testing.ts'

const hero = 'prompt: A hill, alt: A hill'
const manifest = (head: string, more = ''): string =>
  `version: 1\n${head}assets:\n  hero: { ${hero}${more} }\n`

const ofAssets = '`style` is a key of assets: write it in each asset'

test.each([
  ['a style at the top', manifest('style: brand\n'), '2:1', `${ofAssets}.`],
  ['styles at the top', manifest('style: [flat]\n'), '2:1', `${ofAssets}.`],
  [
    'a style in `defaults`',
    manifest('defaults: { style: brand }\n'),
    '2:13',
    `${ofAssets}, as \`defaults\` can't set it.`,
  ],
  [
    'a prompt at the top',
    manifest('prompt: A hill\n'),
    '2:1',
    '`prompt` is a key of assets: write it in each asset.',
  ],
  [
    'a model at the top',
    manifest('model: gpt-image-2\n'),
    '2:1',
    'Write it in an asset, or for all assets: `defaults: { model: … }`.',
  ],
  [
    'outputs at the top',
    manifest('outputs: [og]\n'),
    '2:1',
    'Write it in an asset, or for all assets: `defaults: { outputs: … }`.',
  ],
  [
    'a provider in an asset',
    manifest('', ', provider: local'),
    '3:40',
    'Write it at the top of the manifest, without indentation.',
  ],
  [
    'a budget in `defaults`',
    manifest('defaults: { budget: { run: 1 } }\n'),
    '2:13',
    'Write it at the top of the manifest, without indentation.',
  ],
  [
    'a fit in an asset',
    manifest('', ', fit: inside'),
    '3:40',
    'Write it in an output: `outputs: [{ preset: og, fit: … }]`.',
  ],
  [
    'an alternative text in an output',
    manifest('', ', outputs: [{ preset: og, alt: x }]'),
    '3:64',
    '`alt` is a key of assets: write it in each asset.',
  ],
  [
    'a size in an output',
    manifest('', ', outputs: [{ name: s, size: 640x360 }]'),
    '3:61',
    'Set `width` and `height`.',
  ],
  [
    'a prompt in a style',
    manifest('styles: { brand: { prompt: Flat. } }\n'),
    '2:20',
    'Set `prepend` or `append`: the text before or after each prompt.',
  ],
  [
    'a prefix in an asset',
    manifest('', ', prepend: Flat.'),
    '3:40',
    'Write it in a style: `styles: { brand: { prepend: … } }`.',
  ],
  [
    'styles under a misspelt name',
    manifest('style: { brand: { append: Flat. } }\n'),
    '2:1',
    'Did you mean "styles"?',
  ],
  [
    'a misspelt key of defaults',
    manifest('defaults: { modle: x }\n'),
    '2:13',
    'Did you mean "model"?',
  ],
])('says where the key belongs: %s', (_, text, place, hint) => {
  const [mistake] = resolveText(text).diagnostics.filter(({ severity }) => severity === 'error')
  expect(mistake).toMatchObject({ code: 'manifest/unknown-key', hint })
  expect(formatPlace(mistake!.place)).toMatch(new RegExp(`:${place}$`))
})
