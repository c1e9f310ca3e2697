import { expect, test } from 'vitest'
import type { Manifest } from '../../manifest/manifest.ts'
import { resolveText } from '../../manifest/testing.ts'
import { listPricedModels } from './priced-models.ts'

function read(text: string): Manifest {
  return resolveText(`version: 1\n${text}`).manifest!
}

function idsOf(text: string, today = '2026-11-30'): string[] {
  const manifest = read(text)
  return listPricedModels(manifest.assets[0]!, manifest, today).map(({ id }) => id)
}

const asset = 'assets: { hero: { prompt: A lighthouse, alt: A lighthouse, candidates: 4 } }\n'

test('lists the current models of OpenAI with the price of one picture', () => {
  const manifest = read(`provider: openai\n${asset}`)
  const models = listPricedModels(manifest.assets[0]!, manifest, '2026-11-30')
  expect(models[0]).toMatchObject({ id: 'gpt-image-2.5-flare' })
  expect(models[0]!.qualities.map(({ name }) => name)).toEqual([
    'low',
    'medium',
    'high',
    'xhigh',
    'max',
  ])
  const prices = models[0]!.qualities.map(({ usd }) => usd!)
  expect(prices).toEqual([...prices].sort((a, b) => a - b))
  expect(prices[0]).toBeLessThan(0.05)
  expect(models.map(({ id }) => id)).not.toContain('dall-e-3')
  expect(models.map(({ id }) => id)).not.toContain('limn-local-2')
})

test('leaves out models that are shut down, except the one of the asset', () => {
  expect(idsOf(`provider: openai\n${asset}`)).toContain('gpt-image-1.5')
  expect(idsOf(`provider: openai\n${asset}`, '2026-12-01')).not.toContain('gpt-image-1.5')
  const old = asset.replace('alt:', 'model: gpt-image-1, alt:')
  expect(idsOf(`provider: openai\n${old}`, '2026-12-01')).toContain('gpt-image-1')
})

test('lists what another server has, and only the painter for the local provider', () => {
  expect(idsOf(`provider: local\n${asset}`)).toEqual(['limn-local-2'])
  const relay = `provider: relay
providers: { relay: { server: openai, baseURL: "http://127.0.0.1:1/v1", models: { own-model: { like: gpt-image-2 } } } }
defaults: { model: own-model }
`
  expect(idsOf(relay + asset)).toContain('own-model')
  expect(idsOf('provider: local\nassets: { logo: { source: logo.png, alt: Logo } }\n')).toEqual([])
})

test('leaves out models that cannot take the input pictures', () => {
  const text = `provider: openai
assets:
  hero: { prompt: Brighter, alt: A lighthouse, edit: { image: photo.png } }
`
  const ids = idsOf(text)
  expect(ids).toContain('gpt-image-2.5-flare')
  expect(ids).not.toContain('dall-e-3')
})
