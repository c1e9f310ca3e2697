import sharp from 'sharp'
import { expect, test } from 'vitest'
import { createTestProject, smallManifest } from './test-project.ts'

test('generates changes and reports mistakes until it is interrupted', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest({ hero: 'A lighthouse', team: 'Four people' }) },
    server: true,
  })
  const watch = project.start(['watch', '--max-cost', '1'])
  await watch.printed(/Watching images\.yaml/)
  expect(project.server.requests).toHaveLength(2)

  project.edit('A lighthouse', 'A windmill')
  await watch.printed(/Watching images\.yaml/, 2)
  expect(project.server.requests.slice(2).map(({ body }) => body['prompt'])).toEqual(['A windmill'])

  project.edit('assets:', 'asets:')
  await watch.printed(/Did you mean "assets"\?/)
  expect(watch.stderr).toContain('images.yaml:4:1 error manifest/unknown-key')
  await watch.printed(/Watching images\.yaml/, 3)

  project.edit('asets:', 'assets:')
  project.edit('Four people', 'Five people')
  await watch.printed(/✓ images\/team\.png/, 2)
  await watch.printed(/Watching images\.yaml/, 4)
  expect(project.server.requests).toHaveLength(4)

  watch.kill('SIGINT')
  expect((await watch.done).code).toBe(130)
  await project.expectUpToDate()
})

test('spends nothing without a terminal and --max-cost, and still does what is free', async () => {
  const outputs = 'outputs: [{ name: s, width: 64, height: 64, formats: [webp] }]'
  const project = await createTestProject({
    files: {
      'images.yaml': `version: 1\nprovider: openai\nassets:\n  hero: { prompt: A lighthouse, alt: x, ${outputs} }\n  photo: { source: ./photo.png, alt: x, ${outputs} }\n`,
      'photo.png': await drawn('red'),
    },
    server: true,
  })
  const watch = project.start(['watch'])
  await watch.printed(/Watching images\.yaml\. Press/)
  expect(watch.stdout).toContain('Plan: 1 to generate (up to $')
  expect(watch.stdout).toMatch(/The rest costs up to \$0\.\d{3}: run `limn generate`/)
  expect(watch.stdout).toContain('Done: 1 file made.')
  project.write('photo.png', await drawn('green'))
  await watch.printed(/Done: 1 file made\./, 2)
  project.edit('A lighthouse', 'A windmill')
  await watch.printed(/The rest costs/, 2)
  expect(project.server.requests).toEqual([])
  watch.kill('SIGINT')
  await watch.done
})

async function drawn(background: string): Promise<Buffer> {
  return sharp({ create: { width: 320, height: 320, channels: 3, background } })
    .png()
    .toBuffer()
}

test('follows the pictures and data files that the manifest names, and new ones as it changes', async () => {
  const outputs = 'outputs: [{ name: s, width: 64, height: 64, formats: [webp] }]'
  const manifest = `version: 1\nprovider: openai\nassets:\n  photo: { source: ./photo.png, alt: A photo, ${outputs} }\n  hero: { prompt: A lighthouse, references: [./mood.png], alt: x, ${outputs} }\n`
  const project = await createTestProject({
    files: {
      'images.yaml': manifest,
      'photo.png': await drawn('red'),
      'mood.png': await drawn('red'),
    },
    server: true,
  })
  const watch = project.start(['watch', '--max-cost', '1'])
  await watch.printed(/Watching images\.yaml/)
  const { sha256 } = project.lock().assets['photo']!.master

  project.write('photo.png', await drawn('green'))
  await watch.printed(/Watching images\.yaml/, 2)
  expect(project.lock().assets['photo']!.master.sha256).not.toBe(sha256)
  project.write('mood.png', await drawn('green'))
  await watch.printed(/Watching images\.yaml/, 3)
  expect(project.server.requests).toHaveLength(2)

  project.edit('./mood.png', './later.png')
  await watch.printed(/There is no file later\.png/)
  await watch.printed(/Watching images\.yaml/, 4)
  project.write('later.png', await drawn('blue'))
  await watch.printed(/Watching images\.yaml/, 5)
  expect(project.server.requests).toHaveLength(3)

  project.write('posts/one.md', '---\ntitle: A first post\n---\n')
  project.edit(
    'assets:\n',
    `assets:\n  post: { matrix: { from: posts/*.md }, prompt: '{{title}}', alt: x, ${outputs} }\n`,
  )
  await watch.printed(/Watching images\.yaml/, 6)
  project.write('posts/two.md', '---\ntitle: A second post\n---\n')
  await watch.printed(/✓ images\/post\/two\.png/)
  await watch.printed(/Watching images\.yaml/, 7)
  expect(project.server.requests.slice(3).map(({ body }) => body['prompt'])).toEqual([
    'A first post',
    'A second post',
  ])
  watch.kill('SIGINT')
  expect((await watch.done).code).toBe(130)
  await project.expectUpToDate()
})

test('counts what was spent in a run that failed', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest({ hero: 'A lighthouse' }) },
    server: { latencyMs: 300 },
  })
  const watch = project.start(['watch', '--max-cost', '1'])
  // The lock can't be written: the picture stays in the journal.
  while (project.server.requests.length === 0) {
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  project.write('images.lock/in-the-way', '')
  await watch.printed(/Error: .*images\.lock can't be/)
  await watch.printed(/Watching images\.yaml, \$0\.\d+ spent/)
  watch.kill('SIGINT')
  expect((await watch.done).code).toBe(130)
})

test('ends at once if it is interrupted while idle', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest({ hero: 'A lighthouse' }) },
    server: true,
  })
  await project.generate()
  const watch = project.start(['watch', '--max-cost', '1'])
  await watch.printed(/Watching images\.yaml/)
  watch.kill('SIGINT')
  expect(await watch.done).toEqual({
    code: 130,
    stdout:
      'Nothing to do: 1 picture is up to date.\nWatching images.yaml. Press Ctrl-C to stop.\n\nStopped watching.\n',
    stderr: '',
  })
})

test('reports that pictures in flight are still received when it is interrupted', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest({ hero: 'A lighthouse' }) },
    server: { latencyMs: 1500 },
  })
  const watch = project.start(['watch', '--max-cost', '1'])
  await expect.poll(() => project.server.inFlight, { timeout: 60_000 }).toBe(1)
  watch.kill('SIGINT')
  const { code, stdout, stderr } = await watch.done
  expect(code).toBe(130)
  expect(stderr).toBe(
    'Stopping. Pictures in flight are still received and stored. Press Ctrl-C again to stop at once.\n',
  )
  expect(stdout).not.toContain('Watching')
  expect(project.has('images/hero.png')).toBe(true)
})
