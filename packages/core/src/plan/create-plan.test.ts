import { expect, test } from 'vitest'
import { sha256 } from '../digest.ts'
import { hashRecipe } from '../identity/recipe.ts'
import { hashRequest, type ImageRequest, requestOf } from '../identity/request.ts'
import { parseShelfKey, shelfKey, type ShelvedPicture } from '../identity/shelf-key.ts'
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

/** Changes to an up-to-date project, and the steps that they lead to. */
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
    'a changed prompt',
    base,
    (world) => world.rewrite(base.replace('Four', 'Five')),
    ['generate team: request-changed'],
  ],
  [
    'a changed style',
    base,
    (world) => world.rewrite(base.replace('Warm', 'Cold')),
    ['generate hero: request-changed'],
  ],
  [
    'a changed model',
    base,
    (world) => world.rewrite(base.replace('defaults: {', 'defaults: { model: gpt-image-2,')),
    ['generate hero: request-changed', 'generate team: request-changed'],
  ],
  ['a changed alt', base, (world) => world.rewrite(base.replace('alt: A', 'alt: Z')), []],
  [
    'a larger output with an automatic size',
    base,
    (world) => world.rewrite(base.replace('width: 1024', 'width: 1500')),
    ['derive hero: outputs-changed', 'derive team: outputs-changed'],
  ],
  [
    'an explicit size',
    base,
    (world) => world.rewrite(base.replace('style: brand', 'style: brand, size: 1536x1024')),
    ['generate hero: request-changed'],
  ],
  [
    'an added output',
    base,
    (world) => world.rewrite(base.replace('outputs: [', 'outputs: [og, ')),
    ['derive hero: outputs-added', 'derive team: outputs-added'],
  ],
  [
    'a changed quality of an output',
    base,
    (world) => world.rewrite(base.replace('[webp]', '[webp], quality: 50')),
    ['derive hero: outputs-changed', 'derive team: outputs-changed'],
  ],
  [
    'a renamed output',
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
    'a renamed asset',
    base,
    (world) => world.rewrite(base.replace('team:', 'staff:')),
    ['move staff: renamed'],
  ],
  [
    'a renamed asset with a changed prompt',
    base,
    (world) => world.rewrite(base.replace('team: { prompt: Four', 'staff: { prompt: Five')),
    ['generate staff: new', 'prune team: not-in-manifest'],
  ],
  [
    'a renamed asset whose master is missing',
    base,
    (world) => (
      world.rewrite(base.replace('team:', 'staff:')),
      world.inventory.masters.delete('images/team.png')
    ),
    ['generate staff: new', 'prune team: not-in-manifest'],
  ],
  [
    'an asset split in two',
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
    'a removed asset',
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
    'an edited master with a changed prompt',
    base,
    (world) => (
      world.rewrite(base.replace('lighthouse', 'windmill')),
      world.inventory.masters.set('images/hero.png', { bytes: 1, sha256: sha256('mine') })
    ),
    ['keep hero: edited'],
  ],
  [
    'a missing lockfile',
    base,
    (world) => world.lock.assets.clear(),
    ['keep hero: untracked', 'keep team: untracked'],
  ],
  [
    'a missing lockfile and missing masters',
    base,
    (world) => (world.lock.assets.clear(), world.inventory.masters.clear()),
    ['generate hero: new', 'generate team: new'],
  ],
  [
    'a pinned master with a changed prompt',
    base,
    (world) => (pin(world), world.rewrite(base.replace('lighthouse', 'windmill'))),
    [],
  ],
  [
    'a missing cache',
    base,
    (world) => world.inventory.cached.clear(),
    ['derive hero: outputs-missing', 'derive team: outputs-missing'],
  ],
  [
    'a missing cache with files in the out folder',
    withOut,
    (world) => world.inventory.cached.clear(),
    [],
  ],
  [
    'a missing out folder',
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
  ['a file that this machine encodes differently', withOut, (world) => ownEncoding(world), []],
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
    'a received picture that is already in place',
    base,
    (world) => (
      world.lock.assets.delete('hero'),
      world.inventory.masters.set('images/hero.png', { bytes: 1, sha256: sha256('paid') }),
      receive(world, 'paid')
    ),
    ['recover hero: received-before'],
  ],
  [
    'a received picture for an asset with a locked master',
    base,
    (world) => receive(world, 'paid'),
    ['recover hero: received-before'],
  ],
  [
    'a received picture that is the locked master',
    base,
    (world) => receive(world, 'master of hero'),
    [],
  ],
  [
    'a received picture that is the locked master, which is missing',
    base,
    (world) => (
      receive(world, 'master of hero'),
      world.inventory.masters.delete('images/hero.png')
    ),
    ['recover hero: received-before'],
  ],
  [
    'a received picture for an edited master',
    base,
    (world) => (
      receive(world, 'paid'),
      world.inventory.masters.set('images/hero.png', { bytes: 1, sha256: sha256('mine') })
    ),
    ['keep hero: edited'],
  ],
  [
    'a received picture for an untracked file',
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
  world.inventory.ownDigests.set(
    hashRecipe(world.lock.assets.get('hero')!.master, output!),
    sha256('mine'),
  )
  world.inventory.out = new Map([
    ...world.inventory.out!,
    ['hero/s.webp', { bytes: 1, sha256: sha256('mine') }],
  ])
}

test('returns the same plan for any order of the lock and the files', () => {
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

test('does not change its options', () => {
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

test('lists the changed fields, the prompt first', () => {
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

test('sums known prices, and counts unknown ones', () => {
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

test('plans only selected assets, without orphans', () => {
  const world = createWorld(base)
  world.rewrite(base.replace('Warm', 'Cold').replace('team:', 'crew:').replace('Four', 'Five'))
  expect(short(world.plan({ only: new Set(['crew']) }))).toEqual(['generate crew: new'])
})

test('generates named assets with force; without names, only edited ones', () => {
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

const family = `version: 1
provider: openai
defaults: { outputs: [{ name: s, width: 64, height: 64, formats: [webp] }] }
assets:
  hero: { prompt: A hill, alt: x }
  night: { edit: { image: hero }, prompt: At night, alt: x }
  snow: { edit: { image: night, mask: ./mask.png }, prompt: In snow, alt: x }
  other: { prompt: A mug, alt: x }
  poster: { references: [snow, hero, other], prompt: A poster, alt: x }
`

test('recovers everything that was made from a picture that is recovered, as deep as it goes', () => {
  const world = createWorld(family)
  lockFamily(world, { prefix: 'earlier' })
  const { request: earlierSnow } = world.lock.assets.get('snow')!
  const shelf = new Map<string, ShelvedPicture[]>()
  for (const [asset, { request: locked, master }] of world.lock.assets) {
    if (asset === 'other') continue
    const request = locked as ImageRequest
    const requestHash = hashRequest(request)
    const key = shelfKey({ asset, requestHash, digest: master.sha256, size: request.size })
    shelf.set(requestHash, [parseShelfKey(key)])
  }
  lockFamily(world, { prefix: 'later', prompt: 'A valley' })
  world.inventory.shelf = shelf
  expect(short(world.plan())).toEqual([
    'recover hero: had-before',
    'recover night: had-before',
    'recover poster: had-before',
    'recover snow: had-before',
  ])
  // Without one picture, what is made from it has to be generated too.
  shelf.delete(hashRequest(earlierSnow as ImageRequest))
  expect(short(world.plan())).toEqual([
    'generate poster: input-changed',
    'generate snow: input-changed',
    'recover hero: had-before',
    'recover night: had-before',
  ])
})

test.each<[why: string, change: (world: World) => void, keep: string[]]>([
  [
    'edited',
    ({ inventory }) => inventory.masters.set('images/hero.png', { bytes: 1, sha256: 'mine' }),
    ['keep hero: edited'],
  ],
  [
    'a link',
    ({ inventory }) => {
      inventory.masters.delete('images/hero.png')
      inventory.links = new Set(['images/hero.png'])
    },
    ['keep hero: link'],
  ],
  [
    'pinned and missing',
    ({ inventory, lock }) => {
      inventory.masters.delete('images/hero.png')
      const entry = lock.assets.get('hero')!
      lock.assets.set('hero', { ...entry, master: { ...entry.master, state: 'pinned' } })
    },
    ['keep hero: kept-missing'],
  ],
])(
  'makes nothing from a picture that is %s, and keeps what was made from it',
  (_, change, keep) => {
    const world = createWorld(family)
    lockFamily(world, { prefix: 'locked' })
    change(world)
    expect(short(world.plan())).toEqual(keep)
    world.rewrite(
      family.replace('At night', 'At noon').replace('In snow', 'In fog').replace('A mug', 'A cup'),
    )
    expect(short(world.plan())).toEqual([
      'generate other: request-changed',
      ...keep,
      'keep night: blocked',
      'keep poster: blocked',
      'keep snow: blocked',
    ])
  },
)

/** Locks the family as if each picture had been made from those in the lockfile. */
function lockFamily(
  { lock, inventory, manifest }: World,
  { prefix, prompt }: { prefix: string; prompt?: string },
): void {
  const fixed = ['other', 'mask.png']
  const digestOf = (name: string): string => sha256(`${fixed.includes(name) ? '' : prefix} ${name}`)
  inventory.sources = new Map([['mask.png', { bytes: 1, sha256: digestOf('mask.png') }]])
  for (const asset of manifest.assets) {
    const entry = lock.assets.get(asset.name)!
    const digest = digestOf(asset.name)
    const request = requestOf(asset, ({ target }) => digestOf(target))
    if (asset.name === 'hero' && prompt !== undefined) request.prompt = prompt
    const outputs = Object.fromEntries(
      asset.outputs.map((output) => {
        const recipe = hashRecipe({ ...entry.master, sha256: digest }, output)
        inventory.cached.add(`${recipe}.webp`)
        return [output.file, { ...entry.outputs[output.file]!, recipe }]
      }),
    )
    const master = { ...entry.master, sha256: digest }
    lock.assets.set(asset.name, { ...entry, request, master, outputs })
    inventory.masters.set(master.path, { bytes: 1000, sha256: digest })
  }
}
