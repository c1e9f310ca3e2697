import { execFileSync } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import {
  createFolderCheck,
  existsInside,
  leadsOut,
  listInside,
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

test('checks each folder on the way once', () => {
  const { root, outside } = createRoot()
  symlinkSync(outside, join(root, 'a/link'))
  symlinkSync('b', join(root, 'a/inner'))
  const isInside = createFolderCheck(root)
  expect(['', 'a', 'a/b', 'a/inner'].map(isInside)).toEqual([true, true, true, true])
  const others = ['a/link', 'a/link/deep', 'gone', 'gone/deep', 'a/b/own.txt']
  expect(others.map(isInside)).toEqual([false, false, false, false, false])
  // What was checked stays: a run sees one state of the project.
  rmSync(join(root, 'a/b'), { recursive: true })
  expect(isInside('a/b')).toBe(true)
})

test('checks many folders with one parent', () => {
  const { root, outside } = createRoot()
  const names = Array.from({ length: 50 }, (_, index) => `a/n${index}`)
  for (const name of names) {
    if (name.endsWith('7')) symlinkSync(outside, join(root, name))
    else if (name.endsWith('8')) symlinkSync('b', join(root, name))
    else if (!name.endsWith('9')) mkdirSync(join(root, name))
  }
  const isInside = createFolderCheck(root)
  expect(names.filter((name) => !isInside(name))).toEqual(
    names.filter((name) => /[79]$/.test(name)),
  )
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
