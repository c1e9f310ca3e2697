import { expect, test } from 'vitest'
import { createTestProject, smallManifest } from './test-project.ts'

const files = { 'images.yaml': smallManifest({ hero: 'A lighthouse', team: 'Four people' }) }

test('executes a saved plan', async () => {
  const { cli, server, expectUpToDate } = await createTestProject({ files, server: true })
  expect(await cli(['plan', '--out', 'p.json'])).toMatchObject({ code: 0 })
  expect(await cli(['generate', '--plan', 'p.json'])).toMatchObject({ code: 0, stderr: '' })
  expect(server.requests).toHaveLength(2)
  await expectUpToDate()
})

test('rejects a saved plan after manifest, lockfile or files have changed', async () => {
  const { cli, edit, server } = await createTestProject({ files, server: true })
  await cli(['plan', '--out', 'p.json'])
  edit('A lighthouse', 'A windmill')
  const refused = await cli(['generate', '--plan', 'p.json'])
  expect(refused).toEqual({
    code: 1,
    stdout: '',
    stderr:
      'Error: The saved plan no longer applies: the manifest, the lockfile or the files have changed since.\n  → Make a new one with `limn plan --out FILE`.\n',
  })
  edit('A windmill', 'A lighthouse')
  await cli(['generate', '--plan', 'p.json'])
  expect(server.requests).toHaveLength(2)
  expect(await cli(['generate', '--plan', 'p.json'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('no longer applies'),
  })
  expect(server.requests).toHaveLength(2)
})

test('rejects a file that is not a plan', async () => {
  const { cli, write, server } = await createTestProject({ files, server: true })
  for (const content of ['not JSON', '{}', '{"version":2,"steps":[]}', 'null']) {
    write('p.json', content)
    const { code, stderr } = await cli(['generate', '--plan', 'p.json'])
    expect(code).toBe(1)
    expect(stderr).toMatch(/^Error: \S+p\.json is not a saved plan/)
  }
  expect(await cli(['generate', '--plan', 'absent.json'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('is not a saved plan'),
  })
  expect(server.requests).toEqual([])
})
