import { expect, test } from 'vitest'
import { requestOf } from '../identity/request.ts'
import { groupByCause } from './cost-groups.ts'
import { createWorld } from './testing.ts'

/** Plans a change of a manifest, and returns its groups: what caused them, and their assets. */
function causesOf(before: string, after: string): Record<string, string[]> {
  const head = 'version: 1\nprovider: openai\n'
  const world = createWorld(head + before)
  for (const asset of world.manifest.assets) {
    const entry = world.lock.assets.get(asset.name)!
    entry.made.ownPrompt = asset.ownPrompt
    entry.request = requestOf(asset, ({ target }) => world.lock.assets.get(target)!.master.sha256)
  }
  world.rewrite(head + after)
  const groups = groupByCause(world.plan(), { assets: world.manifest.assets, lock: world.lock })
  return Object.fromEntries(groups.map(({ cause, assets }) => [cause, assets]))
}

const site = `
defaults: { quality: low, outputs: [card] }
vars: { season: winter, place: a lake }
styles:
  brand: { append: Flat shapes, avoid: text }
  night: { prepend: A night scene, extends: brand }
assets:
  a: { prompt: "A boat on {{place}}", style: brand }
  b: { prompt: A hut, style: brand }
  c: { prompt: "A tree in {{season}}", style: night }
  d: { prompt: A hill, quality: high }
  e: { prompt: "A {{color}} cup", matrix: { color: [red, blue] } }
  f: { prompt: Add snow, edit: { image: b } }
`

const change = (from: string, to: string): string => site.replaceAll(from, to)

test.each([
  [
    'text that a style adds',
    'Flat shapes',
    'Round shapes',
    { 'style brand changed': ['a', 'b', 'c', 'f'] },
  ],
  [
    'text that a style no longer adds',
    'Flat shapes',
    'Flat',
    { 'style brand changed': ['a', 'b', 'c', 'f'] },
  ],
  [
    'what a style avoids',
    'avoid: text',
    'avoid: words',
    { 'style brand changed': ['a', 'b', 'c', 'f'] },
  ],
  ['one of two styles', 'A night scene', 'A dark scene', { 'style night changed': ['c'] }],
  ['a variable', 'season: winter', 'season: late summer', { 'variable season changed': ['c'] }],
  ['a variable at the end', 'place: a lake', 'place: the sea', { 'variable place changed': ['a'] }],
  ['a prompt', 'A hut', 'A red hut', { 'prompt changed': ['b'], 'input b changed': ['f'] }],
  ['the prompt of a matrix', ' cup', ' mug', { 'prompt e changed': ['e/blue', 'e/red'] }],
  [
    'an own setting',
    'quality: high',
    'quality: xhigh',
    { 'quality changed (high → xhigh)': ['d'] },
  ],
  [
    'a default',
    'quality: low',
    'quality: medium',
    { 'default quality changed (low → medium)': ['a', 'b', 'c', 'e/blue', 'e/red', 'f'] },
  ],
  [
    'a default that is gone',
    'quality: low, ',
    '',
    { 'built-in quality changed (low → medium)': ['a', 'b', 'c', 'e/blue', 'e/red', 'f'] },
  ],
  ['a style and a variable', 'shapes', 'lines', { 'style brand changed': ['a', 'b', 'c', 'f'] }],
  ['a new asset', 'assets:', 'assets:\n  z: { prompt: A fox }', { new: ['z'] }],
])('finds %s as the cause', (_, from, to, expected) => {
  expect(change(from, to)).not.toBe(site)
  expect(causesOf(site, change(from, to))).toEqual(expected)
})

test('names several causes of one picture together', () => {
  const after = change('Flat shapes', 'Round shapes').replace('quality: low', 'quality: medium')
  expect(causesOf(site, after)).toEqual({
    'style brand changed, default quality changed (low → medium)': ['a', 'b', 'c', 'f'],
    'default quality changed (low → medium)': ['e/blue', 'e/red'],
  })
})

test.each(['', 'Nothing of it', 'Flat shapes', 'text', 'A boat on a lake', 'A hut.Flat', '\n'])(
  'finds a cause for each asset when the lockfile records another prompt: %j',
  (prompt) => {
    const world = createWorld(`version: 1\nprovider: openai\n${site}`)
    for (const { name, ownPrompt } of world.manifest.assets) {
      const entry = world.lock.assets.get(name)!
      entry.made.ownPrompt = ownPrompt
      entry.request = { ...entry.request, prompt } as typeof entry.request
    }
    const { assets } = world.manifest
    const groups = groupByCause(world.plan(), { assets, lock: world.lock })
    expect(new Set(groups.flatMap((group) => group.assets))).toEqual(
      new Set(assets.map(({ name }) => name)),
    )
  },
)

test('groups a default by its new value, whatever the earlier ones were', () => {
  const before = site.replace('quality: high', 'quality: low, size: 1024x1024')
  expect(
    causesOf(
      before.replace('A hut', 'A hut, model: gpt-image-2'),
      change('quality: low', 'model: gpt-image-2.5-sunburst, quality: low'),
    ),
  ).toHaveProperty(['default model changed to gpt-image-2.5-sunburst'])
})

test('sums up pictures and prices, and counts unknown prices apart', () => {
  const world = createWorld('version: 1\nprovider: openai\nassets: {}')
  world.rewrite(`version: 1
provider: openai
assets:
  a: { prompt: A boat, candidates: 3 }
  b: { prompt: A hut }
  c: { prompt: A fox, model: some-new-model }`)
  const plan = world.plan()
  expect(groupByCause(plan, { assets: world.manifest.assets, lock: world.lock })).toEqual([
    {
      cause: 'new',
      causes: [{ kind: 'new' }],
      assets: ['a', 'b', 'c'],
      pictures: 5,
      usd: plan.usd,
      unknownPrices: 1,
    },
  ])
})
