import { expect, test } from 'vitest'
import { createTestProject, stepsOf } from '../test-project.ts'
import { expectComplete, manyManifest, manyPrompts, readKeptPrompts, smallPicture } from './many.ts'
import { randomMoment } from './moments.ts'
import { createRandom } from './random.ts'

/** Number of kills. `npx pnpm@12 test:soak` has time for more. */
const kills = process.env['MODE'] === 'soak' ? 200 : 12
const promptByName = manyPrompts(60)
const IN_FLIGHT = 12

test(
  `pays for no picture twice and loses none if it is killed ${kills} times at random moments`,
  { timeout: kills * 20_000 },
  async () => {
    // Two series at the same time keep both processors of a small machine busy.
    const lines = [1, 2].map(async (line) => {
      let killed = 0
      for (let life = 0; killed < kills / 2; life++) {
        killed += await liveOnce(createRandom(line * 1000 + life), kills / 2 - killed)
      }
    })
    await Promise.all(lines)
  },
)

/** Kills and restarts a run of 60 assets until it completes. @returns the number of kills */
async function liveOnce(
  random: ReturnType<typeof createRandom>,
  mostKills: number,
): Promise<number> {
  const project = await createTestProject({
    files: { 'images.yaml': manyManifest(60, IN_FLIGHT) },
    server: true,
  })
  project.server.answer(() => smallPicture(random.integer(0, 300)))
  const moments: string[] = []
  let killed = 0
  let kept = await readKeptPrompts(project, promptByName)
  const requestedSince = (count: number): string[] =>
    project.server.requests.slice(count).map(({ body }) => String(body['prompt']))
  while (killed < mostKills) {
    const before = project.server.requests.length
    const moment = randomMoment(random)
    const over = new AbortController()
    const run = project.start(['generate'])
    void run.done.then(() => over.abort())
    await moment.wait(project.root, over.signal)
    run.kill('SIGKILL')
    const { code, stderr } = await run.done
    moments.push(moment.name)
    const requested = requestedSince(before)
    expect(
      requested.filter((prompt) => kept.has(prompt)),
      `requested again, killed ${moments.join('; ')}`,
    ).toEqual([])
    expect(new Set(requested).size, `requested twice in one run, killed ${moment.name}`).toBe(
      requested.length,
    )
    const keptBefore = kept
    kept = await readKeptPrompts(project, promptByName)
    expect(
      [...keptBefore].filter((prompt) => !kept.has(prompt)),
      `lost, killed ${moments.join('; ')}`,
    ).toEqual([])
    // A kill loses only pictures in flight, including one requested while another was being written.
    expect(
      requested.filter((prompt) => !kept.has(prompt)).length,
      `lost on the way, killed ${moment.name}`,
    ).toBeLessThanOrEqual(IN_FLIGHT)
    // The run completed before the moment came.
    if (code !== null) {
      expect({ code, stderr: stderr.replaceAll(/^ {2}! .*\n/gm, '') }).toEqual({
        code: 0,
        stderr: '',
      })
      break
    }
    killed++
  }
  const plan = stepsOf(await project.plan())
  expect(plan.filter((step) => step.startsWith('generate'))).toHaveLength(60 - kept.size)
  const last = await project.generate()
  expect(last.failed).toEqual([])
  expect(last.requested).toEqual(
    Object.values(promptByName)
      .filter((prompt) => !kept.has(prompt))
      .sort(),
  )
  expectComplete(project, promptByName)
  return killed
}
