import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { generatedSite, manifest, page, type Site, testSite } from './site.ts'

/** A key that only `.env` has. Limn logs it as the name of an asset, where it must be redacted. */
const FILE_KEY = 'acme-0123456789abcdef'

/** Returns a program that uses Vite. DEBUG is read when a process starts, so each has its own. */
const program = (work: string): string => `
import { readFileSync, writeFileSync } from 'node:fs'
const { build, createServer } = await import(${JSON.stringify(import.meta.resolve('vite'))})
const { limn } = await import(${JSON.stringify(import.meta.resolve('../src/index.ts'))})
const config = { configFile: false, logLevel: 'error', plugins: [limn({ dev: { generate: 'draft' } })] }
${work}
`

const build = program('await build(config)')

/** Loads a module and a file, edits the manifest, and ends when the module has changed. */
const dev =
  program(`const server = await createServer({ ...config, server: { port: 0, host: '127.0.0.1' } })
await server.listen()
const get = async (path) => (await fetch(new URL(path, server.resolvedUrls.local[0]))).text()
const mug = () => get('/@id/__x00__virtual:limn/product/mug')
const until = async (isDone) => {
  while (!(await isDone())) await new Promise((resolve) => setTimeout(resolve, 100))
}
const files = async () => (await mug()).match(/\\/@limn\\/[^"\\s]+/g)
await get((await files())[0])
await until(async () => !(await mug()).includes('draft'))
await get((await files())[0])
await get((await files())[0])
writeFileSync('images.yaml', readFileSync('images.yaml', 'utf8').replace('A red mug', 'A green mug'))
await until(async () => (await mug()).includes('A green mug'))
await server.close()
process.exit()`)

/** Runs a program of a site. @returns the lines of the debug log, without the time */
function logOf(site: Site, file: string, debug = 'limn:vite'): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--no-warnings', file], {
    cwd: site.root,
    encoding: 'utf8',
    env: { ...process.env, DEBUG: debug },
    timeout: 60_000,
  })
  expect(status, stderr).toBe(0)
  expect(stdout).not.toContain('limn:')
  return stderr.replace(/^\S+ (?=limn:)/gm, '')
}

test('logs what a build reads, loads and emits', async () => {
  const site = await generatedSite({
    isCut: false,
    files: { 'images.yaml': manifest, ...page, 'run.mjs': build },
  })
  const first = logOf(site, 'run.mjs')
  expect(first).toMatch(/^limn:vite refresh: not needed, generation has just read the project$/m)
  expect(first).toMatch(/^limn:vite loaded virtual:limn\/product\/mug, [\d.]+ ms$/m)
  expect(first).toMatch(/^limn:vite emitting product\/mug\/square\.webp: cut, [\d.]+ ms$/m)
  expect(logOf(site, 'run.mjs')).toMatch(
    /^limn:vite emitting product\/mug\/square\.webp: cache, [\d.]+ ms$/m,
  )
})

test('logs why a dev server reads the project, and what it serves and generates', () => {
  const site = testSite({ files: { 'images.yaml': manifest, ...page, 'run.mjs': dev } })
  const log = logOf(site, 'run.mjs')
  for (const line of [
    /^limn:vite refresh: a generation run starts$/m,
    /^limn:vite refresh: a generation run changed images$/m,
    /^limn:vite refresh: a file changed$/m,
    /^limn:vite read the project, [\d.]+ ms$/m,
    /^limn:vite loaded virtual:limn\/product\/mug, [\d.]+ ms$/m,
    /^limn:vite generation: run starts, only free images$/m,
    /^limn:vite generation: run ends, [\d.]+ ms$/m,
    /^limn:vite generation: stopped$/m,
    /^limn:vite served product\/mug\/square\.\w+\S*: (?:draft|cut), [\d.]+ ms$/m,
    /^limn:vite served product\/mug\/square\.\w+\S*: cache, [\d.]+ ms$/m,
    /^limn:vite hot update: \S+images\.yaml changed$/m,
    /^limn:vite hot update: 1 modules of client: virtual:limn\/product\/mug$/m,
  ]) {
    expect(log).toMatch(line)
  }
})

test('logs the stages of core in a build, with keys of .env redacted', () => {
  const site = testSite({
    files: {
      'images.yaml': manifest.replace('product/mug:', `${FILE_KEY}:`),
      // With a byte order mark, as some editors write it.
      '.env': `\uFEFFACME_API_KEY=${FILE_KEY}\n`,
      'index.html': page['index.html']!,
      'main.js': `import hero from 'virtual:limn/hero'\ndocument.title = hero.src\n`,
      'run.mjs': build,
    },
  })
  const log = logOf(site, 'run.mjs', 'limn:*')
  expect(log).toMatch(/^limn:plan \[key\]: generate, new$/m)
  expect(log).toMatch(/^limn:derive \S+ of images\/hero\.png: cut, \d+ bytes, [\d.]+ ms$/m)
  expect(log).toMatch(/^limn:run hero: generate ends, [\d.]+ ms$/m)
  expect(log).not.toContain(FILE_KEY)
})
