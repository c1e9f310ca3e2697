import { execFileSync } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import {
  existsInside,
  leadsOut,
  listInside,
  namesInside,
  readInside,
  readNamed,
  readTextInside,
  statInside,
} from './read-inside.ts'

/** Creates a root with files, next to a folder that is none of its business. */
function createRoot(): { root: string; outside: string } {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'limn-read-')))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const [root, outside] = [join(folder, 'project'), join(folder, 'project-private')]
  mkdirSync(join(root, 'a/b'), { recursive: true })
  mkdirSync(join(outside, 'deep'), { recursive: true })
  writeFileSync(join(root, 'a/b/own.txt'), 'own')
  writeFileSync(join(outside, 'secret.txt'), 'secret')
  writeFileSync(join(outside, 'deep/secret.txt'), 'secret')
  return { root, outside }
}

const refused = (code: string): unknown => expect.objectContaining({ code })

test('reads files by their absolute or relative path, and through links that stay inside', () => {
  const { root } = createRoot()
  symlinkSync('a/b', join(root, 'folder'))
  symlinkSync('../a/b/own.txt', join(root, 'a/file'))
  for (const path of ['a/b/own.txt', join(root, 'a/b/own.txt'), 'folder/own.txt', 'a/file']) {
    expect(readTextInside(root, path, 3), path).toBe('own')
  }
  expect(listInside(root, 'folder').map(({ name }) => name)).toEqual(['own.txt'])
  expect(namesInside(root, 'folder')).toEqual(['own.txt'])
})

test('reads below a root that is itself a link', () => {
  const { root, outside } = createRoot()
  const link = join(outside, 'to-project')
  symlinkSync(root, link)
  expect(readTextInside(link, 'a/b/own.txt', 10)).toBe('own')
})

test.each([
  ['a file that is a link', 'link', (to: string) => `${to}/secret.txt`, 'link'],
  ['a folder that is a link', 'link', (to: string) => to, 'link/secret.txt'],
  ['a folder below a link', 'link', (to: string) => to, 'link/deep/secret.txt'],
  ['a link to a link', 'a/link', (to: string) => `${to}/deep/secret.txt`, 'a/link'],
  ['a relative link', 'a/link', () => '../../project-private', 'a/link/secret.txt'],
  ['dots', 'unused', () => '.', '../project-private/secret.txt'],
])('refuses %s if it leads out of the root', (_, link, target, path) => {
  const { root, outside } = createRoot()
  symlinkSync(target(outside), join(root, link))
  expect(() => readInside(root, path, 100)).toThrow(refused('EOUTSIDE'))
})

test('does not list, find or stat what is behind a link that leads out', () => {
  const { root, outside } = createRoot()
  symlinkSync(outside, join(root, 'link'))
  expect(['link', 'link/deep', 'missing'].flatMap((name) => namesInside(root, name))).toEqual([])
  expect(() => listInside(root, 'link')).toThrow(refused('EOUTSIDE'))
  expect(() => listInside(root, 'link/deep')).toThrow(refused('EOUTSIDE'))
  expect(existsInside(root, 'link/secret.txt')).toBe(false)
  expect(statInside(root, 'link')?.isSymbolicLink()).toBe(true)
})

test('tells whether a path leads out before it exists', () => {
  const { root, outside } = createRoot()
  symlinkSync(outside, join(root, 'link'))
  symlinkSync('gone', join(root, 'dangling'))
  symlinkSync('a', join(root, 'inner'))
  const leading = (path: string): boolean => leadsOut(root, join(root, path))
  expect(['link', 'link/new', 'link/deep/x/y', 'dangling', 'dangling/x'].map(leading)).toEqual(
    Array(5).fill(true),
  )
  expect(['new', 'new/x', 'a/b', 'inner/b/x', 'a/b/own.txt'].map(leading)).toEqual(
    Array(5).fill(false),
  )
})

/** Changes of a project while Limn runs, after its files were read once. */
const swaps: [string, (place: { root: string; outside: string }) => void][] = [
  [
    'a folder with a link',
    ({ root, outside }) => {
      renameSync(join(root, 'a/b'), join(root, 'a/old'))
      symlinkSync(outside, join(root, 'a/b'))
    },
  ],
  [
    'a folder further up with a link',
    ({ root, outside }) => {
      mkdirSync(join(outside, 'b'))
      writeFileSync(join(outside, 'b/secret.txt'), 'secret')
      rmSync(join(root, 'a'), { recursive: true })
      symlinkSync(outside, join(root, 'a'))
    },
  ],
  [
    'the file with a link',
    ({ root, outside }) => {
      rmSync(join(root, 'a/b/secret.txt'))
      symlinkSync(join(outside, 'secret.txt'), join(root, 'a/b/secret.txt'))
    },
  ],
]

test.each(swaps)('refuses a file that it has read, after someone replaces %s', (_, swap) => {
  const place = createRoot()
  const path = join(place.root, 'a/b/secret.txt')
  writeFileSync(path, 'own')
  for (let time = 0; time < 3; time++) expect(readTextInside(place.root, path, 10)).toBe('own')
  swap(place)
  expect(() => readInside(place.root, path, 100)).toThrow(refused('EOUTSIDE'))
  expect(() => readInside(place.root, 'a/b/secret.txt', 100)).toThrow(refused('EOUTSIDE'))
})

test('follows a folder, and a root, that lead to another place than before', () => {
  const { root, outside } = createRoot()
  const link = join(outside, 'to-project')
  symlinkSync(root, link)
  mkdirSync(join(root, 'next'))
  writeFileSync(join(root, 'next/own.txt'), 'next')
  symlinkSync('a/b', join(root, 'folder'))
  const read = (): string[] =>
    [root, link, root, link].map((from) => readTextInside(from, 'folder/own.txt', 10))
  expect(read()).toEqual(['own', 'own', 'own', 'own'])
  rmSync(join(root, 'folder'))
  symlinkSync('next', join(root, 'folder'))
  expect(read()).toEqual(['next', 'next', 'next', 'next'])
  mkdirSync(join(outside, 'release/folder'), { recursive: true })
  writeFileSync(join(outside, 'release/folder/own.txt'), 'release')
  rmSync(link)
  symlinkSync(join(outside, 'release'), link)
  expect(read()).toEqual(['next', 'release', 'next', 'release'])
})

test('reads a file again after it was replaced, removed and created', () => {
  const { root } = createRoot()
  const path = join(root, 'a/b/own.txt')
  const read = (): string => readTextInside(root, path, 10)
  expect(read()).toBe('own')
  writeFileSync(join(root, 'a/b/new.txt'), 'new')
  renameSync(join(root, 'a/b/new.txt'), path)
  expect(read()).toBe('new')
  rmSync(join(root, 'a'), { recursive: true })
  expect(read).toThrow(refused('ENOENT'))
  mkdirSync(join(root, 'a/b'), { recursive: true })
  writeFileSync(path, '')
  expect(read()).toBe('')
})

test.skipIf(process.platform === 'win32')('refuses a FIFO at once, whoever writes to it', () => {
  const { root } = createRoot()
  execFileSync('mkfifo', [join(root, 'fifo')])
  expect(() => readInside(root, 'fifo', 100)).toThrow(refused('ENOTFILE'))
  expect(() => readNamed(join(root, 'fifo'), 100)).toThrow(refused('ENOTFILE'))
})

test.skipIf(process.platform === 'win32').each(['/dev/zero', '/dev/null', '/dev/tty'])(
  'refuses the device %s',
  (device) => {
    expect(() => readNamed(device, 100)).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^(ENOTFILE|ENXIO|ENOENT)$/) }),
    )
  },
)

test('refuses a folder in place of a file', () => {
  const { root } = createRoot()
  expect(() => readInside(root, 'a/b', 100)).toThrow(refused('EISDIR'))
})

test('refuses a file above the limit without reading it', () => {
  const { root } = createRoot()
  const huge = join(root, 'huge.png')
  writeFileSync(huge, '')
  truncateSync(huge, 2 ** 40)
  expect(() => readInside(root, 'huge.png', 2 ** 30)).toThrow(refused('EFBIG'))
  expect(() => readInside(root, 'a/b/own.txt', 2)).toThrow(refused('EFBIG'))
})

// The size of these files is reported as 0.
test.runIf(process.platform === 'linux')('bounds a file that grows while it is read', () => {
  expect(readNamed('/proc/self/stat', 100_000).length).toBeGreaterThan(0)
  expect(() => readNamed('/proc/self/smaps', 100)).toThrow(refused('EFBIG'))
})
