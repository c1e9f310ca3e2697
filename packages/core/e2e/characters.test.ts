import sharp from 'sharp'
import { expect, test } from 'vitest'
import { sha256 } from '../src/digest.ts'
import { createTestProject, stepsOf } from './test-project.ts'

const board = (background: string): Promise<Buffer> =>
  sharp({ create: { width: 64, height: 64, channels: 3, background } })
    .png()
    .toBuffer()

const manifest = (mia = 'A girl with a red scarf'): string => `version: 1
provider: openai
defaults: { model: gpt-image-2, quality: low, outputs: [{ name: s, width: 64, height: 64, formats: [webp] }] }
styles: { brand: { append: Flat colours., references: [./brand/board.png] } }
characters:
  mia: { prompt: ${mia} }
assets:
  hero: { prompt: Mia at sea, alt: x, character: mia, style: brand }
  night: { prompt: Mia at night, alt: x, character: mia, references: [characters/mia] }
  badge: { prompt: A badge, alt: x, style: brand }
  tree: { prompt: A tree, alt: x }
`

type Form = { fields: Record<string, string>; files: { field: string; bytes: Uint8Array }[] }

test('sends characters and references of styles, and regenerates exactly what uses them', async () => {
  const { generate, server, plan, bytes, write, cli, project } = await createTestProject({
    files: { 'images.yaml': manifest(), 'brand/board.png': await board('#336699') },
    server: true,
  })
  const formOf = (prompt: string): Form =>
    server.requests
      .map(({ body }) => body as unknown as Form)
      .findLast(({ fields }) => fields?.['prompt']?.startsWith(prompt))!
  const sent = (prompt: string): string[] =>
    formOf(prompt).files.map(({ field, bytes: file }) => `${field} ${sha256(file)}`)

  const before = await plan()
  expect(stepsOf(before)).toEqual([
    'generate badge',
    'generate characters/mia',
    'generate hero',
    'generate night',
    'generate tree',
  ])
  const usd = (name: string): number =>
    before.steps.flatMap((step) =>
      step.kind === 'generate' && step.asset === name ? [step.usd!] : [],
    )[0]!
  // Each input picture has its price.
  expect(usd('night')).toBeGreaterThan(usd('tree'))
  expect(usd('hero') - usd('night')).toBeCloseTo(usd('badge') - usd('tree'), 3)

  // A picture brings the character that it needs.
  const hero = await generate({ names: ['hero'] })
  expect(hero.requested.length).toBe(2)
  const sheet = sha256(bytes('images/characters/mia.png'))
  expect(sent('Mia at sea')).toEqual([
    `image[] ${sheet}`,
    `image[] ${sha256(bytes('brand/board.png'))}`,
  ])
  expect(await generate()).toMatchObject({ generated: 3, failed: [] })
  expect(sent('Mia at night')).toEqual([`image ${sheet}`])

  write('brand/board.png', await board('#993366'))
  expect(stepsOf(await plan())).toEqual(['generate badge', 'generate hero'])
  expect(await generate()).toMatchObject({ generated: 2, failed: [] })

  write('images.yaml', manifest('A girl with a blue scarf'))
  expect(stepsOf(await plan())).toEqual([
    'generate characters/mia',
    'generate hero',
    'generate night',
  ])
  expect((await cli(['pin', 'characters/mia'])).code).toBe(0)
  expect(stepsOf(await plan())).toEqual([])
  await expect(project.rename('characters/mia', 'characters/amy')).rejects.toMatchObject({
    hint: expect.stringContaining('where it is defined'),
  })
  await project.rename('badge', 'tag')
  expect(stepsOf(await plan())).toEqual([])
})
