import type { SheetAsset } from '@limn/contact-sheet'
import { expect, test } from 'vitest'
import { createWorld, type World } from '../../plan/testing.ts'
import { projectPaths } from '../../store/paths.ts'
import { createSheet, type SheetFacts } from './read-sheet.ts'
import type { RequestFailure } from './runs.ts'

const manifest = `version: 1
provider: openai
budget: { run: 2, month: 10 }
currency: { code: EUR, perUsd: 0.9 }
styles:
  flat: { append: Flat colours, avoid: text }
  brand: { extends: flat, prepend: For a shop }
assets:
  hero: { prompt: A lighthouse, alt: A lighthouse, outputs: [og, card] }
  mug: { prompt: A mug, style: brand, alt: A mug, outputs: [og] }
`

const facts: SheetFacts = {
  paths: projectPaths('/srv/shop'),
  mistakes: [],
  spentThisMonth: 3,
  devLeft: null,
  failureOf: () => undefined,
}

function sheetOf(world: World, more: Partial<SheetFacts> = {}): ReturnType<typeof createSheet> {
  const { manifest, lock, inventory } = world
  const snapshot = { manifest, lock, inventory, warnings: [] }
  return createSheet({ plan: world.plan(), snapshot }, { ...facts, ...more })
}

function assetOf(world: World, name: string, more?: Partial<SheetFacts>): SheetAsset {
  return sheetOf(world, more).assets.find((asset) => asset.name === name)!
}

test('shows limits, currency and what the plan costs', () => {
  const world = createWorld(manifest)
  expect(sheetOf(world)).toMatchObject({
    project: 'shop',
    manifest: 'images.yaml',
    canAct: true,
    mistakes: [],
    planUsd: 0,
    budget: { run: 2, month: 10, spentThisMonth: 3, devLeft: null },
    currency: { code: 'EUR', rate: 0.9 },
  })
  world.rewrite(manifest.replace('A mug,', 'A red mug,'))
  expect(sheetOf(world).planUsd).toBeGreaterThan(0)
  world.rewrite(manifest.replace('A mug,', 'A red mug, model: unheard-of,'))
  expect(sheetOf(world).planUsd).toBeNull()
})

test('shows mistakes with the assets of the last valid read, and none before the first', () => {
  const mistakes = [{ code: 'manifest/syntax', text: 'images.yaml:3:1 Something is wrong.' }]
  expect(sheetOf(createWorld(manifest), { mistakes })).toMatchObject({
    mistakes,
    assets: [{ name: 'hero' }, { name: 'mug' }],
  })
  expect(createSheet(undefined, { ...facts, mistakes })).toMatchObject({
    mistakes,
    assets: [],
    planUsd: null,
  })
})

test('shows an asset with its presets and the styles of its prompt', () => {
  expect(assetOf(createWorld(manifest), 'mug')).toMatchObject({
    state: 'generated',
    need: 'nothing',
    why: '',
    presets: ['og'],
    styles: ['brand', 'flat'],
    isDraft: false,
    isPinned: false,
    step: null,
  })
})

test('says why an asset is not up to date, and what it would cost', () => {
  const world = createWorld(manifest)
  world.rewrite(manifest.replace('A mug,', 'A red mug,'))
  const failureOf = (name: string): RequestFailure => ({
    code: 'provider/moderation',
    message: `the last request of ${name} failed`,
  })
  expect(assetOf(world, 'mug', { failureOf })).toMatchObject({
    state: 'stale',
    need: 'run',
    why: 'prompt changed; the last request of mug failed',
    failure: { code: 'provider/moderation' },
    step: { kind: 'generate', usd: expect.any(Number) as number },
  })
  // What failed was made since.
  expect(assetOf(world, 'hero', { failureOf })).toMatchObject({ failure: null, why: '' })
})

test('shows a draft of an asset without a picture, and the file of one that is edited', () => {
  const world = createWorld(manifest)
  const path = world.lock.assets.get('hero')!.master.path
  const before = assetOf(world, 'hero').picture
  world.inventory.masters.set(path, { bytes: 5, sha256: 'f'.repeat(64) })
  expect(assetOf(world, 'hero')).toMatchObject({ state: 'edited', picture: 'f'.repeat(16) })
  expect(before).not.toBe('f'.repeat(16))
  world.inventory.masters.delete(path)
  expect(assetOf(world, 'hero')).toMatchObject({
    state: 'missing',
    isDraft: true,
    picture: expect.stringMatching(/^draft-[0-9a-f]{16}$/) as string,
  })
})

test('shows no file that the lockfile names outside of the masters', () => {
  const world = createWorld(manifest)
  const entry = world.lock.assets.get('hero')!
  for (const path of ['../secret.png', 'images/mug.png', 'images.yaml', '/etc/passwd']) {
    world.lock.assets.set('hero', { ...entry, master: { ...entry.master, path } })
    world.inventory.masters.delete('images/hero.png')
    expect(assetOf(world, 'hero').isDraft, path).toBe(true)
  }
})

test('needs less than 400 bytes for an asset', () => {
  const count = 500
  const assets = Array.from(
    { length: count },
    (_, index) =>
      `  shop/category-${index % 10}/product-${index}: { prompt: Product ${index}, style: brand, alt: "Product ${index} of the shop, on a table", outputs: [og, card] }\n`,
  )
  const world = createWorld(manifest + assets.join(''))
  expect(JSON.stringify(sheetOf(world)).length / count).toBeLessThan(400)
})
