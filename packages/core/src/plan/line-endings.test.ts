import { expect, test } from 'vitest'
import type { FileFact } from '../cache/file-digests.ts'
import { sha256 } from '../digest.ts'
import { hashRequest, requestOf } from '../identity/request.ts'
import { createWorld, entryOf, type World } from './testing.ts'

const [lf, crlf] = [sha256('text with LF'), sha256('text with CRLF')]
/** A text on the disk. Limn records its digest with LF, whatever its line endings are. */
const text: FileFact = { bytes: 9, sha256: lf, others: [crlf] }

test.each([
  ['this version', lf],
  ['an older version on Windows', crlf],
])('keeps an SVG master that %s recorded', (_, recorded) => {
  const world = createWorld(`version: 1
provider: openai
assets: { mark: { prompt: A fox, alt: A, format: svg, model: gpt-image-2.6-flare, outputs: [favicons] } }
`)
  const entry = entryOf(world.manifest.assets[0]!)
  const master = { ...entry.master, path: 'images/mark.svg', sha256: recorded }
  world.lock.assets.set('mark', { ...entry, master, outputs: {} })
  world.inventory.masters = new Map([['images/mark.svg', text]])
  expect(kinds(world)).toEqual(['derive'])
  world.inventory.masters.set('images/mark.svg', { bytes: 9, sha256: sha256('edited') })
  expect(kinds(world)).toEqual(['keep'])
})

test.each([lf, crlf])('keeps a picture whose reference the lockfile records as %s', (recorded) => {
  const world = createReferenceWorld()
  const [bag] = world.manifest.assets
  const entry = entryOf(bag!)
  world.lock.assets.set('bag', { ...entry, request: requestOf(bag!, () => recorded) })
  expect(kinds(world)).toEqual([])
  world.inventory.sources = new Map([['logo.svg', { bytes: 9, sha256: sha256('edited') }]])
  expect(kinds(world)).toEqual(['generate'])
})

test.each(['journal', 'shelf', 'batch'] as const)(
  'finds a picture that an older version on Windows left in the %s',
  (place) => {
    const world = createReferenceWorld()
    world.lock.assets.delete('bag')
    world.inventory.masters.clear()
    const hash = hashRequest(requestOf(world.manifest.assets[0]!, () => crlf))
    if (place === 'journal') world.inventory.journal.set(hash, sha256('paid'))
    if (place === 'shelf') {
      world.inventory.shelf = new Map([
        [hash, [{ key: hash, requestHash: hash, sha256: null, tag: '', size: null }]],
      ])
    }
    if (place === 'batch') world.inventory.inBatch = new Map([[hash, ['2026-11-22T08:00:00.000Z']]])
    expect(kinds(world)).toEqual([place === 'batch' ? 'keep' : 'recover'])
  },
)

test('keeps an SVG output in `out` whatever its line endings are', () => {
  const world = createWorld(`version: 1
provider: openai
out: public
assets: { mark: { prompt: A fox, alt: A, format: svg, model: gpt-image-2.6-flare, outputs: [{ name: m, formats: [svg] }] } }
`)
  const locked = Object.values(world.lock.assets.get('mark')!.outputs)[0]!
  const file = { bytes: 9, sha256: lf, others: [locked.sha256] }
  world.inventory.out = new Map([['mark/m.svg', file]])
  expect(kinds(world)).toEqual([])
})

function createReferenceWorld(): World {
  const world = createWorld(`version: 1
provider: openai
assets: { bag: { references: [./logo.svg], prompt: A bag, alt: A, outputs: [{ name: s, width: 64, height: 64, formats: [webp] }] } }
`)
  world.inventory.sources = new Map([['logo.svg', text]])
  return world
}

function kinds(world: World): string[] {
  return world.plan().steps.map(({ kind }) => kind)
}
