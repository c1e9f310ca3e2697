import { expect, test } from 'vitest'
import { errors } from '../../../fixtures/openai-server/index.ts'
import { type LimnEvent, openProject } from '../src/index.ts'
import { createTestProject, KEY, smallManifest, type TestProject } from './test-project.ts'

/** Returns the types of events, without the progress. */
async function typesOf(run: AsyncIterable<LimnEvent>): Promise<string[]> {
  const types: string[] = []
  for await (const { type } of run) if (type !== 'progress') types.push(type)
  return types
}

const create = (...names: string[]): Promise<TestProject> =>
  createTestProject({
    files: {
      'images.yaml': smallManifest(
        Object.fromEntries(names.map((name) => [name, `A picture of ${name}`])),
        'provider: openai\nlimits: { inFlight: 1 }',
      ),
    },
    server: true,
  })

test('iterates over the events of a run, and awaits its result', async () => {
  const { project } = await create('hero')
  const run = project.generate()
  expect(await typesOf(run)).toEqual(['planned', 'generating', 'generated', 'derived'])
  expect(await run).toMatchObject({ generated: 1, derived: 1, failed: [] })
  expect(await typesOf(project.generate())).toEqual(['planned'])
})

test('receives the picture in flight when the loop ends, and requests no other', async () => {
  const { project, server } = await create('hero', 'mug', 'card')
  for await (const { type } of project.generate({ derive: false })) {
    if (type === 'generating') break
  }
  const sent = server.requests.length
  const { generated, recovered } = await project.generate({ derive: false })
  expect(generated + recovered).toBe(3 - sent)
  expect(server.requests).toHaveLength(3)
})

test('throws from the loop what stops the run', async () => {
  const { root } = await create('hero')
  const project = openProject({ cwd: root, env: {} })
  await expect(typesOf(project.generate())).rejects.toMatchObject({ code: 'provider/no-key' })
  const missing = openProject({ cwd: root, manifest: 'none.yaml' })
  await expect(typesOf(missing.generate())).rejects.toThrow('none.yaml')
  await expect(
    typesOf(project.generate({ signal: AbortSignal.abort(), freeOnly: true, names: ['x'] })),
  ).rejects.toMatchObject({ code: 'asset/unknown' })
})

test('runs many projects in one process, each with its own key and nothing shared', async () => {
  const listeners = (): number =>
    process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0)
  const before = { listeners: listeners(), cwd: process.cwd(), env: { ...process.env } }
  const projects = await Promise.all(
    Array.from({ length: 8 }, (_, index) => create('hero', `own-${index}`)),
  )
  projects[3]!.server.answer(() => errors.moderationBlocked)
  const results = await Promise.all(
    projects.map(({ root, env }, index) =>
      openProject({ cwd: root, env: { ...env, OPENAI_API_KEY: `${KEY}-${index}` } }).generate(),
    ),
  )
  expect(results.map(({ generated }) => generated)).toEqual([2, 2, 2, 0, 2, 2, 2, 2])
  projects.forEach(({ server, lock, list }, index) => {
    for (const { headers } of server.requests) {
      expect(headers['authorization']).toMatch(new RegExp(`-${index}$`))
    }
    if (index === 3) expect(list()).not.toContain('images.lock')
    else expect(Object.keys(lock().assets).sort()).toEqual(['hero', `own-${index}`])
  })
  expect({ listeners: listeners(), cwd: process.cwd(), env: { ...process.env } }).toEqual(before)
})

test('lets two runs of one project take turns, and pays once', async () => {
  const { root, env, server } = await create('hero', 'mug')
  const runs = await Promise.all(
    [1, 2, 3].map(() => openProject({ cwd: root, env }).generate({ derive: false })),
  )
  expect(runs.reduce((sum, { generated }) => sum + generated, 0)).toBe(2)
  expect(server.requests).toHaveLength(2)
})
