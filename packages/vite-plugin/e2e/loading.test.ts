import { spawnSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { manifest, page, type Site, testSite } from './site.ts'

/** Returns a script that logs every package and every module of Limn that is loaded. */
const script = (work: string): string => `
import { registerHooks } from 'node:module'
import { appendFileSync } from 'node:fs'
let isOver = false
registerHooks({
  load(url, context, nextLoad) {
    const name = /node_modules\\/(?!.*node_modules\\/)((?:@[^/]+\\/)?[^/]+)|packages\\/(.*)/.exec(url)
    if (name !== null && !isOver) appendFileSync(process.env.LOADED, (name[1] ?? name[2]) + '\\n')
    return nextLoad(url, context)
  },
})
const { build, createServer } = await import(${JSON.stringify(import.meta.resolve('vite'))})
const { limn } = await import(${JSON.stringify(import.meta.resolve('../src/index.ts'))})
${work}
`
const build = script("await build({ configFile: false, logLevel: 'error', plugins: [limn()] })")
const start =
  script(`const server = await createServer({ configFile: false, logLevel: 'error', plugins: [limn()], server: { port: 0, host: '127.0.0.1' } })
await server.listen()
isOver = true
await server.close()
process.exit()`)

function loadedBy(site: Site, file: string): Set<string> {
  site.write('loaded.txt', '')
  const { status, stderr } = spawnSync(process.execPath, ['--no-warnings', file], {
    cwd: site.root,
    encoding: 'utf8',
    env: { ...process.env, LOADED: join(site.root, 'loaded.txt') },
  })
  expect(status, stderr).toBe(0)
  return new Set(readFileSync(join(site.root, 'loaded.txt'), 'utf8').split('\n'))
}

const heavy = [
  'sharp',
  'zod',
  'yaml',
  'openai',
  'p-queue',
  'thumbhash',
  'fflate',
  'parse5',
  'magic-string',
  '@rgrove/parse-xml',
]

test('loads nothing that generates, encodes or parses manifests for a build with a full cache, and takes no writer lock', () => {
  const site = testSite({ files: { 'images.yaml': manifest, ...page, 'build.mjs': build } })
  const first = loadedBy(site, 'build.mjs')
  expect(heavy.filter((name) => first.has(name))).toEqual([
    'sharp',
    'zod',
    'yaml',
    'p-queue',
    'thumbhash',
    'fflate',
  ])
  const before = { files: site.list('dist'), state: statSync(join(site.root, '.limn')).mtimeMs }
  const second = loadedBy(site, 'build.mjs')
  expect(second).toContain('vite')
  expect(heavy.filter((name) => second.has(name))).toEqual([])
  expect({ files: site.list('dist'), state: statSync(join(site.root, '.limn')).mtimeMs }).toEqual(
    before,
  )
})

test('starts a dev server with few modules: those that read, plan, encode and generate are loaded later', () => {
  const site = testSite({ files: { 'images.yaml': manifest, ...page, 'start.mjs': start } })
  const loaded = loadedBy(site, 'start.mjs')
  expect(loaded).toContain('vite')
  expect(heavy.filter((name) => loaded.has(name))).toEqual([])
  const ofCore = [
    'command-name',
    'debug',
    'diagnostic',
    'did-you-mean',
    'disk/decode-text',
    'disk/node-builtins',
    'disk/open-inside',
    'disk/read-errors',
    'disk/read-inside',
    'disk/spelling',
    'errors',
    'for-vite/start',
    'manifest/data/formats',
    'manifest/manifest-error',
    'manifest/resolve/profiles',
    'node-version',
    'plan/steps',
    'project/is-manifest-in',
    'project/lazy-remote-cache',
    'project/project',
    'project/run-stream',
    'providers/environment',
    'require-node',
    'safe-text',
    'store/paths',
  ]
  expect(
    [...loaded].flatMap((name) => /^core\/src\/(.*)\.ts$/.exec(name)?.[1] ?? []).sort(),
  ).toEqual(ofCore)
  expect([...loaded].filter((name) => name.startsWith('vite-plugin/src/')).length).toBeLessThan(20)
})
