import { expect, test } from 'vitest'
import { createTestProject, smallManifest } from './test-project.ts'

test('makes what changes, tells mistakes and goes on, until it is interrupted', async () => {
  const project = await createTestProject({ files: { 'images.yaml': smallManifest({ hero: 'A lighthouse', team: 'Four people' }) }, server: true })
  const watch = project.start(['watch'])
  await watch.saw(/Watching images\.yaml/)
  expect(project.server.requests).toHaveLength(2)

  project.edit('A lighthouse', 'A windmill')
  await watch.saw(/Watching images\.yaml/, 2)
  expect(project.server.requests.slice(2).map(({ body }) => body['prompt'])).toEqual(['A windmill'])

  project.edit('assets:', 'asets:')
  await watch.saw(/Did you mean "assets"\?/)
  expect(watch.stderr).toContain('images.yaml:4:1 error manifest/unknown-key')
  await watch.saw(/Watching images\.yaml/, 3)

  project.edit('asets:', 'assets:')
  project.edit('Four people', 'Five people')
  await watch.saw(/✓ images\/team\.png/, 2)
  await watch.saw(/Watching images\.yaml/, 4)
  expect(project.server.requests).toHaveLength(4)

  watch.kill('SIGINT')
  expect((await watch.done).code).toBe(130)
  await project.expectSettled()
})
