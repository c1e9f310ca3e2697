import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AssetView } from '@limn/contact-sheet'
import { expect, onTestFinished, test } from 'vitest'
import { createWorld, type World } from '../../plan/testing.ts'
import { projectPaths } from '../../store/paths.ts'
import type { SheetContext } from './context.ts'
import { readAssetView } from './read-asset-view.ts'
import { indexState } from './session-state.ts'

const manifest = `version: 1
provider: openai
styles:
  brand: { prepend: For a shop, append: Flat colours, avoid: text }
assets:
  hero:
    prompt: A lighthouse
    style: [brand, watercolor]
    alt: A lighthouse at dawn
    quality: low
    outputs: [instagram_story, { preset: card, position: { x: 0.25, y: 0.5 } }]
  plain: { prompt: A mug, alt: A mug, outputs: [og] }
  logo: { source: logo.png, alt: Logo, outputs: [favicon] }
`

type Options = Partial<Pick<SheetContext['host'], 'importsOf'>> & { failure?: string }

async function viewOf(world: World, name: string, options: Options = {}): Promise<AssetView> {
  const root = mkdtempSync(join(tmpdir(), 'limn-view-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  mkdirSync(join(root, 'images'))
  writeFileSync(join(root, 'images.yaml'), manifest)
  writeFileSync(join(root, 'images/hero.png'), 'no picture')
  const { manifest: current, lock, inventory } = world
  const snapshot = { manifest: current, lock, inventory, warnings: [] }
  const project = { paths: projectPaths(root), history: async () => [] }
  return readAssetView(
    {
      host: { project, ...options },
      failureOf: () => options.failure,
      requireState: async () => indexState({ plan: world.plan(), snapshot }),
    } as unknown as SheetContext,
    { name },
  )
}

function worldOf(): World {
  const world = createWorld(manifest)
  const logo = world.lock.assets.get('logo')!
  const request = { operation: 'source', source: 'logo.png' } as const
  world.lock.assets.set('logo', { ...logo, request })
  world.inventory.sources = new Map([['logo.png', { bytes: 1, sha256: 'a'.repeat(64) }]])
  return world
}

test('splits the prompt by the styles that it comes from', async () => {
  const { prompt } = await viewOf(worldOf(), 'hero')
  expect(prompt.map(({ style }) => style)).toEqual(['brand', null, 'brand', 'watercolor', 'brand'])
  expect(prompt.map(({ text }) => text).join('')).toBe(
    worldOf().manifest.assets.find(({ name }) => name === 'hero')!.prompt,
  )
  expect(prompt[1]).toEqual({ text: 'A lighthouse. ', style: null })
  expect((await viewOf(worldOf(), 'plain')).prompt).toEqual([{ text: 'A mug', style: null }])
  expect((await viewOf(worldOf(), 'logo')).prompt).toEqual([])
})

test('says what changed since the master was made', async () => {
  const world = worldOf()
  expect(await viewOf(world, 'hero')).toMatchObject({ changes: [] })
  world.rewrite(
    manifest.replace('quality: low', 'quality: high').replace('A lighthouse\n', 'A tower\n'),
  )
  expect(await viewOf(world, 'hero', { failure: 'The server failed.' })).toMatchObject({
    asset: { state: 'stale', failure: {} },
    madePrompt: expect.stringContaining('A lighthouse.') as string,
    changes: [{ field: 'quality', from: 'low', to: 'high' }],
  })
})

test('shows outputs with their safe areas and focal points', async () => {
  const { outputs } = await viewOf(worldOf(), 'hero')
  const byPreset = new Map(outputs.map((output) => [output.preset, output]))
  const above = expect.closeTo(250 / 1920) as number
  expect(byPreset.get('instagram_story')).toMatchObject({
    width: 1080,
    height: 1920,
    format: 'jpeg',
    bytes: 10,
    safeArea: { left: 0, right: 0, top: above, bottom: above },
  })
  expect(byPreset.get('card')).toMatchObject({ position: '25% 50%', safeArea: null })
})

test('shows what can be edited as the manifest has it', async () => {
  const { editable, models, noMask } = await viewOf(worldOf(), 'hero')
  expect(editable).toMatchObject({
    prompt: 'A lighthouse',
    styles: ['brand', 'watercolor'],
    alt: 'A lighthouse at dawn',
    model: null,
    quality: 'low',
    outputs: ['instagram_story', 'card'],
    focus: { x: 0.25, y: 0.5 },
  })
  expect(models[0]!.qualities.length).toBeGreaterThan(2)
  expect(noMask).toContain('edit')
})

test('shows a source without a prompt, a price or a record', async () => {
  expect(await viewOf(worldOf(), 'logo')).toMatchObject({
    asset: { usd: 0 },
    madePrompt: null,
    changes: [],
    made: null,
    isMarked: false,
    models: [],
  })
})

test('shows where a dev server imports an asset, and that it knows nothing outside of one', async () => {
  const place = { file: 'src/main.ts', line: 1, column: 8 }
  expect((await viewOf(worldOf(), 'hero', { importsOf: async () => [place] })).imports).toEqual([
    place,
  ])
  expect((await viewOf(worldOf(), 'hero')).imports).toBeNull()
})

test('rejects the name of no asset', async () => {
  for (const name of ['nobody', '', '../hero', '__proto__']) {
    await expect(viewOf(worldOf(), name)).rejects.toMatchObject({ code: 'asset/unknown' })
  }
})
