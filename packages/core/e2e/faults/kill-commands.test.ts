import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { commands } from '../../src/cli/registry.ts'
import { createTestProject, type TestProject } from '../test-project.ts'
import { type Case, cases, changed, manifest, notKilled } from './kill/cases.ts'
import { type Copy, copyOf, type Start } from './kill/copy.ts'
import { statesAfterCalls, whyNoTraces } from './kill/system-calls.ts'
import { smallPicture } from './many.ts'

/** `test:soak` kills at all operations and calls, and not only at a sample of them. */
const isSoak = process.env['MODE'] === 'soak'

test('kills every command that writes', () => {
  const killed = Object.values(cases).map(({ args }) => args[0]!)
  expect([...new Set([...killed, ...Object.keys(notKilled)])].sort()).toEqual(
    Object.keys(commands).sort(),
  )
})

const hook = new URL('kill-at.mjs', import.meta.url).href

/** Lets a process kill itself before its file operation number `at`, from 1; never at 0. */
function killAt(at: number): Required<Pick<Start, 'env'>> {
  return { env: { KILL_AT: String(at), NODE_OPTIONS: `--import ${hook}` } }
}

test.each(Object.entries(cases))(
  'completes or takes back after a kill at any file operation: %s',
  { timeout: isSoak ? 900_000 : 60_000 },
  async (_, each) => {
    const project = await createGenerated(each)
    const operations = await countOperations(copyOf(project), each.args)
    const sample = sampleOf(numbersTo(operations), isSoak ? Infinity : 4)
    let kills = 0
    for (const at of sample) {
      const copy = copyOf(project)
      const { code, stderr } = await copy.run(each.args, killAt(at))
      if (code === null) kills++
      // A faster run has fewer heartbeats, and may end before its last operations.
      else expect({ code, stderr }, `not killed at ${at}`).toMatchObject({ code: 0 })
      await copy.expectCompleted(each, `killed at ${at}`)
    }
    expect(kills, `kills at ${sample.length} operations`).toBeGreaterThan(sample.length / 2)
  },
)

const noTraces = whyNoTraces()

test.for(Object.entries(cases).filter(([name]) => isSoak || ['mv', 'restore'].includes(name)))(
  'completes or takes back after a kill at any system call: %s',
  { timeout: isSoak ? 900_000 : 60_000 },
  async ([, each], { skip }) => {
    skip(noTraces !== undefined, noTraces)
    const project = await createGenerated(each)
    const states = await statesAfterCalls(copyOf(project), each.args)
    for (const { call, copy } of sampleOf(states, isSoak ? Infinity : 12)) {
      await copy.expectCompleted(each, `killed after ${call}`)
    }
  },
)

test.each(isSoak ? numbersTo(60) : [2, 12, 25, 40])(
  'completes or takes back after `limn watch` is killed at file operation %i, or when it is idle',
  async (at) => {
    const copy = copyOf(await createGenerated(recovering))
    const watch = copy.start(['watch'], killAt(at))
    await Promise.race([watch.done, watch.printed(/Watching images\.yaml/)])
    watch.kill('SIGKILL')
    await watch.done
    await copy.expectCompleted(recovering, `killed at ${at}`)
  },
)

/** Pictures come back from the shelf, and others are cut, at no cost. */
const recovering: Case = {
  args: ['watch'],
  async prepare({ write, generate }) {
    write('images.yaml', changed)
    await generate()
    write('images.yaml', manifest.replace('formats: [webp]', 'formats: [webp, png]'))
  },
}

function numbersTo(last: number): number[] {
  return Array.from({ length: last }, (_, index) => index + 1)
}

/** Returns at most `most` values, spread over all of them. */
function sampleOf<T>(all: readonly T[], most: number): T[] {
  const step = Math.max(1, all.length / most)
  return all.filter((_, index) => Math.floor((index + 1) % step) === 0)
}

async function createGenerated({ prepare, hasStore = false }: Case): Promise<TestProject> {
  const files = { 'images.yaml': manifest }
  const env: Record<string, string> = hasStore ? { LIMN_REMOTE: createStore() } : {}
  const project = await createTestProject({ files, env, server: true })
  let serial = 0
  project.server.answer(() => smallPicture(serial++))
  await project.generate()
  await prepare?.(project)
  return project
}

/** Creates an empty folder that is a remote store. */
function createStore(): string {
  const store = mkdtempSync(join(tmpdir(), 'limn-store-'))
  onTestFinished(() => rmSync(store, { recursive: true, force: true }))
  return store
}

async function countOperations({ folder, run }: Copy, args: readonly string[]): Promise<number> {
  const counted = join(folder, 'count')
  const { code, stderr } = await run(args, { env: { ...killAt(0).env, COUNTED: counted } })
  expect({ code, stderr }).toMatchObject({ code: 0 })
  return Number(readFileSync(counted, 'utf8'))
}
