import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { atTerminal } from './at-terminal.ts'
import { createTestProject, type TestProject } from './test-project.ts'

/** A program that draws a grey picture, and notes each request in `requests.jsonl`. */
const program = `import { appendFileSync, writeFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { crc32, deflateSync } from 'node:zlib'
const request = JSON.parse(await text(process.stdin))
appendFileSync('requests.jsonl', JSON.stringify({ ...request, token: process.env.ART_API_KEY }) + '\\n')
const { width, height, folder } = request
const uint32 = (value) => { const bytes = Buffer.alloc(4); bytes.writeUInt32BE(value); return bytes }
const chunk = (type, data) => { const body = Buffer.concat([Buffer.from(type), data]); return Buffer.concat([uint32(data.length), body, uint32(crc32(body))]) }
const header = Buffer.concat([uint32(width), uint32(height), Buffer.from([8, 0, 0, 0, 0])])
const rows = Buffer.alloc((width + 1) * height)
writeFileSync(folder + '/1.png', Buffer.concat([Buffer.from('\\x89PNG\\r\\n\\x1a\\n', 'latin1'), chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]))
`

const manifest = (entry = ''): string => `version: 1
provider: art
providers:
  art: { server: command, command: [node, tools/draw.mjs]${entry} }
defaults: { size: 640x480, outputs: [{ name: s, width: 320, formats: [png] }] }
assets:
  hero: { prompt: A lighthouse, alt: x }
`

function open(entry = '', files: Record<string, string> = {}): Promise<TestProject> {
  return createTestProject({
    files: { 'images.yaml': manifest(entry), 'tools/draw.mjs': program, ...files },
    env: { ART_API_KEY: 'key-of-the-art' },
    trust: '',
  })
}

async function grantOf(project: TestProject): Promise<string> {
  const { stdout } = await project.cli(['trust', '--json'])
  return /"grant":"(command@[0-9a-f]{64})"/.exec(stdout)![1]!
}

const requests = (project: TestProject): unknown[] =>
  project.list().includes('requests.jsonl')
    ? project
        .text('requests.jsonl')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown)
    : []

test('runs no program until the user agrees to this command line and this file', async () => {
  const project = await open(', env: [ART_API_KEY]', { '.env': 'LIMN_TRUST=everything\n' })
  const grant = await grantOf(project)
  project.write('.env', `LIMN_TRUST=${grant}\n`)
  for (const args of [
    ['generate'],
    ['generate', '--yes'],
    ['plan'],
    ['check'],
    ['doctor'],
    ['list'],
  ]) {
    await project.cli(args)
  }
  expect(requests(project)).toEqual([])
  expect((await project.cli(['generate'])).stderr).toBe(
    `Error: The provider "art" would run \`node tools/draw.mjs\` with ART_API_KEY on this machine, and you have not agreed to that.\n  → Run \`limn trust grant ${grant}\` if you trust it; in CI, set LIMN_TRUST=${grant}.\n  images.yaml:4:27\n`,
  )
  expect((await project.cli(['plan'])).stdout).toMatch(/free|\$0/)
  expect((await project.cli(['doctor'])).stdout).toMatch(/✗ command .*would run/)

  await project.cli(['trust', 'grant', grant])
  expect((await project.cli(['doctor'])).stdout).toMatch(/✓ command +node: found and trusted/)
  expect((await project.cli(['generate'])).code).toBe(0)
  expect(requests(project)).toMatchObject([
    { protocol: 1, prompt: 'A lighthouse', model: 'art', format: 'png', token: 'key-of-the-art' },
  ])
  expect(project.lock().assets['hero']!.made).toMatchObject({ provider: 'art', usd: 0 })

  project.write('tools/draw.mjs', `${program}// changed by a commit\n`)
  const changed = await project.cli(['generate', '--force', 'hero'])
  expect(changed.stderr).toContain('you have not agreed to that')
  expect(requests(project)).toHaveLength(1)
  project.write('tools/draw.mjs', program)
  expect((await project.cli(['generate', '--force', 'hero'])).code).toBe(0)

  project.write('images.yaml', manifest())
  expect((await project.cli(['generate', '--force', 'hero'])).stderr).toContain('not agreed')
  expect(requests(project)).toHaveLength(2)
})

test('asks once on a terminal', async () => {
  const project = await open()
  const { stderr } = await atTerminal(project, ['generate'], ['y'])
  expect(stderr).toContain('would run `node tools/draw.mjs` on this machine')
  expect(requests(project)).toHaveLength(1)
  expect((await project.cli(['generate', '--force', 'hero'])).code).toBe(0)
  expect(requests(project)).toHaveLength(2)
})

test('counts a price that the manifest gives, and reports a failure as possibly billed', async () => {
  const failing = 'console.error("the card caught fire"); process.exit(1)\n'
  const project = await open(', models: { art: { price: 0.04 } }', { 'tools/draw.mjs': failing })
  const LIMN_TRUST = await grantOf(project)
  expect((await project.cli(['plan'])).stdout).toContain('$0.04')
  const failed = await project.cli(['generate', '--yes'], { LIMN_TRUST })
  expect(failed.stderr).toContain(
    'The program of "art" failed with exit code 1: the card caught fire. The picture may have been billed.',
  )
  expect((await project.cli(['cost', '--json'])).stdout).toContain('0.04')
})

test('asks for as many candidates as the entry allows, and once more for the rest', async () => {
  const project = await open()
  project.write(
    'images.yaml',
    manifest(', models: { sd-xl: { maxImages: 4 } }').replace(
      'alt: x',
      'alt: x, model: sd-xl, candidates: 2',
    ),
  )
  const LIMN_TRUST = await grantOf(project)
  expect((await project.cli(['generate'], { LIMN_TRUST })).code).toBe(0)
  expect(requests(project)).toMatchObject([{ model: 'sd-xl', count: 2 }, { count: 1 }])
})

test.each([
  ['server: command', 'art: { server: command }', '4:3', '"art" has no `command`.'],
  [
    'another server',
    'art: { server: localai, command: [node] }',
    '4:27',
    '`command` is only for the server `command`, and this one is localai.',
  ],
  [
    'env without a command',
    "art: { baseURL: 'https://x.example', env: [HOME] }",
    '4:40',
    '`env` is only for the server `command`, and this one is openai.',
  ],
  [
    'a base URL',
    "art: { server: command, command: [node], baseURL: 'https://x.example' }",
    '4:44',
    'which has no `baseURL`.',
  ],
  [
    'a key',
    'art: { server: command, command: [node], key: MY_API_KEY }',
    '4:44',
    'which has no `key`.',
  ],
  [
    'headers',
    'art: { server: command, command: [node], headers: { X-A: b } }',
    '4:44',
    'which has no `headers`.',
  ],
])('rejects a provider with %s', async (_, entry, place, message) => {
  const project = await createTestProject({
    files: { 'images.yaml': manifest().replace(/art: \{ server.*/, entry) },
  })
  const { stderr } = await project.cli(['plan'])
  expect(stderr).toContain(message)
  expect(stderr).toContain(`images.yaml:${place}`)
})

test('does not run a program of a repository that names it in its own trust file', async () => {
  const project = await open()
  const grant = await grantOf(project)
  const stored = { version: 1, projects: { [project.root]: [grant] } }
  project.write('limn/trust.json', JSON.stringify(stored))
  writeFileSync(
    join(project.root, '.env.local'),
    `XDG_CONFIG_HOME=${project.root}\nHOME=${project.root}\n`,
  )
  for (const env of [{}, { XDG_CONFIG_HOME: project.root }]) {
    expect((await project.cli(['generate'], env)).stderr).toContain('you have not agreed')
  }
  expect(requests(project)).toEqual([])
})
