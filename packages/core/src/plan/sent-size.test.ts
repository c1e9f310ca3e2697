import { expect, test } from 'vitest'
import { sha256 } from '../digest.ts'
import { hashRequest, requestOf } from '../identity/request.ts'
import { parseShelfKey, shelfKey } from '../identity/shelf-key.ts'
import { createWorld, type World } from './testing.ts'

const manifest = (asset: string): string =>
  `version: 1\nprovider: openai\nassets: { hero: { prompt: A hill, alt: x, ${asset} } }\n`
const small = 'outputs: [{ name: s, width: 64, height: 64, formats: [webp] }]'
const wide = 'outputs: [{ name: s, width: 1600, height: 900, formats: [webp] }]'

/** A project without pictures that has sent a request with one size, and now plans another. */
function sentAs(place: 'journal' | 'links' | 'batch' | 'shelf', asset = 'hero'): World {
  const world = createWorld(manifest(small))
  const request = requestOf(world.manifest.assets[0]!)
  const [hash, { size }] = [hashRequest(request), request]
  world.lock.assets.clear()
  world.inventory.masters.clear()
  const { inventory } = world
  if (place === 'shelf') {
    const key = shelfKey({ asset, requestHash: hash, digest: sha256('x'), size })
    inventory.shelf = new Map([[hash, [parseShelfKey(key)]]])
    return world
  }
  if (place === 'journal') inventory.journal.set(hash, sha256('x'))
  if (place === 'links') inventory.linked = new Map([[hash, 1]])
  if (place === 'batch') inventory.inBatch = new Map([[hash, ['2026-11-22T08:00:00.000Z']]])
  inventory.sentSizes = new Map([[asset, [size]]])
  return world
}

test.each([
  ['journal', 'recover'],
  ['shelf', 'recover'],
  ['links', 'keep'],
  ['batch', 'keep'],
] as const)('finds the picture of another automatic size in the %s', (place, kind) => {
  const world = sentAs(place)
  world.rewrite(manifest(wide))
  expect(world.plan()).toMatchObject({ usd: 0, steps: [{ kind, asset: 'hero' }] })
})

test.each(['journal', 'shelf', 'links', 'batch'] as const)(
  'requests a size that the manifest sets, whatever is in the %s',
  (place) => {
    const world = sentAs(place)
    world.rewrite(manifest(`size: 1536x1024, ${small}`))
    expect(world.plan()).toMatchObject({ steps: [{ kind: 'generate' }] })
  },
)

test.each(['journal', 'shelf', 'links', 'batch'] as const)(
  'leaves the picture of another asset and size in the %s',
  (place) => {
    const world = sentAs(place, 'lake')
    world.rewrite(manifest(wide))
    expect(world.plan()).toMatchObject({ steps: [{ kind: 'generate' }] })
  },
)
