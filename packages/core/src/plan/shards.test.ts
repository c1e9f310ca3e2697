import { expect, test } from 'vitest'
import { assetsOfShard, selectShard } from './shards.ts'
import { createWorld, type World } from './testing.ts'

const head = `version: 1
provider: openai
defaults: { outputs: [{ name: s, width: 1024, height: 1024, formats: [webp] }] }
assets:
`

/** Creates a project in which nothing is generated yet. */
function createEmpty(assets: string): World {
  const world = createWorld(head + assets)
  world.lock.assets.clear()
  world.inventory.masters.clear()
  return world
}

/** Returns the names of each shard, sorted. */
function split(world: World, count: number): string[][] {
  return Array.from({ length: count }, (_, at) =>
    [...assetsOfShard(world, { index: at + 1, count })].sort(),
  )
}

const plain = (names: readonly string[]): string =>
  names.map((name) => `  ${name}: { prompt: ${name}, alt: x }\n`).join('')

test('gives each asset to exactly one shard', () => {
  const names = Array.from({ length: 23 }, (_, at) => `a${String(at).padStart(2, '0')}`)
  const world = createEmpty(plain(names))
  for (const count of [1, 2, 5, 30]) {
    const shards = split(world, count)
    expect(shards.flat().sort(), String(count)).toEqual(names)
    const sizes = shards.map(({ length }) => length)
    expect(Math.max(...sizes) - Math.min(...sizes), String(count)).toBeLessThanOrEqual(1)
  }
})

test('deals the price evenly, not the number', () => {
  const world = createEmpty(
    `  big: { prompt: Big, quality: high, alt: x }\n${plain(['a', 'b', 'c', 'd'])}`,
  )
  const shards = split(world, 2)
  expect(shards).toEqual([['big'], ['a', 'b', 'c', 'd']])
})

test.each([
  [
    'an edit of an edit',
    `  a: { prompt: A, alt: x }
  b: { prompt: B, alt: x, edit: { image: a } }
  c: { prompt: C, alt: x, edit: { image: b } }
${plain(['d', 'e', 'f'])}`,
    ['a', 'b', 'c'],
  ],
  [
    'two edits of one picture',
    `  z: { prompt: Z, alt: x }
  b: { prompt: B, alt: x, edit: { image: z } }
  c: { prompt: C, alt: x, edit: { image: z } }
${plain(['d', 'e', 'f'])}`,
    ['b', 'c', 'z'],
  ],
  [
    'references to two pictures',
    `  a: { prompt: A, alt: x }
  b: { prompt: B, alt: x }
  c: { prompt: C, alt: x, references: [a, b] }
${plain(['d', 'e', 'f'])}`,
    ['a', 'b', 'c'],
  ],
])('keeps %s in one shard', (_, assets, together) => {
  const shards = split(createEmpty(assets), 2)
  expect(shards).toContainEqual(together)
  expect(shards.flat().sort()).toHaveLength(6)
})

test('splits assets that share an input which is up to date', () => {
  const names = ['a', 'b', 'c', 'd']
  const text = `  logo: { prompt: Logo, alt: x }\n${names
    .map((name) => `  ${name}: { prompt: ${name}, alt: x, references: [logo] }\n`)
    .join('')}`
  expect(split(createEmpty(text), 2)).toContainEqual([])
  const world = createWorld(head + text)
  for (const name of names) world.lock.assets.delete(name)
  const shards = split(world, 2)
  expect(shards.map((shard) => shard.filter((name) => name !== 'logo'))).toEqual([
    ['a', 'c'],
    ['b', 'd'],
  ])
})

test('splits in the same way whatever a machine has on its disk', () => {
  const world = createEmpty(plain(['a', 'b', 'c', 'd', 'e']))
  const expected = split(world, 3)
  world.inventory.masters.set('images/a.png', { bytes: 1, sha256: 'a'.repeat(64) })
  world.inventory.journal.set('b'.repeat(64), 'c'.repeat(64))
  world.inventory.cached.clear()
  expect(split(world, 3)).toEqual(expected)
})

test('splits in the same way if a machine lacks a file that another tool downloads', () => {
  const world = createEmpty(
    `  a: { prompt: A, alt: x, references: [./a.png] }\n${plain(['b', 'c', 'd'])}`,
  )
  const fact = { bytes: 1, sha256: 'a'.repeat(64) }
  world.inventory.sources = new Map([['a.png', fact]])
  const expected = split(world, 2)
  world.inventory.sources = new Map([['a.png', { ...fact, pointer: 'git-lfs' as const }]])
  expect(split(world, 2)).toEqual(expected)
})

test('splits assets of unknown price like the others', () => {
  const names = ['a', 'b', 'c', 'd']
  const world = createEmpty(
    `${names.map((name) => `  ${name}: { prompt: ${name}, alt: x, model: own }\n`).join('')}`,
  )
  expect(split(world, 2)).toEqual([
    ['a', 'c'],
    ['b', 'd'],
  ])
})

test('reduces a plan to the assets of a shard', () => {
  const world = createEmpty(`${plain(['a', 'b'])}  c: { prompt: C, alt: x, edit: { image: b } }\n`)
  const plan = world.plan()
  const shard = selectShard(plan, new Set(['a']))
  expect(shard).toMatchObject({ steps: [{ kind: 'generate', asset: 'a' }], unchanged: 0 })
  expect(shard.usd).toBeGreaterThan(0)
  expect(shard.usd).toBeLessThan(plan.usd)
  // An input that another shard has to make first.
  expect(selectShard(plan, new Set(['a', 'c'])).steps.map(({ asset }) => asset)).toEqual(['a'])
})
