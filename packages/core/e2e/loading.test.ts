import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { createTestProject, smallManifest, type TestProject } from './test-project.ts'

const bin = fileURLToPath(new URL('../src/cli/bin.ts', import.meta.url))

/** Logs every module that is loaded. */
const hook = `
const [{ registerHooks }, { appendFileSync }] = ['node:module', 'node:fs'].map((id) => process.getBuiltinModule(id))
registerHooks({
  load(url, context, nextLoad) {
    appendFileSync(process.env.LOADED, url + '\\n')
    return nextLoad(url, context)
  },
})
`

type LoadedBy = (...args: string[]) => string[]
type WatchedProject = {
  project: TestProject
  /** Packages that a command loads. */
  loadedBy: LoadedBy
  /** Modules of Limn and of Node that it loads: `cli/main.ts`, `node:fs`. */
  modulesOf: LoadedBy
}

/** Creates a project whose commands log the modules that they load. */
async function createWatchedProject(
  files: Readonly<Record<string, string>>,
): Promise<WatchedProject> {
  const project = await createTestProject({ files: { ...files, 'hook.mjs': hook }, server: true })
  const find = (pattern: RegExp, args: readonly string[]): string[] => {
    const log = join(project.root, 'loaded.txt')
    project.write('loaded.txt', '')
    const { status } = spawnSync(process.execPath, ['--import', './hook.mjs', bin, ...args], {
      cwd: project.root,
      env: { LOADED: log, OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: project.server.baseURL },
    })
    expect(status).toBe(0)
    return [
      ...new Set(
        readFileSync(log, 'utf8')
          .split('\n')
          .flatMap(
            (url) =>
              pattern
                .exec(url)
                ?.slice(1)
                .find((name) => name !== undefined) ?? [],
          ),
      ),
    ].sort()
  }
  return {
    project,
    loadedBy: (...args) => find(/node_modules\/(?!.*node_modules\/)((?:@[^/]+\/)?[^/]+)/, args),
    modulesOf: (...args) => find(/packages\/core\/src\/(.*)|^(?=node:)(.*)/, args),
  }
}

test('loads no heavy package for a plan with nothing to do', async () => {
  const { project, loadedBy } = await createWatchedProject({
    'images.yaml': smallManifest({ hero: 'A lighthouse' }),
  })
  // The first plan reads the manifest with yaml and zod: the hook sees what is loaded.
  expect(loadedBy('plan')).toEqual(['yaml', 'zod'])
  await project.generate()
  expect(loadedBy('plan')).toEqual([])
  // The first check on a machine reads the sizes of the masters.
  expect(loadedBy('check')).toContain('sharp')
  expect(loadedBy('check')).toEqual([])
  expect(loadedBy('list')).toEqual([])
  expect(loadedBy('generate')).toEqual([])
})

test('loads the parser of code only for a setup that edits a config', async () => {
  const { project, loadedBy } = await createWatchedProject({
    'site/vite.config.ts': 'export default {}\n',
  })
  expect(loadedBy('init')).toEqual([])
  expect(loadedBy('init', '-C', 'site', '--dry-run')).toEqual(['@babel/parser'])
  expect(loadedBy('init', '--undo', '--dry-run')).toEqual([])
  expect(project.has('site/images.yaml')).toBe(false)
})

test('loads only the glob library for an included glob', async () => {
  const include = (entry: string): string =>
    smallManifest({ hero: 'A lighthouse' }).replace('version: 1', `version: 1\ninclude: [${entry}]`)
  const { project, loadedBy } = await createWatchedProject({
    'images.yaml': include('shop/*.yaml'),
    'shop/images.yaml': 'version: 1\nassets:\n  mug: { prompt: A mug, alt: A mug }\n',
  })
  await project.generate()
  expect(loadedBy('plan')).toContain('tinyglobby')
  expect(
    loadedBy('plan').filter((name) => !['tinyglobby', 'fdir', 'picomatch'].includes(name)),
  ).toEqual([])
  project.write('images.yaml', include('shop/images.yaml'))
  await project.plan()
  expect(loadedBy('plan')).toEqual([])
})

test('loads a handful of modules for the help and for a plan with nothing to do', async () => {
  const { project, modulesOf } = await createWatchedProject({
    'images.yaml': smallManifest({ hero: 'A lighthouse' }),
  })
  await project.generate()
  const least = [
    'cli/bin.ts',
    'cli/fast-path.ts',
    'cli/run-command.ts',
    'disk/node-builtins.ts',
    'node-version.ts',
    'node:module',
    'node:path',
    'version.ts',
  ]
  const help = ['help', 'registry', 'wrap'].map((name) => `cli/${name}.ts`)
  expect(modulesOf('--help')).toEqual(
    [...least, ...help, 'plan/columns.ts', 'project/cell-width.ts'].sort(),
  )
  expect(modulesOf('--version')).toEqual(least)
  // A plan is cached once no file can change without a new stamp.
  const own = [
    'debug.ts',
    'disk/open-inside.ts',
    'disk/spelling.ts',
    'disk/read-inside.ts',
    'disk/stamp-comparison.ts',
    'disk/stamp-file.ts',
    'disk/stamps.ts',
    'plan/steps.ts',
    'program-file.ts',
    'project/plan-cache/memory.ts',
    'project/plan-cache/plan-cache.ts',
    'safe-text.ts',
    'store/paths.ts',
  ]
  await expect
    .poll(() => modulesOf('plan'), { timeout: 60_000, interval: 200 })
    .toEqual([...least, ...own].sort())
})

test('prints the same on the fast path as on the full command line', async () => {
  const { project, modulesOf } = await createWatchedProject({
    'images.yaml': smallManifest({ hero: 'A lighthouse' }),
  })
  await project.generate()
  await expect
    .poll(() => modulesOf('plan'), { timeout: 60_000, interval: 200 })
    .not.toContain('cli/main.ts')
  for (const [short, whole] of [
    [['plan'], ['plan', '-C', '.']],
    [['--help'], ['--help', '--quiet']],
    [['help'], ['--help', '--quiet']],
    [['--version'], ['--version', '--quiet']],
  ]) {
    expect(modulesOf(...whole!)).toContain('cli/main.ts')
    expect(await project.cli(short!)).toEqual(await project.cli(whole!))
  }
})

test('warns about a server that a repo names even if there is nothing to do', async () => {
  const project = await createTestProject({
    files: {
      'images.yaml': smallManifest({ hero: 'A lighthouse' }, 'provider: local'),
      '.env': 'OPENAI_BASE_URL=https://example.org/v1\n',
    },
    env: { OPENAI_API_KEY: 'sk-test' },
  })
  await project.generate()
  const memory = join(project.root, 'node_modules/.cache/limn/images.yaml.plan.json')
  await expect
    .poll(async () => project.cli(['plan']).then(() => existsSync(memory)), {
      timeout: 60_000,
      interval: 200,
    })
    .toBe(true)
  const { stdout, stderr } = await project.cli(['plan'])
  expect(stdout).toBe('Nothing to do: 1 picture is up to date.\n')
  expect(stderr).toContain('Limn ignores OPENAI_BASE_URL from .env')
})

test('loads and reads no remote store if nothing is to be requested', async () => {
  const { project, modulesOf } = await createWatchedProject({
    'images.yaml': smallManifest(
      { hero: 'A lighthouse' },
      'provider: openai\nremote: { url: .cache/limn }',
    ),
  })
  await project.generate()
  const ofStore = (modules: string[]): string[] =>
    modules.filter((module) => /^remote\/|-remote|remote-cache\.ts/.test(module))
  for (const command of ['plan', 'check', 'list', 'generate']) {
    const modules = ofStore(modulesOf(command))
    expect(
      modules.filter((module) => !/named-remote|lazy-remote/.test(module)),
      command,
    ).toEqual([])
  }
})
