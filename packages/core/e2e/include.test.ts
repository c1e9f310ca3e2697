import { rmSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { createTestProject, smallManifest, stepsOf } from './test-project.ts'

const outputs = 'defaults: { outputs: [{ name: s, width: 64, height: 64, formats: [webp] }] }'
const rootText = smallManifest({ hero: 'A lighthouse' }).replace(
  'version: 1\n',
  'version: 1\ninclude: [campaigns/*.yaml, shop/images.yaml]\n',
)
const files = {
  'images.yaml': rootText,
  'campaigns/spring.yaml': `version: 1\ndefaults: { quality: low }\nassets:\n  spring/banner:\n    prompt: Tulips\n    alt: Tulips\n`,
  'campaigns/winter.yaml': `version: 1\nassets:\n  # The skates stay.\n  winter/banner:\n    prompt: Skates\n    alt: Skates\n`,
  'shop/images.yaml': `version: 1\n${outputs.replace('64, formats', '32, formats')}\nassets:\n  mug:\n    prompt: A mug\n    alt: A mug\n  badge: { source: ./brand/badge.png, decorative: true }\n`,
  'shop/brand/badge.png': await sharp({
    create: { width: 64, height: 64, channels: 3, background: '#e4572e' },
  })
    .png()
    .toBuffer(),
}

test('generates the pictures of all files, and regenerates only what changed in one of them', async () => {
  const project = await createTestProject({ files, server: true })
  expect(await project.generate()).toMatchObject({
    generated: 4,
    failed: [],
    requested: ['A lighthouse', 'A mug', 'Skates', 'Tulips'],
  })
  expect(Object.keys(project.lock().assets)).toEqual([
    'badge',
    'hero',
    'mug',
    'spring/banner',
    'winter/banner',
  ])
  expect(project.lock().assets['spring/banner']!.request['quality']).toBe('low')
  expect(project.lock().assets['badge']!.master.path).toBe('shop/brand/badge.png')
  expect(project.lock().assets['mug']!.outputs['s.webp']).toMatchObject({ width: 64, height: 32 })

  project.write(
    'campaigns/spring.yaml',
    project.text('campaigns/spring.yaml').replace('prompt: Tulips', 'prompt: Daffodils'),
  )
  expect(await project.generate()).toMatchObject({ generated: 1, requested: ['Daffodils'] })
})

test('notices new and removed files of a glob without a change of the manifest', async () => {
  const project = await createTestProject({ files, server: true })
  await project.generate()
  project.write(
    'campaigns/autumn.yaml',
    'version: 1\nassets:\n  autumn: { prompt: Leaves, alt: Leaves }\n',
  )
  expect(stepsOf(await project.plan())).toEqual(['generate autumn'])
  rmSync(join(project.root, 'campaigns/autumn.yaml'))
  expect(stepsOf(await project.plan())).toEqual([])
  rmSync(join(project.root, 'campaigns/winter.yaml'))
  expect(stepsOf(await project.plan())).toEqual(['prune winter/banner'])
  project.write('campaigns/winter.yaml', files['campaigns/winter.yaml'])
  await project.expectUpToDate()
})

test('reports the mistakes of all files at once, each with its own file and frame', async () => {
  const project = await createTestProject({
    files: {
      ...files,
      'images.yaml': rootText
        .replace('[campaigns/*.yaml, ', '[campaigns/*.yaml, posters/*.yaml, images.yaml, ')
        .replace('alt: hero', 'altt: hero'),
      'campaigns/spring.yaml': `version: 1\nprovider: local\nassets:\n  hero: { prompt: Tulips, alt: Tulips }\n`,
      'campaigns/winter.yaml': 'version: 1\nassets: [\n',
      'shop/images.yaml': `version: 1\nassets:\n  mug: { prompt: A mug, alt: A mug, style: brand }\n`,
    },
  })
  const { code, stdout, stderr } = await project.cli(['generate'])
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  const places = [...stderr.matchAll(/^(\S+:\d+:\d+) error (\S+)$/gm)].map(
    ([, place, message]) => `${place} ${message}`,
  )
  // `brand` may be defined in the file that can't be read.
  expect(places).toEqual([
    'images.yaml:2:29 manifest/include',
    'images.yaml:2:45 manifest/include',
    'images.yaml:8:5 manifest/unknown-key',
    'campaigns/spring.yaml:2:1 manifest/root-only',
    'campaigns/spring.yaml:4:3 manifest/duplicate-name',
    'campaigns/winter.yaml:2:9 manifest/syntax',
  ])
  expect(stderr).toContain(`campaigns/spring.yaml:4:3 error manifest/duplicate-name
  There are two assets named "hero".

    2 | provider: local
    3 | assets:
  > 4 |   hero: { prompt: Tulips, alt: Tulips }
      |   ^^^^
    5 |

  → Rename one of them; the other is at images.yaml:6:3.
`)
  expect(stderr).not.toMatch(/^\s+at /m)
})

test('reports a missing source at its location in the included file', async () => {
  const project = await createTestProject({ files })
  rmSync(join(project.root, 'shop/brand/badge.png'))
  const { stderr } = await project.cli(['plan'])
  expect(stderr).toContain(
    'shop/images.yaml:7:20 error manifest/missing-file\n  There is no file shop/brand/badge.png inside the project.',
  )
  expect(stderr).toContain('> 7 |   badge: { source: ./brand/badge.png, decorative: true }')
  expect(stderr).toContain('Check the path: it is relative to shop/images.yaml.')
})

test('renames an asset in the file that defines it', async () => {
  const project = await createTestProject({ files, server: true })
  await project.generate()
  expect(await project.cli(['mv', 'winter/banner', 'winter/skates'])).toMatchObject({ code: 0 })
  expect(project.text('campaigns/winter.yaml')).toBe(
    files['campaigns/winter.yaml'].replace('winter/banner', 'winter/skates'),
  )
  expect(project.text('images.yaml')).toBe(rootText)
  expect(project.has('images/winter/skates.png')).toBe(true)
  await project.expectUpToDate()

  const refused = await project.cli(['mv', 'winter/skates', 'winter/a b'])
  expect(refused.stderr).toMatch(/^campaigns\/winter\.yaml:4:3 error manifest\/name/)
  expect(project.text('campaigns/winter.yaml')).toContain('  winter/skates:\n')
  expect(project.server.requests).toHaveLength(4)
})

test('follows included files while it watches: their changes, new ones, and those that a changed manifest names', async () => {
  const project = await createTestProject({ files, server: true })
  const watch = project.start(['watch', '--max-cost', '1'])
  await watch.printed(/Watching images\.yaml/)

  project.write(
    'shop/images.yaml',
    project.text('shop/images.yaml').replace('prompt: A mug', 'prompt: A cup'),
  )
  await watch.printed(/✓ images\/mug\.png/, 2)
  await watch.printed(/Watching images\.yaml/, 2)

  project.write(
    'campaigns/autumn.yaml',
    'version: 1\nassets:\n  autumn: { prompt: Leaves, alt: Leaves }\n',
  )
  await watch.printed(/✓ images\/autumn\.png/)
  await watch.printed(/Watching images\.yaml/, 3)

  project.edit('shop/images.yaml]', 'shop/images.yaml, team.yaml]')
  await watch.printed(/There is no file team\.yaml/)
  await watch.printed(/Watching images\.yaml/, 4)
  project.write('team.yaml', 'version: 1\nassets:\n  team: { promt: Four people, alt: Team }\n')
  await watch.printed(/team\.yaml:3:11 error manifest\/unknown-key/)
  await watch.printed(/Watching images\.yaml/, 5)
  project.write('team.yaml', 'version: 1\nassets:\n  team: { prompt: Four people, alt: Team }\n')
  await watch.printed(/✓ images\/team\.png/)
  await watch.printed(/Watching images\.yaml/, 6)

  project.edit(', team.yaml]', ']')
  project.write('team.yaml', 'version: 1\nassets:\n  team: { prompt: Five people, alt: Team }\n')
  rmSync(join(project.root, 'campaigns/winter.yaml'))
  project.write(
    'campaigns/spring.yaml',
    project.text('campaigns/spring.yaml').replace('prompt: Tulips', 'prompt: Daffodils'),
  )
  await watch.printed(/✓ images\/spring\/banner\.png/, 2)
  expect(project.server.requests.map(({ body }) => body['prompt']).slice(4)).toEqual([
    'A cup',
    'Leaves',
    'Four people',
    'Daffodils',
  ])
  watch.kill('SIGINT')
  expect((await watch.done).code).toBe(130)
})
