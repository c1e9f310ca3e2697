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

/** A project whose hill is stale and whose night, an edit of it, is new. */
function staleWorld(): World {
  const world = createWorld(base)
  world.lock.assets.delete('night')
  world.inventory.masters = new Map(
    [...world.inventory.masters].filter(([path]) => path !== 'images/night.png'),
  )
  world.rewrite(base.replace('A green hill', 'A brown hill'))
  return world
}

/** The same project, with the request of the hill in an open batch. */
function pendingWorld(): World {
  const world = staleWorld()
  world.inventory.inBatch = new Map([[hashOf(world, 'hill'), [AT]]])
  return world
}

function hashOf({ manifest }: World, name: string): string {
  return hashRequest(requestOf(manifest.assets.find((asset) => asset.name === name)!))
}

function summaryOf({ steps }: ReturnType<World['plan']>): unknown[] {
  return steps.map(({ kind, asset, reasons }) => [kind, asset, reasons[0]])
}

const inBatch = { code: 'in-batch', since: AT }
const waits = { code: 'waits-for-batch', inputs: ['hill'] }

test('keeps an asset whose request is in a batch, and the assets made from it', () => {
  expect(summaryOf(pendingWorld().plan())).toEqual([
    ['keep', 'hill', inBatch],
    ['keep', 'night', waits],
  ])
})

test('keeps one asset for each link that is still to be fetched, and what is made from it', () => {
  const world = staleWorld()
  world.inventory.linked = new Map([[hashOf(world, 'hill'), 1]])
  const plan = world.plan()
  expect(summaryOf(plan)).toEqual([
    ['keep', 'hill', { code: 'linked' }],
    ['keep', 'night', waits],
  ])
  expect(plan.usd).toBe(0)
  const forced = world.plan({ only: new Set(['hill']), force: true })
  expect(forced.steps).toMatchObject([{ kind: 'generate', asset: 'hill' }])
})

test('generates an asset in a batch only if it is forced by name', () => {
  const world = pendingWorld()
  expect(summaryOf(world.plan({ force: true }))).toEqual([
    ['keep', 'hill', inBatch],
    ['keep', 'night', waits],
  ])
  expect(world.plan({ force: true, only: new Set(['hill']) }).steps).toMatchObject([
    { kind: 'generate', asset: 'hill' },
  ])
})

test('leaves a received picture in the journal while its batch is open', () => {
  const world = pendingWorld()
  world.inventory.journal.set(`${hashOf(world, 'hill')}+12345678-0-00`, 'f'.repeat(64))
  expect(summaryOf(world.plan())[0]).toEqual(['keep', 'hill', inBatch])
  world.inventory.inBatch = new Map()
  expect(world.plan().steps).toContainEqual(
    expect.objectContaining({ kind: 'recover', asset: 'hill' }),
  )
})

test('reports an open batch of an up-to-date asset, unless outputs are missing', () => {
  const world = createWorld(base)
  world.inventory.inBatch = new Map([[hashOf(world, 'hill'), [AT]]])
  expect(summaryOf(world.plan({ only: new Set(['hill']) }))).toEqual([['keep', 'hill', inBatch]])
  world.inventory.cached.clear()
  expect(world.plan({ only: new Set(['hill']) }).steps).toMatchObject([
    { kind: 'derive', asset: 'hill' },
  ])
})

test('keeps an edited master although its request is in a batch', () => {
  const world = pendingWorld()
  world.inventory.masters.set('images/hill.png', { bytes: 1, sha256: 'e'.repeat(64) })
  expect(summaryOf(world.plan())).toContainEqual(['keep', 'hill', { code: 'edited' }])
})

test('does not generate an asset whose batch has just returned no picture', () => {
  const world = staleWorld()
  expect(summaryOf(world.plan({ failedInBatch: new Set([hashOf(world, 'hill')]) }))).toEqual([
    ['keep', 'hill', { code: 'failed-in-batch' }],
    ['keep', 'night', waits],
  ])
})

test('sends an asset in a batch at half the price, and makes its dependents wait', () => {
  const world = staleWorld()
  const full = world.plan({ only: new Set(['hill']) })
  const half = world.plan({ only: new Set(['hill']), batch: true })
  expect(half.steps).toMatchObject([{ kind: 'generate', asset: 'hill', batch: true }])
  expect(half.usd).toBeCloseTo(full.usd / 2, 12)
  expect(summaryOf(world.plan({ batch: true }))).toEqual([
    ['generate', 'hill', expect.objectContaining({ code: 'request-changed' })],
    ['keep', 'night', waits],
  ])
})

test.each([
  ['the Batch API does not accept gpt-image-2.6-flare', 'model: gpt-image-2.6-flare'],
  ['it is unknown whether the Batch API accepts painter-9', 'model: painter-9'],
  ['its partial pictures are streamed', 'partials: 2'],
])('notes why an asset is not sent in a batch: %s', (why, setting) => {
  const world = createWorld(base)
  world.rewrite(base.replace('A green hill, alt: x', `A brown hill, alt: x, ${setting}`))
  const plan = world.plan({ only: new Set(['hill']), batch: true })
  expect(plan.steps).toMatchObject([{ kind: 'generate', asset: 'hill' }])
  expect(plan.steps[0]).not.toHaveProperty('batch')
  expect(plan.notes).toContainEqual({ asset: 'hill', text: `full price, not in a batch: ${why}` })
})

const flat = base.replace(/  night:.*\n/, '')

test.each([
  [
    'server: ai-sdk, models: { gpt-image-2: { price: 0.04 } }',
    'mine has no `batchPrice` for gpt-image-2',
  ],
  ['server: xai', 'batches of mine require `server: ai-sdk`'],
  ['server: gemini', 'batches of mine require `server: ai-sdk`'],
  ["server: new-api, baseURL: 'https://relay.example.com/v1'", 'mine has no Batch API'],
])('says what a batch needs with %s', (entry, why) => {
  const world = createWorld(
    flat.replace('provider: openai', `provider: mine\nproviders: { mine: { ${entry} } }`),
  )
  world.lock.assets.clear()
  world.inventory.masters.clear()
  const { notes } = world.plan({ batch: true })
  expect(notes.map(({ text }) => text)).toContain(`full price, not in a batch: ${why}`)
})

test('sends a model of the AI SDK in a batch at its own price', () => {
  const entry = 'server: ai-sdk, models: { gpt-image-2: { price: 0.04, batchPrice: 0.03 } }'
  const world = createWorld(
    flat.replace('provider: openai', `provider: mine\nproviders: { mine: { ${entry} } }`),
  )
  world.lock.assets.clear()
  world.inventory.masters.clear()
  expect(world.plan({ batch: true }).steps[0]).toMatchObject({ batch: true, usd: 0.03 })
})
