import sharp from 'sharp'
import { expect, test } from 'vitest'
import { createTestProject, type TestProject } from './test-project.ts'

const head = (model: string): string =>
  `version: 1\nprovider: openai\ndefaults: { model: ${model}, quality: auto, outputs: [{ name: s, width: 16, height: 16, formats: [jpeg] }] }\nassets:\n`
const plain = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: 'teal' } })
/** Creates a file of three bytes per pixel. */
const heavy = (side: number): Promise<Buffer> =>
  plain(side, side).png({ compressionLevel: 0 }).toBuffer()

async function createEdit(
  model: string,
  picture: Buffer,
  file = 'photo.png',
): Promise<TestProject> {
  return createTestProject({
    files: {
      'images.yaml': `${head(model)}  hero: { edit: { image: ./${file} }, prompt: At night, alt: x }\n`,
      [file]: picture,
    },
    server: true,
  })
}

test('sends dall-e-2 a PNG, whatever the format of the file', async () => {
  const project = await createEdit('dall-e-2', await plain(64, 64).jpeg().toBuffer(), 'photo.jpg')
  expect((await project.generate()).failed).toEqual([])
  const [file] = project.server.requests[0]!.body.files!
  expect(file).toMatchObject({ field: 'image', type: 'image/png', filename: 'image-1.png' })
  expect(await sharp(file!.bytes).metadata()).toMatchObject({ format: 'png', width: 64 })
})

test('sends current models a JPEG unchanged', async () => {
  const photo = await plain(64, 32).jpeg().toBuffer()
  const project = await createEdit('gpt-image-2.5-flare', photo, 'photo.jpg')
  expect((await project.generate()).failed).toEqual([])
  const [file] = project.server.requests[0]!.body.files!
  expect(file!.type).toBe('image/jpeg')
  expect(photo.equals(file!.bytes)).toBe(true)
})

test.each<[string, string, () => Promise<Buffer>, RegExp, RegExp]>([
  [
    'a picture that is not square',
    'dall-e-2',
    () => plain(640, 320).png().toBuffer(),
    /^dall-e-2 accepts only square pictures, and photo\.png has 640x320 px\.$/,
    /^Crop it to a square/,
  ],
  [
    'a picture that is too large',
    'dall-e-2',
    () => heavy(1200),
    /^dall-e-2 accepts only pictures of less than 4 MB, and photo\.png has \d\.\d MB\.$/,
    /^Make it smaller/,
  ],
  [
    'a picture that no model takes',
    'gpt-image-2',
    () => heavy(4100),
    /^gpt-image-2 accepts only pictures of less than 50 MB, and photo\.png has \d\d\.\d MB\.$/,
    /^Make it smaller/,
  ],
])('sends nothing with %s, and reports it', async (_, model, draw, message, hint) => {
  const project = await createEdit(model, await draw())
  const { failed } = await project.generate()
  expect(failed).toMatchObject([
    {
      asset: 'hero',
      error: {
        code: 'picture/unreadable',
        message: expect.stringMatching(message),
        hint: expect.stringMatching(hint),
        location: 'images.yaml:5:3',
      },
    },
  ])
  expect(project.server.requests).toEqual([])
})

test('requests variations of dall-e-2 from their endpoint, and of other models as an edit', async () => {
  for (const [model, path] of [
    ['dall-e-2', '/v1/images/variations'],
    ['gpt-image-2', '/v1/images/edits'],
  ] as const) {
    const project = await createTestProject({
      files: {
        'images.yaml': `${head(model)}  hero: { variation: { image: ./photo.png }, candidates: 2, alt: x }\n`,
        'photo.png': await plain(64, 64).png().toBuffer(),
      },
      server: true,
    })
    expect(await project.generate()).toMatchObject({ generated: 1, failed: [] })
    expect(project.server.requests).toMatchObject([
      { path, status: 200, body: { fields: { n: '2' } } },
    ])
    expect(project.list('.limn/candidates').length + project.list('images').length).toBeGreaterThan(
      1,
    )
  }
})

test('requests the lowest quality of dall-e-3 by default, and its best for print', async () => {
  const project = await createTestProject({
    files: {
      'images.yaml': `version: 1\nprovider: openai\nassets:\n  hero: { model: dall-e-3, prompt: A lighthouse, alt: x }\n  badge: { model: dall-e-3, use: print, prompt: A badge, alt: x }\n`,
    },
    server: true,
  })
  await project.project.generate({ derive: false })
  expect(
    project.server.requests
      .map(({ status, body }) => [status, body['prompt'], body['quality']])
      .sort(),
  ).toEqual([
    [200, 'A badge', 'hd'],
    [200, 'A lighthouse', 'standard'],
  ])
})
