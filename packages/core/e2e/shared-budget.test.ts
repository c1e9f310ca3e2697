import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openProject } from '../src/index.ts'
import { startCli } from './cli-process.ts'
import { createTestProject, KEY, smallManifest, type TestProject } from './test-project.ts'

const clouds = Object.fromEntries(
  Array.from({ length: 6 }, (_, index) => [`p${index}`, `Cloud number ${index}`]),
)

type Copies = {
  project: TestProject
  /** The maximum cost of one picture, USD. */
  each: number
  env: Record<string, string>
  /** Runs a command in a copy of the project. */
  run: (root: string, args: readonly string[]) => Promise<{ code: number | null; stderr: string }>
  /** Returns the path of a copy that does not exist yet. */
  path: (name: string) => string
}

/** Creates a project whose month allows 3.5 of its six pictures. */
async function createCopies(server: { latencyMs?: number } = {}): Promise<Copies> {
  const home = mkdtempSync(join(tmpdir(), 'limn-home-'))
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest(clouds), '.gitignore': '.limn\nnode_modules\n' },
    server,
  })
  const each = (await project.plan()).usd / 6
  project.edit('provider: openai', `provider: openai\nbudget: { month: ${each * 3.5} }`)
  const env = {
    HOME: home,
    PATH: process.env['PATH']!,
    OPENAI_API_KEY: KEY,
    OPENAI_BASE_URL: project.server.baseURL,
  }
  return {
    project,
    each,
    env,
    run: (root, args) => startCli(args, { cwd: root, env }).done,
    path: (name) => join(home, name),
  }
}

function git(cwd: string, ...args: string[]): void {
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd })
}

/** Makes a copy of a project in each way. */
const ways: Readonly<Record<string, (root: string, copy: string) => void>> = {
  folder: (root, copy) => cpSync(root, copy, { recursive: true }),
  worktree: (root, copy) => git(root, 'worktree', 'add', '-q', copy),
  clone: (root, copy) => git(root, 'clone', '-q', root, copy),
}

test.each(['folder', 'worktree', 'clone'])(
  'shares budget.month with a %s of the project, one after the other',
  async (way) => {
    const { project, each, env, run, path } = await createCopies()
    git(project.root, 'init', '-q')
    git(project.root, 'add', '.')
    git(project.root, 'commit', '-qm', 'Add a site')
    ways[way]!(project.root, path('copy'))
    await run(project.root, ['generate', 'p0', 'p1'])
    expect(project.server.requests).toHaveLength(2)
    const { code, stderr } = await run(path('copy'), ['generate', 'p2', 'p3', 'p4'])
    expect(code).toBe(1)
    expect(stderr).toMatch(/is left for this month/)
    const spent = await openProject({ cwd: path('copy'), env }).costs()
    expect(spent.exact.costs.month.usd).toBeLessThanOrEqual(each * 3.5)
    expect(spent.exact.costs.month.usd).toBeGreaterThan(each * 2)
    expect(project.server.requests.length).toBeLessThan(5)
  },
)

test('never exceeds budget.month if two copies run at the same time', async () => {
  const { project, each, env, run, path } = await createCopies({ latencyMs: 100 })
  ways['folder']!(project.root, path('copy'))
  await Promise.all([
    run(project.root, ['generate', 'p0', 'p1', 'p2']),
    run(path('copy'), ['generate', 'p3', 'p4', 'p5']),
  ])
  const { exact } = await openProject({ cwd: project.root, env }).costs()
  expect(exact.costs.month.usd).toBeLessThanOrEqual(each * 3.5)
  expect(project.server.requests.length).toBeGreaterThan(0)
  expect(project.server.requests.length).toBeLessThan(5)
})

test('counts the spending of a deleted .limn, and a request whose process was killed', async () => {
  const { project, each, env, run } = await createCopies()
  project.server.next({ kind: 'hang' })
  const child = startCli(['generate', 'p0'], { cwd: project.root, env })
  await expect.poll(() => project.server.inFlight, { timeout: 20_000 }).toBe(1)
  child.kill('SIGKILL')
  await child.done
  rmSync(join(project.root, '.limn'), { recursive: true })
  const { exact } = await openProject({ cwd: project.root, env }).costs()
  expect(exact.costs.month.usd).toBeCloseTo(each, 6)
  expect((await run(project.root, ['generate', 'p1'])).code).toBe(0)
})

test('records no prompt, key or URL, and no .env chooses where', async () => {
  const { project, env, run, path } = await createCopies()
  writeFileSync(join(project.root, '.env'), `XDG_STATE_HOME=${project.root}/stolen\n`)
  await run(project.root, ['generate', 'p0'])
  expect(project.has('stolen')).toBe(false)
  const month = join(
    env['HOME']!,
    '.local/state/limn/spending',
    new Date().toISOString().slice(0, 7),
  )
  for (const file of readdirSync(month)) {
    const text = readFileSync(join(month, file), 'utf8')
    expect(text).not.toMatch(/Cloud|sk-|http/)
  }
  expect(readdirSync(path('.'))).toEqual(['.local'])
})
