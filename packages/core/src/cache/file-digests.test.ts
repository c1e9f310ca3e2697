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
import { openHashIndex } from './file-digests.ts'

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
      const index = openHashIndex(root, cache)
      const found = index.digest('a.png', lstatSync(join(root, 'a.png')))
      index.save()
      return found
    },
  }
}

test('gives the digest of a file, and a new one when it changes', () => {
  const { write, digest } = createRoot()
  write('one')
  expect(digest()).toBe(sha256('one'))
  write('two!')
  expect(digest()).toBe(sha256('two!'))
})

test('reads a file no second time while its stat stays as it is', () => {
  const { root, cache, write, digest } = createRoot()
  write('one')
  const index = openHashIndex(root, cache)
  index.record('a.png', 'remembered')
  index.save()
  expect(digest()).toBe('remembered')
  utimesSync(join(root, 'a.png'), new Date(), new Date(Date.now() + 5000))
  expect(digest()).toBe(sha256('one'))
})

test('remembers what was just written, and this machine’s own digests', () => {
  const { root, cache, write } = createRoot()
  write('one')
  const index = openHashIndex(root, cache)
  index.record('a.png', 'recorded')
  index.own.set('recipe', 'own')
  index.save()
  const again = openHashIndex(root, cache)
  expect(again.digest('a.png', lstatSync(join(root, 'a.png')))).toBe('recorded')
  expect(again.own.get('recipe')).toBe('own')
})

test('hashes a file again that changed a moment before it was hashed, as it may have changed since and kept its stamp', () => {
  const { root, cache, write } = createRoot()
  write('one')
  const index = openHashIndex(root, cache)
  const stat = lstatSync(join(root, 'a.png'))
  expect(index.digest('a.png', stat)).toBe(sha256('one'))
  write('two')
  expect(index.digest('a.png', stat)).toBe(sha256('two'))
})

test('writes nothing where nothing changed', async () => {
  const { root, cache, write, digest } = createRoot()
  openHashIndex(root, cache).save()
  expect(existsSync(join(cache, 'digests.json'))).toBe(false)
  write('one')
  await untilAtRest()
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
  '{"version":3,"files":{"a.png":[3,0,0,0,"lie"]},"own":{}}',
  '{"version":2}',
])('hashes again where the index is %j', async (content) => {
  const { cache, write, digest } = createRoot()
  write('one')
  await untilAtRest()
  digest()
  writeFileSync(join(cache, 'digests.json'), content)
  expect(digest()).toBe(sha256('one'))
  expect(JSON.parse(readFileSync(join(cache, 'digests.json'), 'utf8'))).toMatchObject({
    version: 2,
  })
})

/** A file system whose clock counts whole seconds needs two. */
async function untilAtRest(): Promise<void> {
  await wait(2100)
}
