import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execPath } from 'node:process'
import { expect, onTestFinished, test } from 'vitest'
import { tryWriteFile, writeFileAtomic } from './write-atomic.ts'

function createRoot(): string {
  const root = mkdtempSync(join(tmpdir(), 'limn-atomic-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  return root
}

test('writes a file and the folders it needs, and leaves no temporary file', async () => {
  const root = createRoot()
  await writeFileAtomic(root, join(root, 'a/b/c.txt'), 'one')
  await writeFileAtomic(root, join(root, 'a/b/c.txt'), new TextEncoder().encode('two'))
  expect(readFileSync(join(root, 'a/b/c.txt'), 'utf8')).toBe('two')
  expect(readdirSync(join(root, 'a/b'))).toEqual(['c.txt'])
})

test('syncs the file before it is renamed, and then every folder that has a new entry', () => {
  const root = createRoot()
  const log = join(root, 'trace.json')
  const program = `import { writeFileAtomic } from ${JSON.stringify(new URL('write-atomic.ts', import.meta.url).href)}; await writeFileAtomic(${JSON.stringify(root)}, ${JSON.stringify(join(root, 'a', 'b', 'c.txt'))}, 'x')`
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

test('shows a reader only complete versions while many write', async () => {
  const root = createRoot()
  const path = join(root, 'x')
  const versions = Array.from({ length: 20 }, (_, index) => String(index).repeat(100_000))
  await writeFileAtomic(root, path, versions[0]!)
  const versionsRead = new Set<string>()
  const reading = setInterval(() => versionsRead.add(readFileSync(path, 'utf8')))
  await Promise.all(versions.map((version) => writeFileAtomic(root, path, version)))
  clearInterval(reading)
  for (const version of versionsRead) expect(versions).toContain(version)
  expect(readdirSync(root)).toEqual(['x'])
})

test('reports a path that can’t be written, and leaves no temporary file', async () => {
  const root = createRoot()
  writeFileSync(join(root, 'file'), '')
  mkdirSync(join(root, 'folder/x'), { recursive: true })
  await expect(writeFileAtomic(root, join(root, 'file/below'), 'x')).rejects.toMatchObject({
    name: 'LimnError',
    code: 'store/failed',
    hint: expect.any(String),
  })
  await expect(writeFileAtomic(root, join(root, 'folder'), 'x')).rejects.toMatchObject({
    code: 'store/failed',
  })
  expect(readdirSync(root).sort()).toEqual(['file', 'folder'])
})

test('ignores that a file that can be recomputed can’t be written', () => {
  const root = createRoot()
  writeFileSync(join(root, 'file'), '')
  tryWriteFile(root, join(root, 'file/below/cache.json'), 'x')
  tryWriteFile(root, join(root, 'cache/x.json'), 'x')
  expect(readFileSync(join(root, 'cache/x.json'), 'utf8')).toBe('x')
  expect(readdirSync(join(root, 'cache'))).toEqual(['x.json'])
})
