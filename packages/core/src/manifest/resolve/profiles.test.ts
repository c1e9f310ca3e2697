import { expect, test } from 'vitest'
import { parseManifest } from '../parse/parse.ts'
import { nearestQuality } from './profiles.ts'
import { resolveManifest } from './resolve.ts'

const three = ['low', 'medium', 'high']
const five = [...three, 'xhigh', 'max']
const dallE3 = ['standard', 'hd']

test.each<[string, readonly string[] | undefined, string]>([
  ['low', dallE3, 'standard'],
  ['medium', dallE3, 'standard'],
  ['high', dallE3, 'hd'],
  ['max', dallE3, 'hd'],
  ['high', ['standard'], 'standard'],
  ['standard', three, 'medium'],
  ['hd', five, 'high'],
  ['max', three, 'high'],
  ['high', five, 'high'],
  ['medium', ['draft', 'fine'], 'auto'],
  ['fine', ['draft', 'fine'], 'fine'],
  ['auto', three, 'auto'],
  ['hihg', three, 'hihg'],
  ['medium', undefined, 'medium'],
])('maps %s among %o to %s', (quality, names, expected) => {
  expect(nearestQuality(quality, names)).toBe(expected)
})

const head = `version: 1
provider: mine
providers: { mine: { server: new-api, baseURL: 'https://relay.example/v1', models: { own: { qualities: [draft, fine] } } } }
profiles: { cheap: { model: gpt-image-2 }, typo: { quality: hihg } }
assets:
`
const text = `${head}  a: { prompt: A, alt: x, model: dall-e-3, outputs: [og] }
  b: { prompt: B, alt: x, model: dall-e-2, quality: standard, outputs: [og] }
  c: { prompt: C, alt: x, model: own, outputs: [og] }
  d: { prompt: D, alt: x, model: gpt-image-2, use: print, outputs: [og] }
  e: { prompt: E, alt: x, model: dall-e-3, use: print, outputs: [og] }
`
function resolve(profile?: string): { qualities: string[] | undefined; errors: string[] } {
  const parsed = parseManifest(text, 'images.yaml')
  const { manifest, diagnostics } = resolveManifest({ ...parsed, file: parsed.file!, profile })
  return {
    qualities: manifest.assets.map(({ quality }) => quality),
    errors: diagnostics.flatMap(({ severity, place, message }) =>
      severity === 'error' ? [`${place.line}:${place.column} ${message}`] : [],
    ),
  }
}

test.each([
  [undefined, ['standard', 'standard', 'auto', 'high', 'hd']],
  ['draft', ['standard', 'standard', 'auto', 'low', 'standard']],
  ['preview', ['standard', 'standard', 'auto', 'low', 'standard']],
  ['production', ['standard', 'standard', 'auto', 'medium', 'standard']],
  ['premium', ['hd', 'standard', 'auto', 'high', 'hd']],
  ['cheap', ['medium', 'medium', 'medium', 'high', 'high']],
])('requests a quality that every model has, with the profile %s', (profile, qualities) => {
  expect(resolve(profile)).toEqual({ qualities, errors: [] })
})

test('reports an unknown quality at the profile that sets it', () => {
  expect(resolve('typo').errors[0]).toBe('4:61 dall-e-3 has no quality "hihg".')
})

test('uses the model of a profile if the server has no default model', () => {
  const parsed = parseManifest(
    'version: 1\nprovider: mine\nproviders: { mine: { server: together } }\nprofiles: { cheap: { model: gpt-image-2 } }\nassets: { a: { prompt: A, alt: x, outputs: [og] } }\n',
    'images.yaml',
  )
  const codes = (profile?: string): string[] =>
    resolveManifest({ ...parsed, file: parsed.file!, profile }).diagnostics.map(({ code }) => code)
  expect(codes()).toContain('manifest/no-model')
  expect(codes('cheap')).not.toContain('manifest/no-model')
})
