import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
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

test('loads no module of zod, and few of its own, for a manifest that it has not read', async () => {
  const project = await createTestProject({
    files: {
      'images.yaml': 'version: 1\nassets:\n  hero: { prompt: A lighthouse, alt: A lighthouse }\n',
      'hook.mjs': `import { registerHooks } from 'node:module'
const loaded = []
registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) })
process.on('exit', () => console.log(JSON.stringify(loaded)))`,
    },
  })
  const out = run(project.root, ['--import', './hook.mjs', join(dist, 'cli/bin.js'), 'plan'])
  const loaded = JSON.parse(out.trim().split('\n').at(-1)!) as string[]
  const own = pathToFileURL(dist).href
  expect(loaded.filter((url) => url.includes('/zod/'))).toEqual([])
  expect(loaded.filter((url) => url.startsWith(own)).length).toBeLessThan(110)
})
