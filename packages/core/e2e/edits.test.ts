import sharp from 'sharp'
import { expect, test } from 'vitest'
import type { RecordedRequest } from '../../../fixtures/openai-server/index.ts'
import { sha256 } from '../src/digest.ts'
import { createTestProject, stepsOf } from './test-project.ts'

const manifest = `version: 1
provider: openai
defaults: { outputs: [{ name: s, width: 320, height: 180, formats: [jpeg] }] }
assets:
  hero: { prompt: A lighthouse at dawn, alt: x }
  hero-night: { edit: { image: hero }, prompt: The same at night, alt: x }
  above: { edit: { image: hero-night }, prompt: The same from above, alt: x }
  shop: { edit: { image: ./photos/shop.png, mask: ./photos/mask.png }, prompt: A sunlit lounge, alt: x }
  try-on: { references: [./photos/shop.png, hero], prompt: A model in that place, alt: x }
  again: { variation: { image: hero }, alt: x }
`
const photo = (width: number, height: number, background: string): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 3, background } })
    .png()
    .toBuffer()

/** Left half white: where it may change. */
const blackAndWhite = async (): Promise<Buffer> =>
  sharp(await photo(64, 32, '#000000'))
    .composite([{ input: await photo(32, 32, '#ffffff'), left: 0, top: 0 }])
    .png()
    .toBuffer()

const files = async (): Promise<Record<string, string | Uint8Array>> => ({
  'images.yaml': manifest,
  'photos/shop.png': await photo(640, 320, '#335577'),
  'photos/mask.png': await blackAndWhite(),
})

type Form = {
  fields: Record<string, string>
  files: { field: string; type: string; bytes: Uint8Array }[]
}
const formOf = (requests: readonly RecordedRequest[], prompt: string): Form => {
  const found = requests
    .map(({ body }) => body as unknown as Form)
    .find(({ fields }) => fields?.['prompt']?.startsWith(prompt))
  if (found === undefined) throw new Error(`no form asks for ${prompt}`)
  return found
}

test('asks for pictures after those they are made from, with their bytes', async () => {
  const { generate, server, bytes } = await createTestProject({
    files: await files(),
    server: true,
  })
  expect(await generate()).toMatchObject({ generated: 6, failed: [] })
  expect(server.requests.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200])

  const hero = sha256(bytes('images/hero.png'))
  const sent = (prompt: string): string[] =>
    formOf(server.requests, prompt).files.map(
      ({ field, bytes: file }) => `${field} ${sha256(file)}`,
    )
  expect(sent('The same at night')).toEqual([`image ${hero}`])
  expect(sent('The same from above')).toEqual([`image ${sha256(bytes('images/hero-night.png'))}`])
  expect(sent('A model in that place')).toEqual([
    `image[] ${sha256(bytes('photos/shop.png'))}`,
    `image[] ${hero}`,
  ])
  expect(sent('Another version of the same picture')).toEqual([`image ${hero}`])
})

test('takes a picture of one’s own, and edits it, in one run', async () => {
  const source = `version: 1
provider: openai
defaults: { model: gpt-image-2, quality: low, outputs: [{ name: s, width: 64, height: 64, formats: [webp] }] }
assets:
  shop: { source: ./photos/shop.png, alt: x }
  night: { edit: { image: shop }, prompt: The same at night, alt: x }
`
  const { generate } = await createTestProject({
    files: { ...(await files()), 'images.yaml': source },
    server: true,
  })
  expect(await generate()).toMatchObject({ generated: 1, failed: [] })
})

test('turns a black-and-white mask into one of the size of the picture, clear where it is white', async () => {
  const { generate, server } = await createTestProject({ files: await files(), server: true })
  await generate({ names: ['shop'] })
  const mask = formOf(server.requests, 'A sunlit lounge').files.find(
    ({ field }) => field === 'mask',
  )!
  const { data, info } = await sharp(mask.bytes).raw().toBuffer({ resolveWithObject: true })
  expect([info.width, info.height, info.channels]).toEqual([640, 320, 4])
  const alphaAt = (x: number, y: number): number => data[(y * info.width + x) * 4 + 3]!
  expect([alphaAt(10, 10), alphaAt(630, 310)]).toEqual([0, 255])
})

test('makes again what is made from a picture that changed, and nothing else', async () => {
  const { generate, edit, plan, server } = await createTestProject({
    files: await files(),
    server: true,
  })
  await generate()
  edit('A lighthouse at dawn', 'A lighthouse at noon')
  const changed = await plan()
  expect(stepsOf(changed)).toEqual([
    'generate above',
    'generate again',
    'generate hero',
    'generate hero-night',
    'generate try-on',
  ])
  expect(changed.steps.find(({ asset }) => asset === 'hero-night')!.reasons).toEqual([
    { code: 'input-changed', inputs: ['hero'] },
  ])
  const before = server.requests.length
  expect(await generate()).toMatchObject({ generated: 5, failed: [] })
  expect(server.requests).toHaveLength(before + 5)
})

test('pays nothing for what is made from a picture that came out as it was', async () => {
  const { generate, server, bytes, write } = await createTestProject({
    files: await files(),
    server: true,
  })
  await generate()
  const hero = bytes('images/hero.png')
  const before = server.requests.length
  // Lost, and asked for again: the same request gives the same bytes here.
  write('images/hero.png', 'x')
  await generate({ names: ['hero'], force: true })
  expect(sha256(bytes('images/hero.png'))).toBe(sha256(hero))
  expect(await generate()).toMatchObject({ generated: 0 })
  expect(server.requests).toHaveLength(before + 1)
})

test('makes a named picture together with what it needs and is not there', async () => {
  const { generate, has } = await createTestProject({ files: await files(), server: true })
  expect(await generate({ names: ['above'] })).toMatchObject({ generated: 3, failed: [] })
  expect([
    has('images/hero.png'),
    has('images/hero-night.png'),
    has('images/above.png'),
    has('images/shop.png'),
  ]).toEqual([true, true, true, false])
})

test('tells of what could not be made for want of another picture, and makes the rest', async () => {
  const { generate, server } = await createTestProject({ files: await files(), server: true })
  server.answer(({ body }) =>
    body['prompt'] === 'A lighthouse at dawn'
      ? {
          kind: 'error',
          status: 400,
          code: 'moderation_blocked',
          type: 'image_generation_user_error',
          message: 'no',
        }
      : undefined,
  )
  const { failed, generated } = await generate()
  expect(generated).toBe(1)
  expect(failed.map(({ asset }) => asset).sort()).toEqual([
    'above',
    'again',
    'hero',
    'hero-night',
    'try-on',
  ])
  expect(failed.find(({ asset }) => asset === 'hero-night')!.error).toMatchObject({
    code: 'asset/no-master',
    message: 'Its input hero has no picture.',
  })
})

test('names a missing input file with its place', async () => {
  const { cli } = await createTestProject({ files: { 'images.yaml': manifest } })
  const { code, stderr } = await cli(['plan'])
  expect(code).toBe(1)
  expect(stderr).toContain('images.yaml:8:26 error manifest/missing-file')
  expect(stderr).toContain('There is no file photos/shop.png')
})

test('refuses a circle and an unknown picture', async () => {
  const { cli, edit } = await createTestProject({ files: await files() })
  edit(
    'hero: { prompt: A lighthouse at dawn, alt: x }',
    'hero: { edit: { image: above }, prompt: x, alt: x }',
  )
  expect((await cli(['plan'])).stderr).toContain(
    '"hero" is made from itself: hero → above → hero-night → hero.',
  )
  edit('{ image: above }', '{ image: abov }')
  expect((await cli(['plan'])).stderr).toMatch(
    /There is no asset "abov"\.[\s\S]*Did you mean "above"\?/,
  )
})

test('edits offline: the night version keeps the picture and darkens it', async () => {
  const { generate, bytes } = await createTestProject({ files: await files(), provider: 'local' })
  expect(await generate()).toMatchObject({ generated: 6, failed: [] })
  const light = async (path: string): Promise<number> =>
    (await sharp(bytes(path)).greyscale().stats()).channels[0]!.mean
  expect(await light('images/hero-night.png')).toBeLessThan((await light('images/hero.png')) * 0.8)
})
