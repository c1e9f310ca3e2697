import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createTestProject, type TestProject } from '../test-project.ts'
import { expectWhole, leftOver, manyManifest, manyPrompts, readKept } from './many.ts'

const COUNT = 8
const IN_FLIGHT = 4
/** Requests that are answered at once. */
const QUICK = 2
const promptByName = manyPrompts(COUNT)

/** A server that answers the first requests at once, and the others after so many ms. */
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

const asked = ({ server }: TestProject): string[] =>
  server.requests.map(({ body }) => String(body['prompt']))
const times = (text: string, pattern: RegExp): number => (text.match(pattern) ?? []).length

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  'begins nothing more at %s, and takes in all that was paid for',
  async (signal) => {
    const project = await createSlowProject(1500)
    const run = project.start(['generate'])
    await run.saw(/✓/, QUICK)
    while (project.server.inFlight < IN_FLIGHT) await sleep(5)
    run.kill(signal)
    const { code, stdout, stderr } = await run.done
    expect(code).toBe(130)
    expect(stderr).toContain('Stopping. Pictures in flight are still received and stored.')
    expect(stdout).toContain('Run the command again to continue.')
    expect(asked(project)).toHaveLength(QUICK + IN_FLIGHT)
    const kept = await readKept(project, promptByName)
    expect([...kept].sort()).toEqual(asked(project).sort())
    expect(Object.keys(project.lock().assets)).toHaveLength(QUICK + IN_FLIGHT)
    expect(leftOver(project.root)).toEqual([])
    await project.generate()
    expectWhole(project, promptByName)
    expect(asked(project)).toHaveLength(COUNT)
  },
)

test('leaves what is under way at the second Ctrl-C, and loses nothing that has come', async () => {
  const project = await createSlowProject(600_000)
  const run = project.start(['generate'])
  await run.saw(/✓/, QUICK)
  while (project.server.inFlight < IN_FLIGHT) await sleep(5)
  run.kill('SIGINT')
  await run.saw(/Stopping/)
  run.kill('SIGINT')
  const { code, stdout, stderr } = await run.done
  expect(code).toBe(130)
  expect(stderr).not.toMatch(/bug|\n\s+at /)
  expect(stdout).toContain('Interrupted after')
  expect(times(stdout, /✓/g)).toBe(QUICK)
  expect((await readKept(project, promptByName)).size).toBe(QUICK)
  expect(leftOver(project.root)).toEqual([])
  project.server.answer(() => ({ kind: 'otherPicture', width: 96, height: 96 }))
  const next = await project.generate()
  expect(next.asked).toHaveLength(COUNT - QUICK)
  expectWhole(project, promptByName)
})

test('writes down what comes between the first Ctrl-C and the second', async () => {
  const project = await createSlowProject(1500)
  const run = project.start(['generate'])
  await run.saw(/✓/, QUICK)
  run.kill('SIGINT')
  await run.saw(/Stopping/)
  await run.saw(/✓/, QUICK + 1)
  run.kill('SIGINT')
  const { code, stdout } = await run.done
  expect(code).toBe(130)
  const kept = await readKept(project, promptByName)
  expect(kept.size).toBeGreaterThanOrEqual(times(stdout, /✓/g))
  const next = await project.generate()
  expect(next.asked.filter((prompt) => kept.has(prompt))).toEqual([])
  expectWhole(project, promptByName)
})
