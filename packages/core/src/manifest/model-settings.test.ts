import { expect, test } from 'vitest'
import { hashRequest, requestOf } from '../identity/request.ts'
import { findModel } from '../models/models.ts'
import { createImagesCall } from '../providers/openai/images-call.ts'
import { resolveText } from './testing.ts'

const resolve = (asset: string) =>
  resolveText(`version: 1\nprovider: openai\nassets:\n  hero: { prompt: A boat, alt: A, ${asset} }`)

function fieldsOf(asset: string): Record<string, unknown> {
  const [resolved] = resolve(asset).manifest!.assets
  const request = requestOf(resolved!)
  return createImagesCall(request, { row: findModel(request.model), inputs: [], count: 1 }).fields
}

test.each([
  ['model: dall-e-3, rendering: natural', 'style', 'natural'],
  ['model: dall-e-3, rendering: vivid', 'style', 'vivid'],
  ['model: dall-e-3', 'style', undefined],
  [
    'model: gpt-image-2.6-flare, format: svg, svg: { effort: low }',
    'svg',
    { reasoning: { effort: 'low' } },
  ],
  [
    'model: gpt-image-2.6-sunburst, format: svg, svg: { model: m, effort: max }',
    'svg',
    { model: 'm', reasoning: { effort: 'max' } },
  ],
  ['model: gpt-image-2.6-flare, format: svg, svg: { model: m }', 'svg', { model: 'm' }],
  ['model: gpt-image-2.6-flare, format: svg', 'svg', undefined],
])('sends the settings of %s', (asset, field, value) => {
  expect(fieldsOf(asset)[field]).toEqual(value)
})

test.each([
  ['model: gpt-image-2, rendering: natural', 'manifest/rendering', 'dall-e-3'],
  ['rendering: vivid', 'manifest/rendering', 'dall-e-3'],
  ['model: dall-e-2, rendering: vivid', 'manifest/rendering', 'dall-e-3'],
  ['model: gpt-image-2.6-flare, svg: { effort: low }', 'manifest/svg', 'format: svg'],
])('rejects %s with its place and what to use', (asset, code, advice) => {
  const [mistake] = resolve(asset).diagnostics.filter(({ severity }) => severity === 'error')
  expect(mistake!.hint).toContain(advice)
  expect(mistake!.place).toMatchObject({ file: 'images.yaml', line: 4 })
  expect(mistake!.place.column).toBeGreaterThan(30)
  expect(mistake!.code).toBe(code)
})

test('keeps the request hash of pictures without these settings', () => {
  const hashOf = (asset: string) => hashRequest(requestOf(resolve(asset).manifest!.assets[0]!))
  expect(hashOf('model: gpt-image-2.5-flare, size: 1024x1024')).toBe(
    hashRequest({
      operation: 'generate',
      prompt: 'A boat',
      model: 'gpt-image-2.5-flare',
      size: '1024x1024',
      quality: 'medium',
      background: 'auto',
      format: 'png',
    }),
  )
  expect(hashOf('model: dall-e-3, rendering: natural')).not.toBe(hashOf('model: dall-e-3'))
})
