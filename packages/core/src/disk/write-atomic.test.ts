import { execFileSync } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execPath, pid, ppid } from 'node:process'
import { expect, onTestFinished, test } from 'vitest'
import { sha256 } from '../digest.ts'
import { machine } from './process.ts'
import { storeError, sweepTemporary, tryWriteFile, writeFileAtomic } from './write-atomic.ts'

function createRoot(): string {
  const root = mkdtempSync(join(tmpdir(), 'limn-atomic-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  return root
}

test('writes a file whole, with the folders it needs, and leaves nothing beside it', async () => {
  const root = createRoot()
  await writeFileAtomic(join(root, 'a/b/c.txt'), 'one')
  await writeFileAtomic(join(root, 'a/b/c.txt'), new TextEncoder().encode('two'))
  expect(readFileSync(join(root, 'a/b/c.txt'), 'utf8')).toBe('two')
  expect(readdirSync(join(root, 'a/b'))).toEqual(['c.txt'])
})

test('syncs the file before it is renamed, and then every folder that has a new entry', () => {
  const root = createRoot()
  const log = join(root, 'trace.json')
  const program = `import { writeFileAtomic } from ${JSON.stringify(new URL('atomic.ts', import.meta.url).href)}; await writeFileAtomic(${JSON.stringify(join(root, 'a', 'b', 'c.txt'))}, 'x')`
  execFileSync(execPath, [
    '--trace-event-categories',
    'node.fs.async',
    '--trace-event-file-pattern',
    log,
    '--input-type=module',
    '-e',
    program,
  ])
  const { traceEvents } = JSON.parse(readFileSync(log, 'utf8')) as {
    traceEvents: { cat: string; ph: string; name: string; args: { path?: string } }[]
  }
  const calls = traceEvents.filter(
    ({ cat, ph, name }) =>
      cat.includes('fs') && ph === 'b' && ['open', 'write', 'fsync', 'rename'].includes(name),
  )
  const shown = calls.map(({ name, args }) =>
    args.path === undefined
      ? name
      : `${name} ${args.path.endsWith('.tmp') ? 'temporary' : args.path.slice(root.length)}`,
  )
  expect(shown).toEqual([
    'open temporary',
    'write',
    'fsync',
    'rename',
    'open /a/b',
    'fsync',
    'open /a',
    'fsync',
    'open ',
    'fsync',
  ])
})

test('lets a reader see one whole version or another while many write', async () => {
  const root = createRoot()
  const path = join(root, 'x')
  const versions = Array.from({ length: 20 }, (_, index) => String(index).repeat(100_000))
  await writeFileAtomic(path, versions[0]!)
  const seen = new Set<string>()
  const reading = setInterval(() => seen.add(readFileSync(path, 'utf8')))
  await Promise.all(versions.map((version) => writeFileAtomic(path, version)))
  clearInterval(reading)
  for (const version of seen) expect(versions).toContain(version)
  expect(readdirSync(root)).toEqual(['x'])
})

test('tells of a path that can’t be written, and leaves no temporary file', async () => {
  const root = createRoot()
  writeFileSync(join(root, 'file'), '')
  mkdirSync(join(root, 'folder/x'), { recursive: true })
  await expect(writeFileAtomic(join(root, 'file/below'), 'x')).rejects.toMatchObject({
    name: 'LimnError',
    code: 'store/failed',
    hint: expect.any(String),
  })
  await expect(writeFileAtomic(join(root, 'folder'), 'x')).rejects.toMatchObject({
    code: 'store/failed',
  })
  expect(readdirSync(root).sort()).toEqual(['file', 'folder'])
})

test('sweeps away what a process that died was writing, and nothing else', async () => {
  const root = createRoot()
  const tag = sha256(machine()).slice(0, 8)
  const dead = 2 ** 22 + 1
  const left = [
    'images.lock',
    'images/.keep',
    'images/a.png',
    `deep/down/.b.png.${tag}-${dead}-0.tmp`,
    `images/.alive.png.${tag}-${ppid}-0.tmp`,
    `images/.own.png.${tag}-${pid}-0.tmp`,
    'images/.foreign.png.0123abcd-12-0.tmp',
    'images/.who.png.12-0.tmp',
  ]
  const gone = [
    `.images.lock.${tag}-${dead}-3.tmp`,
    `images/product/.mug.png.${tag}-${dead}-12.tmp`,
    'images/.old.png.0123abcd-12-0.tmp',
  ]
  for (const path of [...left, ...gone]) await writeFileAtomic(join(root, path), 'x')
  const past = new Date(Date.now() - 25 * 60 * 60_000)
  for (const path of [gone[2]!, left[4]!]) utimesSync(join(root, path), past, past)
  await sweepTemporary({ folders: [root], trees: [join(root, 'images'), join(root, 'absent')] })
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  )
  expect(
    files.map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1)).sort(),
  ).toEqual(left.toSorted())
})

test('shrugs where what can be worked out again can’t be written', () => {
  const root = createRoot()
  writeFileSync(join(root, 'file'), '')
  tryWriteFile(join(root, 'file/below/cache.json'), 'x')
  tryWriteFile(join(root, 'cache/x.json'), 'x')
  expect(readFileSync(join(root, 'cache/x.json'), 'utf8')).toBe('x')
  expect(readdirSync(join(root, 'cache'))).toEqual(['x.json'])
})

test.each([
  ['EACCES', 'store/read-only'],
  ['EPERM', 'store/read-only'],
  ['EROFS', 'store/read-only'],
  ['ENOSPC', 'store/no-space'],
  ['EDQUOT', 'store/no-space'],
  ['EIO', 'store/failed'],
])('puts %s into words', (code, expected) => {
  expect(storeError(Object.assign(new Error(code), { code }), '/project/x')).toMatchObject({
    code: expected,
    message: expect.stringContaining("/project/x can't be written"),
    hint: expect.any(String),
  })
})

test('passes on what is no failure of the disk', () => {
  const bug = new TypeError('bug')
  expect(storeError(bug, '/x')).toBe(bug)
})
