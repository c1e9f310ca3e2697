import sharp from 'sharp'
import { expect, test } from 'vitest'
import type { RecordedRequest } from '../../../fixtures/openai-server/index.ts'
import { hugePng, SECRET, turnedPhoto } from '../src/pictures/testing.ts'
import { createTestProject } from './test-project.ts'

type Form = { fields: Record<string, string>; files: { field: string; bytes: Uint8Array }[] }

const formsOf = (requests: readonly RecordedRequest[]): Form[] =>
  requests.map(({ body }) => body as unknown as Form)

test('derives and sends a turned photo upright, without its metadata, in its shape', async () => {
  const photo = await turnedPhoto({ width: 600, height: 900, orientation: 6, format: 'jpeg' })
  const white = { create: { width: 600, height: 900, channels: 3, background: '#fff' } } as const
  const project = await createTestProject({
    files: {
      'images.yaml': `version: 1
provider: openai
out: public
defaults: { outputs: [{ name: s, width: 300, formats: [jpeg] }] }
assets:
  tower: { source: ./tower.jpg, alt: x }
  night: { edit: { image: tower, mask: ./mask.png }, prompt: At night, alt: x }
  dusk: { edit: { image: ./tower.jpg }, prompt: At dusk, alt: x }
`,
      'tower.jpg': photo,
      'mask.png': await sharp(white).png().toBuffer(),
    },
    server: true,
  })
  expect(await project.generate()).toMatchObject({ generated: 2, failed: [] })

  expect(project.lock().assets['tower']?.master).toMatchObject({ width: 600, height: 900 })
  const output = project.bytes('public/tower/s.jpg')
  expect(await sharp(output).metadata()).toMatchObject({ width: 300, height: 450 })
  expect(output.includes(SECRET)).toBe(false)

  for (const { fields, files } of formsOf(project.server.requests)) {
    const [width, height] = fields['size']!.split('x').map(Number)
    expect(width! / height!).toBeCloseTo(2 / 3, 1)
    for (const { bytes } of files) {
      expect(await sharp(bytes).metadata()).toMatchObject({ width: 600, height: 900 })
      expect(Buffer.from(bytes).includes(SECRET)).toBe(false)
    }
  }
  await project.expectUpToDate()
})

test('fails the pictures that it cannot read, one by one, and makes the others', async () => {
  const photo = await turnedPhoto({ width: 600, height: 900, orientation: 1, format: 'jpeg' })
  const sources: Record<string, Buffer> = {
    'bomb.png': hugePng(16_000, 16_000),
    'endless.png': hugePng(60_000, 60_000),
    'good.jpg': photo,
    'phone.heic': Buffer.concat([Buffer.from('\0\0\0\x18ftypheic\0\0\0\0'), Buffer.alloc(99)]),
    'short.jpg': photo.subarray(0, photo.length - 500),
  }
  const assets = Object.keys(sources).map(
    (file) => `  ${file.split('.')[0]}: { source: ./${file}, alt: x }\n`,
  )
  const project = await createTestProject({
    files: {
      'images.yaml': `version: 1\nprovider: openai\nout: public\ndefaults: { outputs: [{ name: s, width: 300, formats: [webp] }] }\nassets:
${assets.join('')}  edit: { edit: { image: ./short.jpg }, prompt: At dusk, alt: x }\n`,
      ...sources,
    },
    server: true,
  })
  const { failed } = await project.generate()
  const messages = failed.map(({ asset, error }) => `${asset}: ${(error as Error).message}`).sort()
  expect(messages).toEqual([
    expect.stringMatching(/^bomb: bomb\.png can't be read: /),
    expect.stringMatching(/^edit: The input picture short\.jpg can't be read: /),
    expect.stringMatching(/^endless: endless\.png can't be read: it has 60000x60000 px/),
    "phone: phone.heic can't be read: it is HEIC, which Limn can't decode.",
    expect.stringMatching(/^short: short\.jpg can't be read: /),
  ])
  expect(project.bytes('public/good/s.webp').length).toBeGreaterThan(0)
  // Nothing was sent, so nothing was paid.
  expect(project.server.requests).toEqual([])
})
