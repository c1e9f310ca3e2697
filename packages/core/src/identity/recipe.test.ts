import { expect, test } from 'vitest'
import { createWorld } from '../plan/testing.ts'
import { hashRecipe } from './recipe.ts'

const { manifest } = createWorld(`version: 1
provider: openai
defaults: { outputs: [{ name: s, width: 1024, height: 1024, formats: [webp] }] }
assets:
  hero: { prompt: A lighthouse, alt: A }
`)

test('hashes the master and each setting of an output, but not its name', () => {
  const [output] = manifest.assets[0]!.outputs
  const variants = [
    {},
    { width: 1 },
    { height: 1 },
    { format: 'png' },
    { quality: 1 },
    { fit: 'inside' },
    { position: 'top' },
    { background: '#fff' },
    { provenance: false },
  ] as const
  const hashes = new Set(variants.map((change) => hashRecipe('a', { ...output!, ...change })))
  expect(hashes.size).toBe(variants.length)
  expect(hashRecipe('b', output!)).not.toBe(hashRecipe('a', output!))
  expect(hashRecipe('a', { ...output!, file: 'other.webp', preset: 'other' })).toBe(
    hashRecipe('a', output!),
  )
})
