import sharp from 'sharp'
import { expect, test } from 'vitest'
import type { Fault } from '../../../fixtures/openai-server/index.ts'
import { createTestProject } from './test-project.ts'

const answerWith = (picture: Uint8Array): Fault => ({
  kind: 'body',
  status: 200,
  contentType: 'application/json',
  text: JSON.stringify({
    created: 1,
    data: [{ b64_json: Buffer.from(picture).toString('base64') }],
  }),
})
const manifest = (asset: string): string =>
  `version: 1\nprovider: openai\ndefaults: { model: gpt-image-2.6-flare, size: 1024x1024 }\nassets:\n  logo: { prompt: A lighthouse, alt: A lighthouse, ${asset} }\n`

const SVG =
  '<svg xmlns="http://www.w3.org/2000/svg" width="1024" height="1024"><rect width="1024" height="1024" fill="#204060"/><circle cx="512" cy="512" r="300" fill="#f0c040"/>'

test('keeps an SVG without its scripts, serves it as SVG, and derives pixels from it', async () => {
  const project = await createTestProject({
    server: true,
    files: {
      'images.yaml': manifest(
        'format: svg, outputs: [{ name: mark, formats: [svg, png], width: 512, height: 512 }]',
      ).replace('assets:', 'out: public\nassets:'),
    },
  })
  project.server.next(
    answerWith(
      Buffer.from(
        `${SVG}<script>alert(1)</script><a href="javascript:alert(1)"><text>x</text></a></svg>`,
      ),
    ),
  )
  expect(await project.generate()).toMatchObject({ generated: 1, failed: [] })
  expect(project.server.requests[0]!.body).toMatchObject({ output_format: 'svg', n: 1 })
  for (const path of ['images/logo.svg', 'public/logo/mark.svg']) {
    expect(project.text(path)).toContain('<circle cx="512"')
    expect(project.text(path), path).not.toMatch(/<script|alert|<a /)
  }
  expect(project.text('public/logo/mark.svg')).toContain('trainedAlgorithmicMedia')
  expect(project.lock().assets['logo']!.master).toMatchObject({
    path: 'images/logo.svg',
    width: 1024,
    height: 1024,
  })
  const { data, info } = await sharp(project.bytes('public/logo/mark.png'))
    .raw()
    .toBuffer({ resolveWithObject: true })
  expect(info).toMatchObject({ width: 512, height: 512 })
  const middle = (256 * 512 + 256) * info.channels
  expect([...data.subarray(middle, middle + 3)]).toEqual([240, 192, 64])
})

test('keeps a clean SVG byte for byte', async () => {
  const project = await createTestProject({
    server: true,
    files: { 'images.yaml': manifest('format: svg, outputs: [{ name: mark, formats: [svg] }]') },
  })
  project.server.next(answerWith(Buffer.from(`${SVG}</svg>`)))
  await project.generate()
  expect(project.text('images/logo.svg')).toBe(`${SVG}</svg>`)
})

test('derives an animated GIF and WebP from an animated GIF, and still pictures', async () => {
  const frames = await Promise.all(
    ['#ff0000', '#00ff00', '#0000ff'].map((background) =>
      sharp({ create: { width: 512, height: 512, channels: 3, background } })
        .png()
        .toBuffer(),
    ),
  )
  const gif = await sharp(frames, { join: { animated: true } })
    .gif({ delay: 120, loop: 0 })
    .toBuffer()
  const project = await createTestProject({
    server: true,
    files: {
      'images.yaml': manifest(
        'format: gif, size: 512x512, frames: { count: 3, ms: 120 }, outputs: [{ name: a, formats: [gif, webp, png], width: 128, height: 64 }]',
      ).replace('assets:', 'out: public\nassets:'),
    },
  })
  project.server.next(answerWith(gif))
  expect(await project.generate()).toMatchObject({ generated: 1, failed: [] })
  expect(project.server.requests[0]!.body).toMatchObject({
    output_format: 'gif',
    frame_count: 3,
    frame_duration_ms: 120,
  })
  expect(project.bytes('images/logo.gif').equals(gif)).toBe(true)
  for (const [file, pages] of [
    ['a.gif', 3],
    ['a.webp', 3],
    ['a.png', 1],
  ] as const) {
    const {
      pages: found = 1,
      width,
      pageHeight,
      height,
    } = await sharp(project.bytes(`public/logo/${file}`)).metadata()
    expect([file, found, width, pageHeight ?? height]).toEqual([file, pages, 128, 64])
  }
})

test('derives files from a supplied SVG, and leaves the SVG unchanged', async () => {
  const own = `${SVG}<!-- mine --></svg>`
  const project = await createTestProject({
    files: {
      'images.yaml':
        'version: 1\nout: public\nassets:\n  badge: { source: ./badge.svg, decorative: true, outputs: [favicons, { name: mark, formats: [svg] }] }\n',
      'badge.svg': own,
    },
  })
  expect(await project.generate()).toMatchObject({ failed: [] })
  expect(project.text('badge.svg')).toBe(own)
  expect(project.text('public/badge/mark.svg')).not.toContain('mine')
  expect(await sharp(project.bytes('public/badge/pwa_icon-512.png')).metadata()).toMatchObject({
    width: 512,
    height: 512,
  })
  expect((await project.cli(['plan'])).stdout).not.toMatch(/scaled up/)
})

test.each([
  [
    'an SVG output of a picture made of pixels',
    'outputs: [{ name: mark, formats: [svg] }]',
    /An output of "logo" is SVG, but its picture is made of pixels/,
  ],
  [
    'a transparent GIF',
    'format: gif, background: transparent',
    /Only PNG and WebP can have a transparent background/,
  ],
  ['an SVG that streams', 'format: svg, partials: 2', /GIF and SVG can't be streamed/],
])('rejects %s before any request', async (_, asset, message) => {
  const project = await createTestProject({
    server: true,
    files: { 'images.yaml': manifest(asset) },
  })
  const { code, stderr } = await project.cli(['generate'])
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(message) })
  expect(project.server.requests).toEqual([])
})

test('names a model that generates SVG if this one does not', async () => {
  const project = await createTestProject({
    server: true,
    files: { 'images.yaml': manifest('model: gpt-image-2, format: svg') },
  })
  const { stderr } = await project.cli(['plan'])
  expect(stderr).toMatch(
    /gpt-image-2 does not generate SVG\.[^]*Use a model that supports it, for example gpt-image-2\.6-/,
  )
})
