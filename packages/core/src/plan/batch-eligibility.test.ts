import { expect, test } from 'vitest'
import { hashRequest, requestOf } from '../identity/request.ts'
import { createWorld, type World } from './testing.ts'

const base = `version: 1
provider: openai
defaults: { outputs: [{ name: s, width: 64, height: 64, formats: [webp] }], model: gpt-image-2, quality: low }
assets:
  hill: { prompt: A green hill, alt: x }
  night: { edit: { image: hill }, prompt: The same at night, alt: x }
`
const AT = '2026-11-22T08:00:00.000Z'

/** A project whose hill is stale, and whose night, which is made from it, is new. */
function staleWorld(): World {
  const world = createWorld(base)
  world.lock.assets.delete('night')
  world.inventory.masters = new Map(
    [...world.inventory.masters].filter(([path]) => path !== 'images/night.png'),
  )
  world.rewrite(base.replace('A green hill', 'A brown hill'))
  return world
}

/** The same, with the hill asked in a batch. */
function pendingWorld(): World {
  const world = staleWorld()
  world.inventory.inBatch = new Map([[hashOf(world, 'hill'), [AT]]])
  return world
}

function hashOf({ manifest }: World, name: string): string {
  return hashRequest(requestOf(manifest.assets.find((asset) => asset.name === name)!))
}

function told({ steps }: ReturnType<World['plan']>): unknown[] {
  return steps.map(({ kind, asset, reasons }) => [kind, asset, reasons[0]])
}

const inBatch = { code: 'in-batch', since: AT }
const waits = { code: 'waits-for-batch', inputs: ['hill'] }

test('only tells of what is in a batch, and of what is made from it', () => {
  expect(told(pendingWorld().plan())).toEqual([
    ['keep', 'hill', inBatch],
    ['keep', 'night', waits],
  ])
})

test('asks for it where it is forced by name, and nowhere else', () => {
  const world = pendingWorld()
  expect(told(world.plan({ force: true }))).toEqual([
    ['keep', 'hill', inBatch],
    ['keep', 'night', waits],
  ])
  expect(world.plan({ force: true, only: new Set(['hill']) }).steps).toMatchObject([
    { kind: 'generate', asset: 'hill' },
  ])
})

test('leaves a picture of the journal there until the whole batch is', () => {
  const world = pendingWorld()
  world.inventory.journal.set(`${hashOf(world, 'hill')}+12345678-0-00`, 'f'.repeat(64))
  expect(told(world.plan())[0]).toEqual(['keep', 'hill', inBatch])
  world.inventory.inBatch = new Map()
  expect(world.plan().steps).toContainEqual(
    expect.objectContaining({ kind: 'recover', asset: 'hill' }),
  )
})

test('tells of a batch also where the picture that is there is up to date, and cuts what is missing', () => {
  const world = createWorld(base)
  world.inventory.inBatch = new Map([[hashOf(world, 'hill'), [AT]]])
  expect(told(world.plan({ only: new Set(['hill']) }))).toEqual([['keep', 'hill', inBatch]])
  world.inventory.cached.clear()
  expect(world.plan({ only: new Set(['hill']) }).steps).toMatchObject([
    { kind: 'derive', asset: 'hill' },
  ])
})

test('keeps what a person edited, whatever is in a batch', () => {
  const world = pendingWorld()
  world.inventory.masters.set('images/hill.png', { bytes: 1, sha256: 'e'.repeat(64) })
  expect(told(world.plan())).toContainEqual(['keep', 'hill', { code: 'edited' }])
})

test('does not ask again at once for what a batch brought no picture for', () => {
  const world = staleWorld()
  expect(told(world.plan({ failedInBatch: new Set([hashOf(world, 'hill')]) }))).toEqual([
    ['keep', 'hill', { code: 'failed-in-batch' }],
    ['keep', 'night', waits],
  ])
})

test('puts into a batch what can be, at half the price, and leaves what is made from it for later', () => {
  const world = staleWorld()
  const full = world.plan({ only: new Set(['hill']) })
  const half = world.plan({ only: new Set(['hill']), batch: true })
  expect(half.steps).toMatchObject([{ kind: 'generate', asset: 'hill', batch: true }])
  expect(half.usd).toBeCloseTo(full.usd / 2, 12)
  expect(told(world.plan({ batch: true }))).toEqual([
    ['generate', 'hill', expect.objectContaining({ code: 'request-changed' })],
    ['keep', 'night', waits],
  ])
})

test.each([
  ['the Batch API does not take gpt-image-2.6-flare', 'model: gpt-image-2.6-flare'],
  ['nobody knows whether the Batch API takes painter-9', 'model: painter-9'],
  ['it is streamed', 'partials: 2'],
])('says why not: %s', (why, setting) => {
  const world = createWorld(base)
  world.rewrite(base.replace('A green hill, alt: x', `A brown hill, alt: x, ${setting}`))
  const plan = world.plan({ only: new Set(['hill']), batch: true })
  expect(plan.steps).toMatchObject([{ kind: 'generate', asset: 'hill' }])
  expect(plan.steps[0]).not.toHaveProperty('batch')
  expect(plan.notes).toContainEqual({
    asset: 'hill',
    text: `not in a batch, so at the full price: ${why}`,
  })
})
