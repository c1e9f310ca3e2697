import { expect, test } from 'vitest'
import { createWorld } from '../plan/testing.ts'
import { hashRecipe } from './recipe.ts'

const { manifest } = createWorld(`version: 1
provider: openai
defaults: { outputs: [{ name: s, width: 1024, height: 1024, formats: [webp] }] }
assets:
  hero: { prompt: A lighthouse, alt: A }
`)

const master = (sha256: string, path = 'images/hero.png'): Parameters<typeof hashRecipe>[0] => ({
  sha256,
  path,
})

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
  const hashes = new Set(
    variants.map((change) => hashRecipe(master('a'), { ...output!, ...change })),
  )
  expect(hashes.size).toBe(variants.length)
  expect(hashRecipe(master('b'), output!)).not.toBe(hashRecipe(master('a'), output!))
  expect(hashRecipe(master('a'), { ...output!, file: 'other.webp', preset: 'other' })).toBe(
    hashRecipe(master('a'), output!),
  )
})

test('cuts the outputs of an SVG again, which earlier versions drew too small', () => {
  const [output] = manifest.assets[0]!.outputs
  const recipes = ['images/hero.png', 'images/hero.svg', 'brand/LOGO.SVG'].map((path) =>
    hashRecipe(master('a', path), output!),
  )
  expect(recipes[1]).not.toBe(recipes[0])
  expect(recipes[2]).toBe(recipes[1])
})
