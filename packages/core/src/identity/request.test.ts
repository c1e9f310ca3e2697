import { expect, test } from 'vitest'
import { canonicalJson } from '../digest.ts'
import { createWorld } from '../plan/testing.ts'
import { hashRequest, isKeyOf, requestOf } from './request.ts'

const { manifest } = createWorld(`version: 1
provider: openai
defaults: { outputs: [{ name: s, width: 1024, height: 1024, formats: [webp] }] }
assets:
  hero: { prompt: A lighthouse, alt: A }
`)

test('hashes each field of a request, in any order', () => {
  const hashes = new Set<string>()
  const request = requestOf(manifest.assets[0]!)
  for (const change of [
    {},
    { prompt: 'x' },
    { model: 'x' },
    { size: '16x16' },
    { quality: 'x' },
    { background: 'opaque' },
    { format: 'webp' },
  ] as const) {
    hashes.add(hashRequest({ ...request, ...change }))
  }
  expect(hashes.size).toBe(7)
  expect(hashRequest(JSON.parse(canonicalJson(request)) as typeof request)).toBe(
    hashRequest(request),
  )
})

test('recognizes the journal keys of a request', () => {
  const request = requestOf(manifest.assets[0]!)
  const hash = hashRequest(request)
  expect(isKeyOf(hash, request)).toBe(true)
  expect(isKeyOf(`${hash}+2`, request)).toBe(true)
  expect(isKeyOf(hash.replace(/^./, 'x'), request)).toBe(false)
})
