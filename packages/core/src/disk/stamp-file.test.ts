import { mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { compareStamps, createComparison, waitForOthers } from './stamp-comparison.ts'
import { findChangedStamp, formatStamps } from './stamp-file.ts'
import { readStamp, type Stamps } from './stamps.ts'

const MARK = 0.25
const names = ['first.png', 'a/ü.png', 'b/c/d.webp', 'last.png']

/** Writes files and the file of their stamps, with stamps of missing files between them. */
function createFiles(missing: number) {
  const root = mkdtempSync(join(tmpdir(), 'limn-stamps-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  for (const name of names) {
    mkdirSync(join(root, name, '..'), { recursive: true })
    writeFileSync(join(root, name), name)
  }
  const all = Array.from({ length: missing }, (_, index) => `missing-${index}.png`)
  const step = Math.floor(missing / (names.length - 1))
  for (const [index, name] of names.entries()) all.splice(index * (step + 1), 0, name)
  const stamps: Stamps = new Map(all.map((name) => [name, readStamp(join(root, name))]))
  const bytes = formatStamps(MARK, stamps)
  const file = join(root, 'stamps')
  writeFileSync(file, bytes)
  const find = (...leftOut: string[]): string | undefined =>
    findChangedStamp({ file, mark: MARK, root, leftOut: new Set(leftOut) })
  return { root, file, bytes, find }
}

const changes: [what: string, change: (path: string) => void][] = [
  ['another size', (path) => writeFileSync(path, 'another content')],
  [
    'the same size and modification time',
    (path) => {
      const { size, atime, mtime } = statSync(path)
      writeFileSync(path, 'x'.repeat(size))
      utimesSync(path, atime, mtime)
    },
  ],
  ['a time before the clock jumped', (path) => utimesSync(path, 1, 1)],
  ['a time in the future', (path) => utimesSync(path, 4e9, 4e9)],
  ['no file', (path) => rmSync(path)],
]

test.each(changes)('finds the only file that changed: %s', (_, change) => {
  const { root, find } = createFiles(12)
  expect(find()).toBeUndefined()
  for (const name of names) change(join(root, name))
  expect(names).toContain(find())
  for (const name of names) {
    expect(find(...names.filter((other) => other !== name))).toBe(name)
  }
  expect(find(...names)).toBeUndefined()
})

test('finds what changed with two threads', () => {
  const { root, find } = createFiles(12_000)
  expect(find()).toBeUndefined()
  for (const name of names) rmSync(join(root, name))
  for (const name of names) {
    expect(find(...names.filter((other) => other !== name))).toBe(name)
  }
  for (const name of ['missing-0.png', 'missing-5000.png', 'missing-11999.png']) {
    writeFileSync(join(root, name), 'x')
    expect(find(...names)).toBe(name)
    rmSync(join(root, name))
  }
  expect(find(...names)).toBeUndefined()
})

test.each<[what: string, damage: (bytes: Buffer) => Buffer]>([
  ['empty', () => Buffer.alloc(0)],
  ['of another plan', (bytes) => Buffer.concat([Buffer.from([1]), bytes.subarray(1)])],
  ['cut off in its numbers', (bytes) => bytes.subarray(0, 100)],
])('counts a file of stamps that is %s as changed', (_, damage) => {
  const { file, bytes, find } = createFiles(100)
  writeFileSync(file, damage(bytes))
  expect(find()).toBe(file)
})

test.each([['forward'], ['backward']] as const)('compares all stamps %s', (direction) => {
  const { root, bytes } = createFiles(3000)
  const compare = (of: Buffer): [counted: boolean, changed: string | undefined] => {
    const comparison = createComparison(of, { mark: MARK, prefix: `${root}/`, leftOut: [] })!
    compareStamps(comparison, direction)
    return [waitForOthers(comparison, 0), comparison.changed()]
  }
  expect(compare(bytes)).toEqual([true, undefined])
  const withoutLastPath = bytes.subarray(0, bytes.lastIndexOf('\n', bytes.length - 2) + 1)
  expect(compare(withoutLastPath)[1]).toBeDefined()
  rmSync(join(root, names[1]!))
  expect(compare(bytes)).toEqual([true, names[1]])
})

test('does not count stamps as compared that a lost thread has taken', () => {
  const { root, bytes } = createFiles(1000)
  const comparison = createComparison(bytes, { mark: MARK, prefix: `${root}/`, leftOut: [] })!
  Atomics.add(comparison.counters, 0, 256)
  compareStamps(comparison, 'forward')
  expect(waitForOthers(comparison, 1)).toBe(false)
})
