import sharp from 'sharp'
import { expect, test } from 'vitest'
import { createTestProject, stepsOf } from './test-project.ts'

const manifest = (more = ''): string => `version: 1
provider: openai
out: public
assets:
  social: { prompt: A lighthouse at dawn, alt: x, outputs: [social], shapes: separate${more} }
`
const sizes = {
  'square/instagram_post.jpg': [1080, 1080],
  'portrait/instagram_story.jpg': [1080, 1920],
  'landscape/facebook_post.jpg': [1200, 630],
  'landscape/twitter_post.jpg': [1200, 675],
  'landscape/linkedin_post.jpg': [1200, 627],
}

test('generates a separate picture for each shape, in the smallest size that covers its outputs', async () => {
  const { generate, lock, bytes, plan } = await createTestProject({
    files: { 'images.yaml': manifest() },
    server: true,
  })
  expect((await plan()).notes).toEqual([])
  expect(await generate()).toMatchObject({ generated: 3, derived: 5, failed: [] })
  expect(
    Object.entries(lock().assets).map(([name, { request }]) => [
      name,
      request['size'],
      request['operation'],
    ]),
  ).toEqual([
    ['social/landscape', '1200x688', 'generate'],
    ['social/portrait', '1088x1920', 'generate'],
    ['social/square', '1088x1088', 'generate'],
  ])
  for (const [file, size] of Object.entries(sizes)) {
    const { width, height } = await sharp(bytes(`public/social/${file}`)).metadata()
    expect([width, height], file).toEqual(size)
  }
})

test('generates the other shapes from the first, so that all show the same scene', async () => {
  const { generate, lock, edit, plan } = await createTestProject({
    files: { 'images.yaml': manifest(', adapt: extend') },
    server: true,
  })
  await generate()
  const { assets } = lock()
  expect(Object.values(assets).map(({ request }) => request['operation'])).toEqual([
    'edit',
    'edit',
    'generate',
  ])
  expect((assets['social/portrait']!.request as unknown as { inputs: unknown }).inputs).toEqual([
    { role: 'image', sha256: assets['social/square']!.master.sha256 },
  ])
  edit('at dawn', 'at noon')
  expect(stepsOf(await plan())).toEqual([
    'generate social/landscape',
    'generate social/portrait',
    'generate social/square',
  ])
})

test('reports how much of one picture each shape keeps', async () => {
  const { plan } = await createTestProject({
    files: { 'images.yaml': manifest().replace(', shapes: separate', '') },
    server: true,
  })
  expect((await plan()).notes.map(({ text }) => text)).toContain(
    'facebook_post keeps 33 % of the picture (1200x1920). Set `shapes: separate` to generate a separate picture for that shape.',
  )
})

test('keeps pictures whose style or prompt may be stale, until they are forced', async () => {
  const files = {
    'images.yaml':
      'version: 1\nstyles:\n  brand: { append: Warm palette, stale: ok }\ndefaults: { outputs: [{ name: s, width: 64, height: 64, formats: [png] }] }\nassets:\n  a: { prompt: A fox, style: brand, alt: x }\n  b: { prompt: A cat, stale: ok, alt: x }\n',
  }
  const { generate, edit, plan, project } = await createTestProject({ files, server: true })
  await generate()
  edit('Warm palette', 'Cold palette')
  edit('A cat', 'A dog')
  expect((await plan()).steps).toEqual([])
  expect((await project.check()).problems).toEqual([])
  edit('A fox', 'A hare')
  expect(stepsOf(await plan())).toEqual(['generate a'])
  expect(stepsOf(await plan({ names: ['b'], force: true }))).toEqual(['generate b'])
})

test('keeps drafts separate from lockfile and masters', async () => {
  const { project, cli, list, server, plan } = await createTestProject({
    files: {
      'images.yaml':
        'version: 1\nprovider: openai\nout: public\nassets:\n  a: { prompt: A fox, alt: x, quality: high, outputs: [{ name: s, width: 64, height: 64, formats: [png] }] }\n',
    },
    server: true,
  })
  expect(await cli(['generate', '--profile', 'draft'])).toMatchObject({ code: 0, stderr: '' })
  expect(list()).toEqual(['images.yaml'])
  expect(list('.limn/drafts')).toEqual(['.limn/drafts/images.lock', '.limn/drafts/images/a.png'])
  expect(server.requests.map(({ body }) => body['quality'])).toEqual(['low'])
  expect((await cli(['plan', '--profile', 'draft'])).stdout).toContain('Nothing to do')
  // The draft does not replace the picture, which is still to be generated.
  expect(stepsOf(await plan())).toEqual(['generate a'])
  expect((await project.generate()).generated).toBe(1)
  expect(server.requests.map(({ body }) => body['quality'])).toEqual(['low', 'high'])
})

test('extends a built-in preset of the same name, and accepts groups', async () => {
  const files = {
    'images.yaml':
      'version: 1\nprovider: local\npresets:\n  og: { quality: 40 }\n  favicon: { widths: [16, 32] }\nassets:\n  a: { prompt: A leaf logo, alt: x, outputs: [og, favicons] }\n',
  }
  const { project, generate } = await createTestProject({ files })
  const { manifest } = await project.snapshot()
  expect(manifest.assets[0]!.outputs.find(({ file }) => file === 'og.jpg')).toMatchObject({
    width: 1200,
    height: 630,
    quality: 40,
    maxBytes: 300_000,
  })
  expect(manifest.assets[0]!.outputs.map(({ file }) => file)).toEqual([
    'og.jpg',
    'favicon.ico',
    'favicon-16.png',
    'favicon-32.png',
    'apple_touch_icon.png',
    'pwa_icon-192.png',
    'pwa_icon-512.png',
    'pwa_maskable.png',
  ])
  expect(await generate()).toMatchObject({ generated: 1, derived: 8, failed: [] })
})

test('reports an unknown variable in a style that another one extends', async () => {
  const files = {
    'images.yaml':
      'version: 1\nstyles:\n  base: { append: "In the colours of {{brnad}}" }\n  brand: { extends: base }\nvars: { brand: Limn }\nassets:\n  a: { prompt: A fox, style: brand, alt: x }\n',
  }
  const { cli } = await createTestProject({ files })
  expect((await cli(['plan'])).stderr).toMatch(
    /images\.yaml:3:19 error manifest\/unknown-variable[\s\S]*Did you mean "brand"\?/,
  )
})
