import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type ImagetoolsConfig, readImagetoolsConfig } from './read-defaults.ts'

async function read(options: string, file = 'vite.config.ts'): Promise<ImagetoolsConfig> {
  const root = mkdtempSync(join(tmpdir(), 'limn-defaults-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  writeFileSync(join(root, file), `export default { plugins: [imagetools(${options})] }\n`)
  return readImagetoolsConfig(root)
}

test.each([
  ['', ''],
  [
    "{ defaultDirectives: new URLSearchParams('format=webp&quality=60') }",
    'format=webp&quality=60',
  ],
  [
    "{ defaultDirectives: new URLSearchParams({ format: 'webp', quality: 60 }) }",
    'format=webp&quality=60',
  ],
  ["{ 'defaultDirectives': (new URLSearchParams('w=30') as URLSearchParams) }", 'w=30'],
])('reads the default directives of imagetools(%s)', async (options, defaults) => {
  const config = await read(options)
  expect(config.defaults.toString()).toBe(defaults)
  expect(config.obstacle).toBeUndefined()
})

test.each([
  ['{ defaultDirectives: (url) => new URLSearchParams() }', 'defaultDirectives'],
  ['{ defaultDirectives: directives }', 'defaultDirectives'],
  ['{ defaultDirectives: new URLSearchParams({ format: name }) }', 'defaultDirectives'],
  ['{ extendTransforms: (own) => own }', 'extendTransforms'],
  ['{ resolveConfigs(entries) { return [] } }', 'resolveConfigs'],
])('says that %s may change what imports mean', async (options, option) => {
  const { obstacle } = await read(options, 'vite.config.mjs')
  expect(obstacle).toMatchObject({ option, file: 'vite.config.mjs', line: 1 })
})
