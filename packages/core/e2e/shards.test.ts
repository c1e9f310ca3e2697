import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { errors } from '../../../fixtures/openai-server/index.ts'
import { openProject, type Project } from '../src/index.ts'
import { createProjectFiles, type ProjectFiles } from './project-files.ts'
import { createTestProject, type TestProject, type TestProjectOptions } from './test-project.ts'

const head = `version: 1
provider: openai
out: public
limits: { inFlight: 4 }
defaults: { outputs: [{ name: s, width: 64, height: 64, formats: [webp] }] }
assets:
`
const chains = `${head}  a: { prompt: A lighthouse, alt: x }
  b: { prompt: At night, alt: x, edit: { image: a } }
  c: { prompt: In winter, alt: x, edit: { image: b } }
  d: { prompt: A mug, alt: x, candidates: 2 }
  e: { prompt: Four people, alt: x }
  shop/f: { prompt: A red shoe, alt: x, quality: high }
  shop/g: { prompt: A blue shoe, alt: x, references: [shop/f] }
  h: { prompt: A cup, alt: x }
`

/** A copy of a project, as a job of a matrix checks it out. */
type Copy = ProjectFiles & { root: string; project: Project }

type ShardedProject = TestProject & {
  /** Copies the project as it is. */
  copy(): Copy
  /** Runs each shard in a copy of its own. */
  runShards(count: number, only?: readonly number[]): Promise<Copy[]>
}

/** Creates a project whose pictures are all made at the same time, as its records say. */
async function createSharded(
  manifest: string,
  options: TestProjectOptions = {},
): Promise<ShardedProject> {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-30T12:00:00Z') })
  onTestFinished(() => void vi.useRealTimers())
  const base = await createTestProject({
    files: { 'images.yaml': manifest },
    server: { createRequestId: () => 'req_test' },
    ...options,
  })
  const copy = (): Copy => {
    const root = mkdtempSync(join(tmpdir(), 'limn-shard-'))
    onTestFinished(() => rmSync(root, { recursive: true, force: true }))
    cpSync(base.root, root, { recursive: true })
    const project = openProject({ cwd: root, env: base.env, provider: options.provider })
    return { root, project, ...createProjectFiles(root) }
  }
  return {
    ...base,
    copy,
    async runShards(count, only = Array.from({ length: count }, (_, at) => at + 1)) {
      const copies = only.map((index) => ({ index, ...copy() }))
      for (const { index, project } of copies) await project.generate({ shard: { index, count } })
      return copies
    },
  }
}

const roots = (copies: readonly Copy[]): string[] => copies.map(({ root }) => root)

test('merges four shards to the lockfile of one run, byte for byte', async () => {
  const sharded = await createSharded(chains)
  const { copy, runShards, server, project, text, list } = sharded
  // One request fails in a way that no other attempt can change.
  server.answer(({ body }) => (body['prompt'] === 'Four people' ? errors.moderation : undefined))
  const whole = copy()
  await whole.project.generate()
  const paid = server.requests.length
  const copies = await runShards(4)
  expect(server.requests.length - paid, 'each request is sent once').toBe(paid)
  const result = await project.merge(roots(copies))
  expect(result).toMatchObject({ conflicts: [], problems: [], received: 0 })
  expect(result.parts.map(({ shard }) => shard)).toEqual(['1/4', '2/4', '3/4', '4/4'])
  expect(text('images.lock')).toBe(whole.text('images.lock'))
  expect(list()).toEqual(whole.list())
  expect(list('.limn/candidates')).toEqual(whole.list('.limn/candidates'))
  const { plan } = await project.plan()
  expect(plan.steps.map(({ asset }) => asset)).toEqual(['e'])
  const history = await project.history()
  expect(history.filter(({ kind }) => kind === 'request')).toHaveLength(paid)
  // Merging again changes nothing.
  expect(await project.merge(roots(copies))).toMatchObject({ merged: [], conflicts: [], problems: [] })
  expect(text('images.lock')).toBe(whole.text('images.lock'))
})
