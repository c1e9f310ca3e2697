import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { errors, type ImageServer } from '../../../fixtures/openai-server/index.ts'
import { createRepository, type TestRepository } from '../src/git/testing.ts'
import { type Event, parseWorkflow, runWorkflow } from './ci/github.ts'
import { parsePipeline, runJobs } from './ci/gitlab.ts'
import { createMachine, type Machine } from './ci/machine.ts'
import { readRecipe } from './ci/recipes.ts'
import { createTestProject, KEY } from './test-project.ts'

const head = `version: 1
provider: openai
providers:
  openai: { models: { cheap: { price: 0.1, sizes: any }, dear: { price: 3, sizes: any } } }
defaults: { model: cheap, size: 64x64, outputs: [{ name: s, width: 32, height: 32, formats: [webp] }] }
`
const assets = `assets:
  hero: { prompt: A lighthouse, alt: A lighthouse }
  night: { prompt: At night, alt: A lighthouse at night, edit: { image: hero } }
  mug: { prompt: A mug, alt: A mug }
  cup: { prompt: A cup, alt: A cup }
  team: { prompt: Four people, alt: Our team }
`

type CiProject = Omit<TestRepository, 'folder'> & {
  /** The author's clone. */
  repo: string
  /** What `gh` was called with. */
  calls: string
  server: ImageServer
  machine: Machine
  /** The repository that jobs clone, without a working tree. */
  origin: string
  /** An empty folder. */
  folder: string
  /** Commits everything, and pushes a branch. @returns the commit */
  push(branch?: string): string
  /** Runs git in the origin. */
  inOrigin(...args: string[]): string
  /** Replaces text in the manifest of the author. */
  edit(from: string, to: string): void
  /** Generates in the repository, as the author does. */
  generate(): Promise<void>
  /** What a job of a workflow runs with. */
  event(name: string, values?: Readonly<Record<string, string>>): Event
  env: Readonly<Record<string, string>>
}

/** Creates a repository with a manifest, its origin, and a machine that runs jobs. */
async function createCiProject(text: string): Promise<CiProject> {
  const { server } = await createTestProject({ server: { models: ['cheap', 'dear'] } })
  const folder = mkdtempSync(join(tmpdir(), 'limn-ci-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const repository = createRepository()
  const origin = join(folder, 'origin.git')
  execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', origin])
  execFileSync('git', ['config', 'receive.advertisePushOptions', 'true'], { cwd: origin })
  repository.git('remote', 'add', 'origin', origin)
  repository.write('images.yaml', text)
  repository.write('.gitignore', 'node_modules\n')
  const machine = createMachine(join(folder, 'machine'))
  const env = { OPENAI_BASE_URL: server.baseURL, LIMN_TRUST: 'OPENAI_API_KEY@127.0.0.1' }
  const push = (branch = 'main'): string => {
    const commit = repository.commit()
    repository.git('push', '--quiet', 'origin', `HEAD:${branch}`)
    return commit
  }
  push()
  const { folder: repo, ...own } = repository
  return {
    ...own,
    repo,
    calls: join(folder, 'machine/calls.txt'),
    server,
    machine,
    origin,
    folder,
    push,
    env,
    inOrigin: (...args) => execFileSync('git', args, { cwd: origin, encoding: 'utf8' }),
    edit(from, to) {
      const old = readFileSync(join(repo, 'images.yaml'), 'utf8')
      expect(old).toContain(from)
      repository.write('images.yaml', old.replace(from, to))
    },
    async generate() {
      const script = 'npx limn generate --yes'
      const { code, output } = await machine.run(script, repo, { ...env, OPENAI_API_KEY: KEY })
      expect(code, output).toBe(0)
    },
    event: (name, values = {}) => ({
      origin,
      branch: 'main',
      machine,
      folder: join(folder, name),
      values: {
        'github.ref_name': 'main',
        'github.run_attempt': '1',
        'secrets.OPENAI_API_KEY': KEY,
        ...values,
      },
      env,
    }),
  }
}

/** Names of the assets in the lockfile of the origin. */
function lockedIn({ inOrigin }: CiProject): string[] {
  const lock = JSON.parse(inOrigin('show', 'main:images.lock')) as { assets: object }
  return Object.keys(lock.assets).sort()
}

test('checks a pull request, and comments its comparison', async () => {
  const policy = 'policy: { maxCost: 0.05, require: [alt], providers: [openai] }\n'
  const project = await createCiProject(head + policy + assets)
  const workflow = parseWorkflow(readRecipe('.github/workflows/check-pictures.yml'))
  const acknowledged = 'policy: { acknowledge: [{ finding: cost, reason: Approved }], '
  const repo = { 'github.repository': 'me/site', 'github.token': 'token' }
  const pull = (fork: boolean, name: string): Event => ({
    ...project.event(name, {
      ...repo,
      'github.event.pull_request.number': '7',
      'github.event.pull_request.head.repo.full_name': fork ? 'you/site' : 'me/site',
    }),
    branch: 'feature',
    env: { GITHUB_BASE_REF: 'main' },
  })
  await project.generate()
  project.push()
  project.git('switch', '--quiet', '--create', 'feature')
  project.edit('A mug,', 'A blue mug,')
  project.push('feature')
  const stale = (await runWorkflow(workflow, pull(false, 'stale')))['check']!
  expect(stale).toMatchObject({
    ok: false,
    output: expect.stringContaining('does not match the manifest'),
  })
  expect(stale.output).toMatch(/::error file=images\.yaml,line=\d+,col=\d+,title=policy\/cost::/)
  expect(readFileSync(project.calls, 'utf8')).toBe(
    'pr comment 7 --body-file comment.md --edit-last --create-if-none\n',
  )
  expect(readFileSync(join(stale.workspace, 'comment.md'), 'utf8')).toContain('mug')
  expect(existsSync(join(project.folder, 'stale/artifacts/pictures/pictures.html'))).toBe(true)
  project.edit('policy: { ', acknowledged)
  await project.generate()
  project.push('feature')
  const good = (await runWorkflow(workflow, pull(true, 'fork')))['check']!
  expect(good, good.output).toMatchObject({ ok: true })
  expect(readFileSync(project.calls, 'utf8').split('\n')).toHaveLength(2)
})

test('generates on merge within a cap, and pays nothing for a second attempt', async () => {
  const project = await createCiProject(head + assets)
  const workflow = parseWorkflow(readRecipe('.github/workflows/generate-pictures.yml'))
  const first = (await runWorkflow(workflow, project.event('first')))['generate']!
  expect(first, first.output).toMatchObject({ ok: true })
  expect(lockedIn(project)).toEqual(['cup', 'hero', 'mug', 'night', 'team'])
  expect(project.inOrigin('ls-tree', '-r', '--name-only', 'main').split('\n')).toContain(
    'images/mug.png',
  )
  const paid = project.server.requests.length
  const again = (await runWorkflow(workflow, project.event('again')))['generate']!
  expect(again, again.output).toMatchObject({ ok: true })
  expect(project.server.requests).toHaveLength(paid)
  // Two pictures cost more than the cap: one of them is made, and committed.
  project.git('pull', '--quiet', 'origin', 'main')
  const more = ['a', 'b'].map((name) => `  ${name}: { prompt: New ${name}, alt: x, model: dear }\n`)
  project.write(
    'images.yaml',
    readFileSync(join(project.repo, 'images.yaml'), 'utf8') + more.join(''),
  )
  project.push()
  const capped = (await runWorkflow(workflow, project.event('capped')))['generate']!
  expect(capped.ok).toBe(false)
  expect(project.server.requests).toHaveLength(paid + 1)
  expect(lockedIn(project)).toHaveLength(6)
  expect(existsSync(join(project.folder, 'capped/artifacts/unfinished-pictures/.limn'))).toBe(true)
})

test('generates in a matrix, and merges what the shards have paid for', async () => {
  const project = await createCiProject(head + assets)
  const workflow = parseWorkflow(readRecipe('.github/workflows/generate-in-a-matrix.yml'))
  const commit = project.git('rev-parse', 'HEAD').trim()
  project.server.answer(({ body }) =>
    body['prompt'] === 'Four people' ? errors.moderationBlocked : undefined,
  )
  const event = { ...project.event('matrix'), sha: commit }
  project.git('commit', '--quiet', '--allow-empty', '--message', 'Meanwhile')
  project.push()
  const { merge, ...shards } = await runWorkflow(workflow, event)
  expect(Object.values(shards).filter(({ ok }) => !ok)).toHaveLength(1)
  expect(merge, merge!.output).toMatchObject({ ok: true })
  expect(lockedIn(project)).toEqual(['cup', 'hero', 'mug', 'night'])
  expect(project.server.requests).toHaveLength(5)
  // A repeated run would start from the old commit: its jobs are skipped.
  const repeated = project.event('repeated', { 'github.run_attempt': '2' })
  expect(await runWorkflow(workflow, repeated)).toEqual({})
})

test('checks, generates and merges in GitLab', async () => {
  const project = await createCiProject(head + assets)
  const recipe = parsePipeline(readRecipe('.gitlab-ci.yml'))
  const trigger = {
    origin: project.origin,
    branch: 'main',
    machine: project.machine,
    folder: join(project.folder, 'gitlab'),
    env: {
      ...project.env,
      OPENAI_API_KEY: KEY,
      PICTURES_TOKEN: 'token',
      CI_SERVER_HOST: 'gitlab.example.com',
      CI_PROJECT_PATH: 'me/site',
      CI_COMMIT_BRANCH: 'main',
      CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main',
      // The address of the project leads to the origin.
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: `url.file://${project.origin}.insteadOf`,
      GIT_CONFIG_VALUE_0: 'https://pictures:token@gitlab.example.com/me/site.git',
    },
  }
  const results = await runJobs(recipe, ['generate-pictures', 'merge-pictures'], trigger)
  for (const [name, { ok, output }] of Object.entries(results)) expect(ok, name + output).toBe(true)
  expect(lockedIn(project)).toEqual(['cup', 'hero', 'mug', 'night', 'team'])
  expect(project.server.requests).toHaveLength(5)
  const checked = await runJobs(recipe, ['check-pictures'], {
    ...trigger,
    folder: join(project.folder, 'gitlab-check'),
  })
  expect(checked['check-pictures']).toMatchObject({ ok: true })
  expect(existsSync(join(project.folder, 'gitlab-check/artifacts/pictures.html'))).toBe(true)
})

test('checks pictures before a commit that changes them', async () => {
  const project = await createCiProject(head + assets)
  const { machine, repo, write } = project
  mkdirSync(join(repo, '.githooks'))
  write('.githooks/pre-commit', readRecipe('.githooks/pre-commit'))
  chmodSync(join(repo, '.githooks/pre-commit'), 0o755)
  const commit = (): ReturnType<Machine['run']> =>
    machine.run(
      'git config core.hooksPath .githooks && git add --all && git -c user.name=Ada -c user.email=ada@example.com commit --quiet --message x',
      repo,
      {},
    )
  expect(await commit(), 'no picture').toMatchObject({ code: 0 })
  const manifest = readFileSync(join(repo, 'images.yaml'), 'utf8')
  write('images.yaml', manifest.replace('A mug', 'A blue mug'))
  expect(await commit()).toMatchObject({
    code: 1,
    output: expect.stringContaining('5 of 5 pictures do not match the manifest'),
  })
  await project.generate()
  expect(await commit(), 'generated').toMatchObject({ code: 0 })
})
