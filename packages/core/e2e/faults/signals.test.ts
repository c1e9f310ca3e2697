import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createTestProject, type TestProject } from '../test-project.ts'
import {
  expectComplete,
  listLeftovers,
  manyManifest,
  manyPrompts,
  readKeptPrompts,
} from './many.ts'

const COUNT = 8
const IN_FLIGHT = 4
/** Number of requests that are answered immediately. */
const QUICK = 2
const promptByName = manyPrompts(COUNT)

/** Opens a project whose server answers the first requests immediately, and the others after `ms`. */
async function createSlowProject(ms: number): Promise<TestProject> {
  const project = await createTestProject({
    files: { 'images.yaml': manyManifest(COUNT, IN_FLIGHT) },
    server: true,
  })
  project.server.answer(() => ({
    kind: 'delay',
    ms: project.server.requests.length <= QUICK ? 0 : ms,
    fault: { kind: 'otherPicture', width: 96, height: 96 },
  }))
  return project
}

const requested = ({ server }: TestProject): string[] =>
  server.requests.map(({ body }) => String(body['prompt']))
const times = (text: string, pattern: RegExp): number => (text.match(pattern) ?? []).length

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  'starts nothing more at %s, and keeps every paid picture',
  async (signal) => {
    const project = await createSlowProject(1500)
    const run = project.start(['generate'])
    await run.printed(/✓/, QUICK)
    while (project.server.inFlight < IN_FLIGHT) await sleep(5)
    run.kill(signal)
    const { code, stdout, stderr } = await run.done
    expect(code).toBe(130)
    expect(stderr).toContain('Stopping. Pictures in flight are still received and stored.')
    expect(stdout).toContain('Run the command again to continue.')
    expect(requested(project)).toHaveLength(QUICK + IN_FLIGHT)
    const kept = await readKeptPrompts(project, promptByName)
    expect([...kept].sort()).toEqual(requested(project).sort())
    expect(Object.keys(project.lock().assets)).toHaveLength(QUICK + IN_FLIGHT)
    expect(listLeftovers(project.root)).toEqual([])
    await project.generate()
    expectComplete(project, promptByName)
    expect(requested(project)).toHaveLength(COUNT)
  },
)

test('abandons requests in flight at the second Ctrl-C, and loses no received picture', async () => {
  const project = await createSlowProject(600_000)
  const run = project.start(['generate'])
  await run.printed(/✓/, QUICK)
  while (project.server.inFlight < IN_FLIGHT) await sleep(5)
  run.kill('SIGINT')
  await run.printed(/Stopping/)
  run.kill('SIGINT')
  const { code, stdout, stderr } = await run.done
  expect(code).toBe(130)
  expect(stderr).not.toMatch(/bug|\n\s+at /)
  expect(stdout).toContain('Interrupted after')
  expect(times(stdout, /✓/g)).toBe(QUICK)
  expect((await readKeptPrompts(project, promptByName)).size).toBe(QUICK)
  expect(listLeftovers(project.root)).toEqual([])
  project.server.answer(() => ({ kind: 'otherPicture', width: 96, height: 96 }))
  const next = await project.generate()
  expect(next.requested).toHaveLength(COUNT - QUICK)
  expectComplete(project, promptByName)
})

test('keeps pictures that arrive between the first and the second Ctrl-C', async () => {
  const project = await createSlowProject(1500)
  const run = project.start(['generate'])
  await run.printed(/✓/, QUICK)
  run.kill('SIGINT')
  await run.printed(/Stopping/)
  await run.printed(/✓/, QUICK + 1)
  run.kill('SIGINT')
  const { code, stdout } = await run.done
  expect(code).toBe(130)
  const kept = await readKeptPrompts(project, promptByName)
  expect(kept.size).toBeGreaterThanOrEqual(times(stdout, /✓/g))
  const next = await project.generate()
  expect(next.requested.filter((prompt) => kept.has(prompt))).toEqual([])
  expectComplete(project, promptByName)
})
