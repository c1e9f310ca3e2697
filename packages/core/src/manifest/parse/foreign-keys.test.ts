import { expect, test } from 'vitest'
import { formatPlace } from '../../diagnostic.ts'
import { resolveText } from '../testing.ts'
import { explainForeignKey } from './foreign-keys.ts'
import { knownKeysAt } from './known-keys.ts'

test.each([
  ['negative_prompt', '`avoid` of a style'],
  ['negativePrompt', '`avoid` of a style'],
  ['aspect_ratio', '`size: 1536x1024`'],
  ['aspectRatio', '`size: 1536x1024`'],
  ['image_size', '`size: 1536x1024`'],
  ['n', '`candidates`'],
  ['num_images', '`candidates`'],
  ['num-outputs', '`candidates`'],
  ['width', '`outputs: [{ width: 640, height: 360 }]`'],
  ['height', '`size: 1536x1024`'],
  ['output_format', '`formats` of an output'],
  ['model_id', 'Set `model`.'],
  ['style_preset', 'Set `style`'],
  ['mask_url', '`edit: { image: …, mask: … }`'],
  ['init_image', '`edit: { image: … }`'],
  ['transparent', '`background: transparent`'],
  ['seed', '`body: { seed: … }`'],
  ['steps', 'Limn has no such setting'],
  ['guidance_scale', 'Limn has no such setting'],
  ['sampler', 'Limn has no such setting'],
])('says what to write instead of %s of an asset', (key, advice) => {
  const { diagnostics } = resolveText(
    `version: 1\nassets:\n  hero:\n    prompt: A hill\n    alt: A hill\n    ${key}: 2\n`,
  )
  const [mistake] = diagnostics.filter(({ severity }) => severity === 'error')
  expect(mistake).toMatchObject({
    code: 'manifest/unknown-key',
    hint: expect.stringContaining(advice) as string,
  })
  expect(formatPlace(mistake!.place)).toMatch(/:6:5$/)
})

test.each([
  [['styles', 'brand'], 'negative_prompt', 'Set `avoid`'],
  [['styles', 'brand'], 'suffix', '`append`'],
  [['defaults'], 'num_inference_steps', 'Limn has no such setting'],
  [['defaults'], 'n', '`candidates` of an asset'],
  [['assets', 'hero', 'outputs', 0], 'output_format', '`formats: [avif, webp]`'],
  [['presets', 'card'], 'aspect_ratio', '`width` and `height`'],
])('knows the part of the manifest: %j %s', (path, key, advice) => {
  expect(explainForeignKey(key, path)).toContain(advice)
})

test('has no advice against keys that exist, and none for any other', () => {
  for (const path of [['assets', 'hero'], ['defaults'], ['styles', 'a'], ['presets', 'a']]) {
    for (const key of knownKeysAt(path)) expect(explainForeignKey(key, path), key).toBeUndefined()
  }
  for (const key of ['promt', 'mood', 'constructor', '']) {
    expect(explainForeignKey(key, ['assets', 'hero'])).toBeUndefined()
  }
})
