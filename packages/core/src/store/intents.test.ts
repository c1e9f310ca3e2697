import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createWorld } from '../plan/testing.ts'
import { type Intent, readIntents, removeIntent, withIntent, writeIntent } from './intents.ts'
import { draftPaths, projectPaths, type ProjectPaths } from './paths.ts'

const { lock } = createWorld(
  'version: 1\nprovider: openai\nassets: { hero: { prompt: A hill, alt: A } }\n',
)
const entry = lock.assets.get('hero')!
const install: Intent = { kind: 'install', asset: 'hero', before: null, entry, encoder: null }

function createPaths(): ProjectPaths {
  const root = mkdtempSync(join(tmpdir(), 'limn-intents-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  return projectPaths(root)
}

test('records an operation until it is complete', async () => {
  const paths = createPaths()
  await withIntent(paths, install, () => {
    expect(readIntents(paths).map(({ intent }) => intent)).toEqual([install])
    return Promise.resolve()
  })
  expect(readIntents(paths)).toEqual([])
})

test('keeps the record of an operation that fails', async () => {
  const paths = createPaths()
  const failing = withIntent(paths, install, () => Promise.reject(new Error('disk')))
  await expect(failing).rejects.toThrow('disk')
  const [record] = readIntents(paths)
  expect(record!.intent).toEqual(install)
  await removeIntent(paths, record!.id)
  expect(readdirSync(join(paths.state, 'intents'))).toEqual([])
})

test('reads only the operations of its own lockfile', async () => {
  const paths = createPaths()
  await writeIntent(paths, { kind: 'move', from: 'a', to: 'b' })
  expect(readIntents(draftPaths(paths))).toEqual([])
  expect(readIntents(projectPaths(paths.root, 'shop.yaml'))).toEqual([])
  expect(readIntents(paths)).toHaveLength(1)
})

test.each([
  ['no JSON', '{'],
  ['an empty file', ''],
  ['null', 'null'],
  ['an unknown kind', { kind: 'remove', asset: 'hero' }],
  ['a name that leads outside', { kind: 'move', from: 'hero', to: '../hero' }],
  ['an incomplete entry', { ...install, entry: { ...entry, made: { provider: 5 } } }],
  [
    'a master of another asset',
    { ...install, entry: { ...entry, master: { ...entry.master, path: 'images/logo.png' } } },
  ],
  ['no digest', { ...install, before: 'abc' }],
  ['a file without digests', { kind: 'rename', from: 'a', to: 'b', files: [{ path: 'a.yaml' }] }],
  ['a null among the files', { kind: 'rename', from: 'a', to: 'b', files: [null] }],
  ['pruned assets without digests', { kind: 'prune', assets: [{ asset: 'hero', entry: null }] }],
])('reads a damaged record as an operation that was not started: %s', (_, record) => {
  const paths = createPaths()
  const folder = join(paths.state, 'intents')
  mkdirSync(folder, { recursive: true })
  const file = join(folder, '1-00000000-0000-0000-0000-000000000000.json')
  const text =
    typeof record === 'string'
      ? record
      : JSON.stringify({ version: 1, lock: 'images.lock', ...record })
  writeFileSync(file, text)
  expect(readIntents(paths)).toMatchObject([{ intent: null }])
})

test('leaves the records of other versions of Limn alone', () => {
  const paths = createPaths()
  const folder = join(paths.state, 'intents')
  mkdirSync(folder, { recursive: true })
  const file = join(folder, '1-00000000-0000-0000-0000-000000000000.json')
  writeFileSync(file, JSON.stringify({ version: 2, lock: 'images.lock', ...install }))
  expect(readIntents(paths)).toEqual([])
})
