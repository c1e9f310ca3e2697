import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { sha256 } from '../digest.ts'
import { openFileDigests } from './file-digests.ts'

function createRoot(): {
  root: string
  cache: string
  write(text: string): void
  digest(): string
} {
  const root = mkdtempSync(join(tmpdir(), 'limn-index-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  const cache = join(root, 'cache')
  return {
    root,
    cache,
    write: (text) => writeFileSync(join(root, 'a.png'), text),
    digest() {
      const digests = openFileDigests(root, cache)
      const result = digests.fact('a.png', lstatSync(join(root, 'a.png'))).sha256
      digests.save()
      return result
    },
  }
}

/** Digests that no file of the tests has. */
const [remembered, own] = ['a'.repeat(64), 'b'.repeat(64)]

test('returns the digest of a file, and a new one after it changed', () => {
  const { write, digest } = createRoot()
  write('one')
  expect(digest()).toBe(sha256('one'))
  write('two!')
  expect(digest()).toBe(sha256('two!'))
})

test('reads a file only once while its stat is unchanged', () => {
  const { root, cache, write, digest } = createRoot()
  write('one')
  const digests = openFileDigests(root, cache)
  digests.record('a.png', [remembered])
  digests.save()
  expect(digest()).toBe(remembered)
  utimesSync(join(root, 'a.png'), new Date(), new Date(Date.now() + 5000))
  expect(digest()).toBe(sha256('one'))
})

test('caches the digest of a file that was just written, and this machine’s own digests', () => {
  const { root, cache, write } = createRoot()
  write('one')
  const digests = openFileDigests(root, cache)
  digests.record('a.png', [remembered])
  digests.own.set('recipe', own)
  digests.save()
  const again = openFileDigests(root, cache)
  expect(again.fact('a.png', lstatSync(join(root, 'a.png'))).sha256).toBe(remembered)
  expect(again.own.get('recipe')).toBe(own)
})

test('hashes a file again if it changed just before, as another change may keep its stamp', () => {
  const { root, cache, write } = createRoot()
  write('one')
  const digests = openFileDigests(root, cache)
  const stat = lstatSync(join(root, 'a.png'))
  expect(digests.fact('a.png', stat).sha256).toBe(sha256('one'))
  write('two')
  expect(digests.fact('a.png', stat).sha256).toBe(sha256('two'))
})

test('writes nothing if nothing changed', async () => {
  const { root, cache, write, digest } = createRoot()
  openFileDigests(root, cache).save()
  expect(existsSync(join(cache, 'digests.json'))).toBe(false)
  write('one')
  await untilStable()
  digest()
  const before = statSync(join(cache, 'digests.json')).mtimeMs
  digest()
  expect(statSync(join(cache, 'digests.json')).mtimeMs).toBe(before)
})

test.each([
  '',
  '{',
  'null',
  '[]',
  '{"version":4,"files":{"a.png":[3,0,0,0,"lie"]},"own":{"recipe":5}}',
  '{"version":4,"files":{"a.png":[3,0,0,0,"","unknown-tool"]},"own":{}}',
  '{"version":2,"files":{},"own":{}}',
  '{"version":2}',
])('hashes again if the cache file is %j', async (content) => {
  const { cache, write, digest } = createRoot()
  write('one')
  await untilStable()
  digest()
  writeFileSync(join(cache, 'digests.json'), content)
  expect(digest()).toBe(sha256('one'))
  expect(JSON.parse(readFileSync(join(cache, 'digests.json'), 'utf8'))).toMatchObject({
    version: 4,
  })
})

test('returns the digest of the picture that a pointer stands for, and caches it', async () => {
  const { root, cache, write } = createRoot()
  write(`version https://git-lfs.github.com/spec/v1\noid sha256:${remembered}\nsize 12345\n`)
  await untilStable()
  const stat = lstatSync(join(root, 'a.png'))
  for (let round = 0; round < 2; round++) {
    const digests = openFileDigests(root, cache)
    expect(digests.fact('a.png', stat)).toEqual({
      bytes: stat.size,
      sha256: remembered,
      pointer: 'git-lfs',
    })
    digests.save()
  }
})

/** Waits until new stamps are stable, even on a file system whose clock counts whole seconds. */
async function untilStable(): Promise<void> {
  await wait(2100)
}
