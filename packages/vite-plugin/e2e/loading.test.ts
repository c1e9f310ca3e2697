import { spawnSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { manifest, page, type Site, testSite } from './site.ts'

/** Builds a site as a process of its own, and writes down every package that is loaded. */
const script = `
import { registerHooks } from 'node:module'
import { appendFileSync } from 'node:fs'
registerHooks({
  load(url, context, nextLoad) {
    const name = /node_modules\\/(?!.*node_modules\\/)((?:@[^/]+\\/)?[^/]+)/.exec(url)?.[1]
    if (name !== undefined) appendFileSync(process.env.LOADED, name + '\\n')
    return nextLoad(url, context)
  },
})
const { build } = await import(${JSON.stringify(import.meta.resolve('vite'))})
const { limn } = await import(${JSON.stringify(import.meta.resolve('../src/index.ts'))})
await build({ configFile: false, logLevel: 'error', plugins: [limn()] })
`

function loadedBy(site: Site): Set<string> {
  site.write('loaded.txt', '')
  const { status, stderr } = spawnSync(process.execPath, ['--no-warnings', 'build.mjs'], { cwd: site.root, encoding: 'utf8', env: { ...process.env, LOADED: join(site.root, 'loaded.txt') } })
  expect(status, stderr).toBe(0)
  return new Set(readFileSync(join(site.root, 'loaded.txt'), 'utf8').split('\n'))
}

const heavy = ['sharp', 'zod', 'yaml', 'openai', 'p-queue', 'thumbhash', 'fflate', 'parse5', 'magic-string', '@rgrove/parse-xml']

test('loads nothing that draws, cuts or reads manifests for a build that finds all its files, and takes no turn to write', () => {
  const site = testSite({ files: { 'images.yaml': manifest, ...page, 'build.mjs': script } })
  const first = loadedBy(site)
  expect(heavy.filter((name) => first.has(name))).toEqual(['sharp', 'zod', 'yaml', 'p-queue', 'thumbhash', 'fflate'])
  const before = { files: site.list('dist'), state: statSync(join(site.root, '.limn')).mtimeMs }
  const second = loadedBy(site)
  expect(second).toContain('vite')
  expect(heavy.filter((name) => second.has(name))).toEqual([])
  expect({ files: site.list('dist'), state: statSync(join(site.root, '.limn')).mtimeMs }).toEqual(before)
})
