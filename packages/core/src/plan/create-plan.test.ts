import { expect, test } from 'vitest'
import { canonicalJson, sha256 } from '../digest.ts'
import { hashRecipe } from '../identity/recipe.ts'
import { hashRequest, requestOf } from '../identity/request.ts'
import { masterPaths } from '../lock/lock.ts'
import { cacheName } from './plan-outputs.ts'
import type { Plan, Reason } from './plan.ts'
import { hasWork } from './steps.ts'
import { createWorld, type World } from './testing.ts'

const base = `version: 1
provider: openai
styles:
  brand: { append: Warm. }
defaults: { outputs: [{ name: s, width: 1024, height: 1024, formats: [webp] }] }
assets:
  hero: { prompt: A lighthouse, style: brand, alt: A }
  team: { prompt: Four people, alt: B }
`
const withOut = base.replace('provider: openai', 'provider: openai\nout: public')

const hero = (world: World): World['manifest']['assets'][number] =>
  world.manifest.assets.find(({ name }) => name === 'hero')!
const short = ({ steps }: Plan): string[] =>
  steps.map(
    ({ kind, asset, reasons }) => `${kind} ${asset}: ${reasons.map(({ code }) => code).join(' ')}`,
  )

/** How a project that was whole is changed, and what is to be done then. */
const table: [name: string, text: string, change: (world: World) => void, steps: string[]][] = [
  ['nothing', base, () => {}, []],
  ['nothing, with an out folder', withOut, () => {}, []],
  [
    'a new asset',
    base,
    (world) => world.rewrite(`${base}  map: { prompt: A map, alt: C }\n`),
    ['generate map: new'],
  ],
  [
    'another prompt',
    base,
    (world) => world.rewrite(base.replace('Four', 'Five')),
    ['generate team: request-changed'],
  ],
  [
    'another style',
    base,
    (world) => world.rewrite(base.replace('Warm', 'Cold')),
    ['generate hero: request-changed'],
  ],
  [
    'another model',
    base,
    (world) => world.rewrite(base.replace('defaults: {', 'defaults: { model: gpt-image-2,')),
    ['generate hero: request-changed', 'generate team: request-changed'],
  ],
  ['another alt', base, (world) => world.rewrite(base.replace('alt: A', 'alt: Z')), []],
  [
    'a larger output, where Limn chose the size',
    base,
    (world) => world.rewrite(base.replace('width: 1024', 'width: 1500')),
    ['derive hero: outputs-changed', 'derive team: outputs-changed'],
  ],
  [
    'a size of its own',
    base,
    (world) => world.rewrite(base.replace('style: brand', 'style: brand, size: 1536x1024')),
    ['generate hero: request-changed'],
  ],
  [
    'another output',
    base,
    (world) => world.rewrite(base.replace('outputs: [', 'outputs: [og, ')),
    ['derive hero: outputs-added', 'derive team: outputs-added'],
  ],
  [
    'another quality of an output',
    base,
    (world) => world.rewrite(base.replace('[webp]', '[webp], quality: 50')),
    ['derive hero: outputs-changed', 'derive team: outputs-changed'],
  ],
  [
    'another name of an output',
    base,
    (world) => world.rewrite(base.replace('name: s', 'name: t')),
    [
      'derive hero: outputs-added',
      'derive team: outputs-added',
      'prune hero: outputs-not-asked',
      'prune team: outputs-not-asked',
    ],
  ],
  [
    'another name',
    base,
    (world) => world.rewrite(base.replace('team:', 'staff:')),
    ['move staff: renamed'],
  ],
  [
    'another name and another prompt',
    base,
    (world) => world.rewrite(base.replace('team: { prompt: Four', 'staff: { prompt: Five')),
    ['generate staff: new', 'prune team: not-in-manifest'],
  ],
  [
    'another name whose old picture is gone',
    base,
    (world) => (
      world.rewrite(base.replace('team:', 'staff:')),
      world.inventory.masters.delete('images/team.png')
    ),
    ['generate staff: new', 'prune team: not-in-manifest'],
  ],
  [
    'one asset in two',
    base,
    (world) =>
      world.rewrite(
        base.replace(
          '  team: { prompt: Four people, alt: B }',
          '  one: { prompt: Four people, alt: B }\n  two: { prompt: Four people, alt: B }',
        ),
      ),
    ['generate two: new', 'move one: renamed'],
  ],
  [
    'an asset less',
    base,
    (world) => world.rewrite(base.replace(/ {2}team.*\n/, '')),
    ['prune team: not-in-manifest'],
  ],
  [
    'a missing master',
    base,
    (world) => world.inventory.masters.delete('images/hero.png'),
    ['generate hero: master-missing'],
  ],
  [
    'an edited master',
    base,
    (world) => world.inventory.masters.set('images/hero.png', { bytes: 1, sha256: sha256('mine') }),
    ['keep hero: edited'],
  ],
  [
    'an edited master and another prompt',
    base,
    (world) => (
      world.rewrite(base.replace('lighthouse', 'windmill')),
      world.inventory.masters.set('images/hero.png', { bytes: 1, sha256: sha256('mine') })
    ),
    ['keep hero: edited'],
  ],
  [
    'a lock that is gone',
    base,
    (world) => world.lock.assets.clear(),
    ['keep hero: untracked', 'keep team: untracked'],
  ],
  [
    'lock and pictures gone',
    base,
    (world) => (world.lock.assets.clear(), world.inventory.masters.clear()),
    ['generate hero: new', 'generate team: new'],
  ],
  [
    'a pinned picture and another prompt',
    base,
    (world) => (pin(world), world.rewrite(base.replace('lighthouse', 'windmill'))),
    [],
  ],
  [
    'a lost cache',
    base,
    (world) => world.inventory.cached.clear(),
    ['derive hero: outputs-missing', 'derive team: outputs-missing'],
  ],
  [
    'a lost cache, where files are in the out folder',
    withOut,
    (world) => world.inventory.cached.clear(),
    [],
  ],
  [
    'no out folder',
    withOut,
    (world) => (world.inventory.out = null),
    ['derive hero: outputs-missing', 'derive team: outputs-missing'],
  ],
  [
    'an altered file in the out folder',
    withOut,
    (world) =>
      (world.inventory.out = new Map([
        ...world.inventory.out!,
        ['hero/s.webp', { bytes: 1, sha256: sha256('other') }],
      ])),
    ['derive hero: outputs-altered'],
  ],
  ['a file that this machine encodes otherwise', withOut, (world) => ownEncoding(world), []],
  [
    'a received picture',
    base,
    (world) => (
      world.lock.assets.delete('hero'),
      world.inventory.masters.delete('images/hero.png'),
      receive(world, 'paid')
    ),
    ['recover hero: received-before'],
  ],
  [
    'a received picture that is in place already',
    base,
    (world) => (
      world.lock.assets.delete('hero'),
      world.inventory.masters.set('images/hero.png', { bytes: 1, sha256: sha256('paid') }),
      receive(world, 'paid')
    ),
    ['recover hero: received-before'],
  ],
  [
    'a received picture for a master that is locked',
    base,
    (world) => receive(world, 'paid'),
    ['recover hero: received-before'],
  ],
  ['a received picture that is locked', base, (world) => receive(world, 'master of hero'), []],
  [
    'a received picture that is locked, and lost',
    base,
    (world) => (
      receive(world, 'master of hero'),
      world.inventory.masters.delete('images/hero.png')
    ),
    ['recover hero: received-before'],
  ],
  [
    'a received picture, and an edited one in its place',
    base,
    (world) => (
      receive(world, 'paid'),
      world.inventory.masters.set('images/hero.png', { bytes: 1, sha256: sha256('mine') })
    ),
    ['keep hero: edited'],
  ],
  [
    'a received picture, and a brought one in its place',
    base,
    (world) => (world.lock.assets.delete('hero'), receive(world, 'paid')),
    ['keep hero: untracked'],
  ],
]

test.each(table)('plans %s', (_, text, change, steps) => {
  const world = createWorld(text)
  change(world)
  expect(short(world.plan())).toEqual(steps)
  expect(hasWork(world.plan())).toBe(steps.some((step) => !/^(keep|prune)/.test(step)))
})

function receive(world: World, bytes: string): void {
  world.inventory.journal.set(hashRequest(requestOf(hero(world))), sha256(bytes))
}

function pin(world: World): void {
  const entry = world.lock.assets.get('hero')!
  world.lock.assets.set('hero', { ...entry, master: { ...entry.master, state: 'pinned' } })
}

function ownEncoding(world: World): void {
  const [output] = hero(world).outputs
  world.inventory.ownDigests.set(hashRecipe(sha256('master of hero'), output!), sha256('mine'))
  world.inventory.out = new Map([
    ...world.inventory.out!,
    ['hero/s.webp', { bytes: 1, sha256: sha256('mine') }],
  ])
}

test('gives the same plan twice, whatever the order of lock and disk', () => {
  const world = createWorld(base)
  world.rewrite(
    `${base.replace('Warm', 'Cold').replace('team:', 'staff:')}  a: { prompt: A, alt: A }\n`,
  )
  const first = JSON.stringify(world.plan())
  expect(JSON.stringify(world.plan())).toBe(first)
  world.lock.assets = new Map([...world.lock.assets].toReversed())
  world.inventory.masters = new Map([...world.inventory.masters].toReversed())
  expect(JSON.stringify(world.plan())).toBe(first)
  expect(JSON.parse(first)).toEqual(world.plan())
})

test('changes nothing that it is given', () => {
  const world = createWorld(withOut)
  world.rewrite(withOut.replace('Warm', 'Cold').replace('team:', 'staff:'))
  const before = structuredClone({
    manifest: world.manifest,
    lock: world.lock,
    inventory: world.inventory,
  })
  world.plan({ force: true })
  expect({ manifest: world.manifest, lock: world.lock, inventory: world.inventory }).toEqual(before)
})

test('says which fields changed, the prompt first', () => {
  const world = createWorld(base)
  world.rewrite(
    base.replace(
      'A lighthouse, style: brand',
      'A windmill, background: transparent, quality: high',
    ),
  )
  const [step] = world.plan().steps
  const [reason] = step!.reasons as Extract<Reason, { code: 'request-changed' }>[]
  expect(reason!.changes).toEqual([
    { field: 'prompt', from: 'A lighthouse. Warm.', to: 'A windmill' },
    { field: 'quality', from: 'medium', to: 'high' },
    { field: 'background', from: 'auto', to: 'transparent' },
  ])
})

test('sums the prices, and keeps the unknown ones apart', () => {
  const world = createWorld(base)
  world.lock.assets.clear()
  world.inventory.masters.clear()
  world.rewrite(base.replace('team: {', 'team: { model: somebody-else-1,'))
  const { usd, unknownPrices, steps } = world.plan()
  expect(unknownPrices).toBe(1)
  expect(steps).toMatchObject([
    { asset: 'hero', usd },
    { asset: 'team', usd: null },
  ])
  expect(usd).toBeGreaterThan(0.01)
})

test('plans only what is selected, and leaves orphans alone then', () => {
  const world = createWorld(base)
  world.rewrite(base.replace('Warm', 'Cold').replace('team:', 'crew:').replace('Four', 'Five'))
  expect(short(world.plan({ only: new Set(['crew']) }))).toEqual(['generate crew: new'])
})

test('generates with force what is named; without names, only what was kept from it', () => {
  const world = createWorld(base)
  world.inventory.masters.set('images/hero.png', { bytes: 1, sha256: sha256('mine') })
  expect(short(world.plan({ force: true, only: new Set(['hero']) }))).toEqual([
    'generate hero: forced',
  ])
  expect(short(world.plan({ force: true }))).toEqual(['generate hero: forced'])
  expect(short(world.plan({ force: true, only: new Set(['team']) }))).toEqual([
    'generate team: forced',
  ])
})

test('gives each request a hash that only its own fields decide', () => {
  const { manifest } = createWorld(base)
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

test('gives each recipe a hash that the master and every setting decide', () => {
  const { manifest } = createWorld(base)
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
  expect(cacheName('abc', { format: 'jpeg' })).toBe('abc.jpg')
})

test('looks for a master under every ending it can have', () => {
  expect(masterPaths('images', 'product/mug')).toEqual(
    expect.arrayContaining([
      'images/product/mug.png',
      'images/product/mug.webp',
      'images/product/mug.jpg',
      'images/product/mug.avif',
      'images/product/mug.gif',
      'images/product/mug.tiff',
    ]),
  )
})
