import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { createTestProject, smallManifest, type TestProject } from './test-project.ts'

const bin = fileURLToPath(new URL('../src/cli/bin.ts', import.meta.url))

/** Writes down every package that is loaded, whoever asks for it. */
const hook = `
import { registerHooks } from 'node:module'
import { appendFileSync } from 'node:fs'
registerHooks({
  load(url, context, nextLoad) {
    const name = /node_modules\\/(?!.*node_modules\\/)((?:@[^/]+\\/)?[^/]+)/.exec(url)?.[1]
    if (name !== undefined) appendFileSync(process.env.LOADED, name + '\\n')
    return nextLoad(url, context)
  },
})
`

type LoadedBy = (...args: string[]) => string[]

/** A project whose commands tell what they loaded. */
async function createWatchedProject(files: Readonly<Record<string, string>>): Promise<{ project: TestProject; loadedBy: LoadedBy }> {
  const project = await createTestProject({ files: { ...files, 'hook.mjs': hook }, server: true })
  const loadedBy: LoadedBy = (...args) => {
    const log = join(project.root, 'loaded.txt')
    project.write('loaded.txt', '')
    const { status } = spawnSync(process.execPath, ['--import', './hook.mjs', bin, ...args], { cwd: project.root, env: { LOADED: log, OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: project.server.baseURL } })
    expect(status).toBe(0)
    return [...new Set(readFileSync(log, 'utf8').split('\n'))].filter((name) => name !== '').sort()
  }
  return { project, loadedBy }
}

test('loads no heavy package for a plan with nothing to do', async () => {
  const { project, loadedBy } = await createWatchedProject({ 'images.yaml': smallManifest({ hero: 'A lighthouse' }) })
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

test('loads what knows globs, and no more, where a glob is included', async () => {
  const include = (entry: string): string => smallManifest({ hero: 'A lighthouse' }).replace('version: 1', `version: 1\ninclude: [${entry}]`)
  const { project, loadedBy } = await createWatchedProject({ 'images.yaml': include('shop/*.yaml'), 'shop/images.yaml': 'version: 1\nassets:\n  mug: { prompt: A mug, alt: A mug }\n' })
  await project.generate()
  expect(loadedBy('plan')).toContain('tinyglobby')
  expect(loadedBy('plan').filter((name) => !['tinyglobby', 'fdir', 'picomatch'].includes(name))).toEqual([])
  project.write('images.yaml', include('shop/images.yaml'))
  await project.plan()
  expect(loadedBy('plan')).toEqual([])
})
