import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestProject } from './test-project.ts'

const core = fileURLToPath(new URL('..', import.meta.url))

let root: string
let dist: string

beforeAll(() => {
  // Below the package, so that the bundle finds the packages that stay outside of it.
  const folder = join(core, 'node_modules/.cache')
  mkdirSync(folder, { recursive: true })
  root = mkdtempSync(join(folder, 'bundle-'))
  dist = join(root, 'dist')
  copyFileSync(join(core, 'package.json'), join(root, 'package.json'))
  run(core, ['scripts/bundle.ts', '--out', dist])
}, 60_000)
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** Runs Node. @returns its standard output */
function run(cwd: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--no-warnings', ...args], {
    cwd,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
  })
  expect(stderr).toBe('')
  expect(status).toBe(0)
  return stdout
}

test('starts its thread and its process, and reads the version of the package', async () => {
  const manifest = `version: 1
provider: local
defaults: { outputs: [{ name: s, width: 64, height: 64, formats: [webp] }] }
assets:
  drawn: { prompt: A lighthouse, alt: A lighthouse }
  vector: { source: ./logo.svg, alt: A logo }
`
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><path d="M0 0h64v64z"/></svg>'
  const project = await createTestProject({ files: { 'images.yaml': manifest, 'logo.svg': svg } })
  const bin = join(dist, 'cli/bin.js')
  run(project.root, [bin, 'generate', '--quiet'])
  expect(existsSync(join(project.root, 'images/drawn.png'))).toBe(true)
  expect(run(project.root, [bin, 'plan'])).toBe('Nothing to do: 2 pictures are up to date.\n')
  const { version } = JSON.parse(readFileSync(join(core, 'package.json'), 'utf8')) as {
    version: string
  }
  expect(run(project.root, [bin, '--version'])).toBe(`${version}\n`)
})

test('shares its errors between entry points, and comes with the licence of zod', () => {
  const [index, start] = ['index.js', 'for-vite/start.js'].map(
    (file) => pathToFileURL(join(dist, file)).href,
  )
  const code = `import { LimnError } from '${index}'
import * as start from '${start}'
console.log(LimnError === start.LimnError)`
  expect(run(root, ['--input-type=module', '--eval', code])).toBe('true\n')
  expect(readFileSync(join(dist, 'LICENSE-zod'), 'utf8')).toContain('MIT License')
})

test('names functions in stack traces, and carries neither comments nor other packages', () => {
  const code = globSync('**/*.js', { cwd: dist })
    .map((file) => readFileSync(join(dist, file), 'utf8'))
    .join('\n')
  for (const name of ['openProject', 'formatPlan', 'parseManifest', 'hashRequest']) {
    expect(code.includes(`function ${name}(`), name).toBe(true)
  }
  expect(/\/\/#region|\/\*\* (Returns|Reads|Whether) /.exec(code)?.[0]).toBeUndefined()
  for (const name of ['@babel/parser', 'sharp', 'yaml']) {
    expect(new RegExp(`(from|import\\()["'\`]${name}["'\`]`).test(code), name).toBe(true)
  }
})

/** Runs Node, and returns the files of the bundle and the packages that it loads. */
function loadedBy(cwd: string, args: readonly string[]): { own: string[]; packages: string[] } {
  const hook = `import { registerHooks } from 'node:module'
const loaded = []
registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) })
process.on('exit', () => console.log(JSON.stringify(loaded)))`
  const out = run(cwd, ['--import', `data:text/javascript,${encodeURIComponent(hook)}`, ...args])
  const loaded = JSON.parse(out.trim().split('\n').at(-1)!) as string[]
  const folder = pathToFileURL(`${dist}/`).href
  return {
    own: loaded.flatMap((url) => (url.startsWith(folder) ? [url.slice(folder.length)] : [])),
    packages: loaded.filter((url) => url.startsWith('file:') && !url.startsWith(folder)),
  }
}

const importing = (...files: string[]): string[] => [
  '--input-type=module',
  '--eval',
  files.map((file) => `await import('${pathToFileURL(join(dist, file)).href}')`).join('\n'),
]

test('loads no module of zod, and few of its own, for a manifest that it has not read', async () => {
  const project = await createTestProject({
    files: {
      'images.yaml': 'version: 1\nassets:\n  hero: { prompt: A lighthouse, alt: A lighthouse }\n',
    },
  })
  const { own, packages } = loadedBy(project.root, [join(dist, 'cli/bin.js'), 'plan'])
  expect(packages.filter((url) => url.includes('/zod/'))).toEqual([])
  expect(own.length).toBeLessThan(45)
})

test.each([['--help'], ['--version'], ['generate', '--help']])(
  'loads no file of a build or a run for `limn %s`',
  (...args) => {
    const { own, packages } = loadedBy(root, [join(dist, 'cli/bin.js'), ...args])
    expect(packages).toEqual([])
    const bytes = own.map((file) => readFileSync(join(dist, file)).byteLength)
    expect(bytes.reduce((sum, each) => sum + each, 0)).toBeLessThan(60_000)
  },
)

test.each([
  ['a dev server', ['for-vite/start.js'], 8],
  ['a build', ['for-vite/start.js', 'for-vite/index.js', 'index.js'], 12],
  ['a program with the API', ['index.js'], 9],
])('loads few files and no package for the start of %s', (_, files, most) => {
  const { own, packages } = loadedBy(root, importing(...files))
  expect(packages).toEqual([])
  expect(own.length).toBeLessThan(most)
  // They define things, and do nothing: no command runs.
  expect(own.filter((file) => /^(cli\/|main-|run-command-)/.test(file))).toEqual([])
})

test.each(['index.js', 'for-vite/start.js'])(
  'checks the version of Node before it runs anything of %s',
  (file) => {
    // What Limn's modules call as they are loaded is missing, as in an old Node.
    const code = `Object.defineProperty(process.versions, 'node', { value: '20.20.2' })
process.getBuiltinModule = undefined
await import('${pathToFileURL(join(dist, file)).href}').catch((error) => console.log(error.stack))`
    expect(run(root, ['--input-type=module', '--eval', code])).toBe(
      'Limn requires Node 22.22 or later; this is Node 20.20.2.\n',
    )
  },
)
