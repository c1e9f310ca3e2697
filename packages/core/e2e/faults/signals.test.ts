import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createTestProject, type TestProject } from '../test-project.ts'
import { expectWhole, leftOver, manyManifest, manyPrompts, readKept } from './many.ts'

const promptByName = manyPrompts(20)

/** A server that answers the first so many requests at once, and the others after so many ms. */
async function createSlowProject(quick: number, ms: number, head = ''): Promise<TestProject> {
  const project = await createTestProject({ files: { 'images.yaml': head + manyManifest(20) }, server: true })
  project.server.answer(() => ({ kind: 'delay', ms: project.server.requests.length <= quick ? 0 : ms, fault: { kind: 'otherPicture', width: 96, height: 96 } }))
  return project
}

const asked = ({ server }: TestProject): string[] => server.requests.map(({ body }) => String(body['prompt']))
const times = (text: string, pattern: RegExp): number => (text.match(pattern) ?? []).length

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('begins nothing more at %s, and takes in all that was paid for', async (signal) => {
  const project = await createSlowProject(4, 1500)
  const run = project.start(['generate'])
  await run.saw(/✓/, 4)
  while (project.server.inFlight < 12) await sleep(5)
  run.kill(signal)
  const { code, stdout, stderr } = await run.done
  expect(code).toBe(130)
  expect(stderr).toContain('Stopping: pictures that are under way still arrive and are kept.')
  expect(stdout).toContain('Run the command again to go on.')
  expect(asked(project)).toHaveLength(16)
  const kept = await readKept(project, promptByName)
  expect([...kept].sort()).toEqual(asked(project).sort())
  expect(Object.keys(project.lock().assets)).toHaveLength(16)
  expect(leftOver(project.root)).toEqual([])
  await project.generate()
  expectWhole(project, promptByName)
  expect(asked(project)).toHaveLength(20)
})

test('leaves what is under way at the second Ctrl-C, and loses nothing that has come', async () => {
  const project = await createSlowProject(4, 600_000)
  const run = project.start(['generate'])
  await run.saw(/✓/, 4)
  while (project.server.inFlight < 12) await sleep(5)
  run.kill('SIGINT')
  await run.saw(/Stopping/)
  run.kill('SIGINT')
  const { code, stdout, stderr } = await run.done
  expect(code).toBe(130)
  expect(stderr).not.toMatch(/bug|\n\s+at /)
  expect(stdout).toContain('Interrupted after')
  expect(times(stdout, /✓/g)).toBe(4)
  expect((await readKept(project, promptByName)).size).toBe(4)
  expect(leftOver(project.root)).toEqual([])
  project.server.answer(() => ({ kind: 'otherPicture', width: 96, height: 96 }))
  const next = await project.generate()
  expect(next.asked).toHaveLength(16)
  expectWhole(project, promptByName)
})

test('writes down what comes between the first Ctrl-C and the second', async () => {
  const project = await createSlowProject(4, 1500)
  const run = project.start(['generate'])
  await run.saw(/✓/, 4)
  run.kill('SIGINT')
  await run.saw(/Stopping/)
  await run.saw(/✓/, 6)
  run.kill('SIGINT')
  const { code, stdout } = await run.done
  expect(code).toBe(130)
  const kept = await readKept(project, promptByName)
  expect(kept.size).toBeGreaterThanOrEqual(times(stdout, /✓/g))
  const next = await project.generate()
  expect(next.asked.filter((prompt) => kept.has(prompt))).toEqual([])
  expectWhole(project, promptByName)
})

test('waits for a picture that comes as a stream', async () => {
  const project = await createTestProject({ files: { 'images.yaml': manyManifest(20).replace('defaults: {', 'defaults: { partials: 2,') }, server: { latencyMs: 1500 } })
  const run = project.start(['generate'])
  while (project.server.inFlight < 12) await sleep(5)
  run.kill('SIGINT')
  expect(await run.done).toMatchObject({ code: 130 })
  expect(project.server.requests.every(({ body }) => body['stream'] === true)).toBe(true)
  expect(project.server.requests).toHaveLength(12)
  expect(Object.keys(project.lock().assets)).toHaveLength(12)
})
