import sharp from 'sharp'
import { expect, test } from 'vitest'
import type { LimnEvent } from '../src/index.ts'
import { createTestProject, smallManifest } from './test-project.ts'

const streamed = (partials: number): string =>
  smallManifest({ hero: 'A lighthouse' }).replace(
    'defaults: {',
    `defaults: { partials: ${partials},`,
  )
const kinds = (events: readonly LimnEvent[]): string[] =>
  events
    .map((event) => (event.type === 'partial' ? `partial ${event.index}` : event.type))
    .filter((kind) => /^(generating|partial \d|generated)$/.test(kind))

test('reports each partial, keeps only the final picture, and includes partials in the price', async () => {
  const project = await createTestProject({ files: { 'images.yaml': streamed(3) }, server: true })
  const dearest = (await project.plan()).usd
  const { events, usd } = await project.generate()
  expect(kinds(events)).toEqual(['generating', 'partial 0', 'partial 1', 'partial 2', 'generated'])
  for (const event of events) {
    if (event.type === 'partial') {
      expect(await sharp(event.picture).metadata()).toMatchObject({ width: 816, height: 816 })
    }
  }
  expect(project.list('images')).toEqual(['images/hero.png'])
  expect(usd).toBeLessThanOrEqual(dearest)
  // 300 of the tokens are those of the partials.
  expect(project.lock().assets['hero']!.made).toMatchObject({
    usage: { outputTokens: expect.any(Number) },
  })
  expect(
    (project.lock().assets['hero']!.made['usage'] as { outputTokens: number }).outputTokens,
  ).toBeGreaterThan(300)
})

test('streams in a run that requests partials, without making anything stale', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest({ hero: 'A lighthouse' }) },
    server: true,
  })
  const { events } = await project.generate({ partials: 1 })
  expect(kinds(events)).toEqual(['generating', 'partial 0', 'generated'])
  project.edit('defaults: {', 'defaults: { partials: 2,')
  await project.expectUpToDate()
})

test('does not stream models and formats that do not support it', async () => {
  const manifest = `version: 1\nprovider: openai\ndefaults: { outputs: [{ name: s, width: 16, height: 16, formats: [png] }] }\nassets:\n  old: { prompt: An old picture, model: dall-e-3, alt: x }\n  drawing: { prompt: A drawing, model: gpt-image-2.6-flare, format: svg, alt: x }\n  new: { prompt: A new picture, alt: x }\n`
  const project = await createTestProject({ files: { 'images.yaml': manifest }, server: true })
  expect((await project.generate({ partials: 1 })).failed).toEqual([])
  expect(
    Object.fromEntries(
      project.server.requests.map(({ body }) => [body['prompt'], body['stream'] ?? false]),
    ),
  ).toEqual({ 'An old picture': false, 'A drawing': false, 'A new picture': true })
})

test('gives the size of a partial in its JSON event, not its bytes', async () => {
  const project = await createTestProject({ files: { 'images.yaml': streamed(1) }, server: true })
  const { stdout } = await project.cli(['generate', '--json'])
  const partial = stdout
    .split('\n')
    .filter((line) => line.includes('"partial"'))
    .map((line) => JSON.parse(line) as { asset: string; picture: number })
  expect(partial).toMatchObject([{ asset: 'hero', index: 0, picture: expect.any(Number) }])
})
