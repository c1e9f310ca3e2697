import { expect, test } from 'vitest'
import { resolveAssetText, resolveText } from '../testing.ts'
import { composePrompt } from './styles.ts'

const files = (yaml: string, head = ''): string[] =>
  resolveAssetText(yaml, head).outputs.map(
    ({ file, width, height }) => `${file} ${width}x${height}`,
  )

test('fills every default', () => {
  const { manifest, diagnostics } = resolveText(
    'version: 1\nassets:\n  hero: { prompt: A lighthouse, alt: A lighthouse }\n',
  )
  expect(diagnostics).toMatchObject([{ code: 'manifest/no-outputs', severity: 'warning' }])
  expect(manifest).toMatchObject({
    providers: [{ name: 'local' }],
    out: null,
    warnings: diagnostics,
  })
  expect(manifest!.assets).toMatchObject([
    {
      name: 'hero',
      prompt: 'A lighthouse',
      model: 'limn-local-2',
      size: '1024x1024',
      quality: 'auto',
      background: 'auto',
      format: 'png',
      alt: 'A lighthouse',
      place: { line: 3, column: 3 },
    },
  ])
})

test('overrides the defaults by the asset, and the provider by the caller', () => {
  const text =
    'version: 1\nprovider: openai\ndefaults: { model: gpt-image-2, quality: low, outputs: [og] }\nassets:\n  a: { prompt: A, alt: A }\n  b: { prompt: B, alt: B, model: gpt-image-2.5-flare, quality: max, outputs: [card] }\n'
  const [a, b] = resolveText(text).manifest!.assets
  expect(a).toMatchObject({ model: 'gpt-image-2', quality: 'low', size: '1200x640' })
  expect(b).toMatchObject({ model: 'gpt-image-2.5-flare', quality: 'max' })
  expect(resolveText(text, 'local').manifest!.assets[0]).toMatchObject({
    model: 'limn-local-2',
    quality: 'auto',
    size: '1200x630',
  })
})

test('sorts assets by code units, whatever their order in the file', () => {
  const { manifest } = resolveText(
    'version: 1\nassets:\n  海报: { prompt: x, alt: x }\n  b: { prompt: x, alt: x }\n  B2: { prompt: x, alt: x }\n  a/b: { prompt: x, alt: x }\n  élan: { prompt: x, alt: x }\n',
  )
  expect(manifest!.assets.map(({ name }) => name)).toEqual(['B2', 'a/b', 'b', 'élan', '海报'])
})

test.each([
  ['A mug', undefined, 'A mug'],
  ['  A mug \n', undefined, 'A mug'],
  [
    'A mug',
    { prepend: 'Vector.', append: 'Warm colours.', avoid: 'text, blur' },
    'Vector. A mug. Warm colours. Avoid: text, blur',
  ],
  ['A mug!', { append: 'Warm' }, 'A mug! Warm'],
  ['A mug', { prepend: 'Vector' }, 'Vector. A mug'],
  [
    '一只杯子',
    { prepend: '插画', append: '暖色', avoid: '文字' },
    '插画。 一只杯子。 暖色。 避免：文字',
  ],
  ['A mug', { prepend: '  ', append: '' }, 'A mug'],
  ['cafe\u0301', undefined, 'café'],
])('composes %j with its style', (prompt, style, whole) => {
  const parts = composePrompt(prompt, style === undefined ? [] : [{ name: 'flat', ...style }])
  expect(parts.map(({ text }) => text).join('')).toBe(whole)
})

test.each([
  ['outputs: [og]', ['og.jpg 1200x630']],
  [
    'outputs: [instagram_post, instagram_story, facebook_post, twitter_post, linkedin_post]',
    [
      'instagram_post.jpg 1080x1080',
      'instagram_story.jpg 1080x1920',
      'facebook_post.jpg 1200x630',
      'twitter_post.jpg 1200x675',
      'linkedin_post.jpg 1200x627',
    ],
  ],
  ['outputs: [{ width: 640, height: 360, formats: [webp] }]', ['640x360.webp 640x360']],
  [
    'outputs: [{ name: x, width: 640, height: 360, formats: [webp, jpeg] }]',
    ['x.webp 640x360', 'x.jpg 640x360'],
  ],
  [
    'outputs: [{ name: x, width: 200, height: 100, widths: [50, 100, 200], formats: [png] }]',
    ['x-50.png 50x25', 'x-100.png 100x50', 'x-200.png 200x100'],
  ],
  ['outputs: [{ preset: og, width: 600 }]', ['og.jpg 600x315']],
  [
    'outputs: [{ preset: og, formats: [webp], quality: 50, name: og-small, width: 300 }]',
    ['og-small.webp 300x158'],
  ],
  ['outputs: [{ preset: og, height: 600 }]', ['og.jpg 1200x600']],
  ['size: 1536x1024, outputs: [{ name: x, width: 300, formats: [webp] }]', ['x.webp 300x200']],
  ['size: 1536x1024', ['full.webp 1536x1024', 'full.png 1536x1024']],
])('resolves the outputs %s', (yaml, expected) => {
  expect(files(yaml)).toEqual(expected)
})

test('overrides a built-in preset by the user’s own', () => {
  expect(
    files('outputs: [og]', 'presets: { og: { width: 100, height: 50, formats: [png] } }\n'),
  ).toEqual(['og.png 100x50'])
})

test('keeps transparency: replaces JPEG by PNG among formats that have it', () => {
  const formats = (yaml: string): string[] =>
    resolveAssetText(`background: transparent, ${yaml}`).outputs.map(
      ({ format, background }) => `${format} ${background}`,
    )
  expect(formats('outputs: [{ width: 10, formats: [webp, jpeg] }]')).toEqual([
    'webp null',
    'png null',
  ])
  expect(formats('outputs: [{ width: 10, formats: [png, jpeg] }]')).toEqual(['png null'])
  expect(formats('outputs: [og]')).toEqual(['jpeg #ffffff'])
  expect(formats("outputs: [{ width: 10, formats: [webp, jpeg], background: '#000' }]")).toEqual([
    'webp #000',
    'jpeg #000',
  ])
})

test('sets a quality for each format except PNG', () => {
  expect(
    resolveAssetText('outputs: [{ width: 8, formats: [avif, webp, jpeg, png] }]').outputs.map(
      ({ quality }) => quality,
    ),
  ).toEqual([55, 80, 82, null])
  expect(
    resolveAssetText('outputs: [{ width: 8, quality: 40, formats: [avif, png] }]').outputs.map(
      ({ quality }) => quality,
    ),
  ).toEqual([40, null])
})

test.each([
  ['outputs: [instagram_post]', '1088x1088'],
  ['outputs: [instagram_story]', '1088x1920'],
  ['outputs: [facebook_post]', '1200x640'],
  ['outputs: [twitter_post]', '1200x688'],
  ['outputs: [linkedin_post]', '1200x640'],
  ['outputs: [facebook_post, twitter_post, linkedin_post]', '1200x688'],
  ['outputs: [{ width: 64, height: 64 }]', '816x816'],
  ['outputs: [instagram_post], model: gpt-image-1.5', '1024x1024'],
  ['outputs: [og], size: 2048x2048', '2048x2048'],
  ['outputs: [og], size: auto', '1200x640'],
  ['outputs: [og], model: somebody-else-1', '1536x1024'],
])('requests %s at %s', (yaml, size) => {
  if (yaml.includes('1.5')) {
    expect(['1024x1024', '1536x1024', '1024x1536']).toContain(resolveAssetText(yaml).size)
  } else expect(resolveAssetText(yaml).size).toBe(size)
})

test('omits the mark of AI-generated media if provenance is off', () => {
  expect(resolveAssetText('outputs: [og]').outputs[0]!.provenance).toBe(true)
  expect(resolveAssetText('outputs: [og]', 'provenance: off\n').outputs[0]!.provenance).toBe(false)
})

test.each([
  ['public/img/', 'public/img'],
  ['./public', 'public'],
  ['a\\b', 'a/b'],
])('resolves %s to the folder %s', (written, out) => {
  expect(resolveText(`version: 1\nout: ${written}\nassets: {}\n`).manifest!.out).toBe(out)
})

test('accepts names in any script, with words and digits', () => {
  const names = ['灯塔', '2024', 'товар/чашка', 'مصباح', 'a_b-c', 'É', 'हिन्दी']
  const { diagnostics, manifest } = resolveText(
    `version: 1\ndefaults: { outputs: [og] }\nassets:\n${names.map((name) => `  ${name}: { prompt: "${name}", alt: x }\n`).join('')}`,
  )
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  expect(manifest!.assets).toHaveLength(names.length)
})

test('accepts YAML’s shorthands: anchors, merge keys, block text', () => {
  const text =
    'version: 1\nassets:\n  a: &a\n    prompt: |\n      A hill\n      in spring\n    alt: A hill\n    outputs: [og]\n  b: { <<: *a, prompt: A lake }\n'
  const [a, b] = resolveText(text).manifest!.assets
  expect(a!.prompt).toBe('A hill\nin spring')
  expect(b).toMatchObject({ prompt: 'A lake', alt: 'A hill' })
  expect(b!.outputs).toEqual(a!.outputs)
})
