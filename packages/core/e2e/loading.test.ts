import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { createTestProject, smallManifest } from './test-project.ts'

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

test('loads no heavy package for a plan with nothing to do', async () => {
  const project = await createTestProject({ files: { 'images.yaml': smallManifest({ hero: 'A lighthouse' }), 'hook.mjs': hook }, server: true })
  const loadedBy = (...args: string[]): string[] => {
    const log = join(project.root, 'loaded.txt')
    project.write('loaded.txt', '')
    const { status } = spawnSync(process.execPath, ['--import', './hook.mjs', bin, ...args], { cwd: project.root, env: { LOADED: log, OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: project.server.baseURL } })
    expect(status).toBe(0)
    return [...new Set(readFileSync(log, 'utf8').split('\n'))].filter((name) => name !== '').sort()
  }
  // The first plan reads the manifest with yaml and zod: the hook sees what is loaded.
  expect(loadedBy('plan')).toEqual(['yaml', 'zod'])
  await project.generate()
  expect(loadedBy('plan')).toEqual([])
  expect(loadedBy('check')).toEqual([])
  expect(loadedBy('list')).toEqual([])
  expect(loadedBy('generate')).toEqual([])
})
