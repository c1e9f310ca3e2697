import { expect, test } from 'vitest'
import { sha256 } from '../digest.ts'
import { createWorld } from '../plan/testing.ts'
import { formatLock, parseLock } from './codec.ts'
import { mergeLocks, splitConflict } from './conflict.ts'
import type { Lock, LockEntry } from './lock.ts'

const { lock } = createWorld(`version: 1
provider: openai
assets:
  a: { prompt: A hill, alt: A, outputs: [og] }
  b: { prompt: A lake, alt: B, outputs: [og] }
`)

const entry = lock.assets.get('a')!
const withPicture = (content: string, outputs = entry.outputs): LockEntry => ({
  ...entry,
  master: { ...entry.master, sha256: sha256(content) },
  outputs,
})
const lockOf = (assets: Record<string, LockEntry>): Lock => ({
  ...lock,
  assets: new Map(Object.entries(assets)),
})
const text = formatLock(lock)
const [first, ...rest] = text.split('\n')
/** Builds the text that git writes for a conflict between two texts. */
const conflict = (ours: string, theirs: string, base?: string): string => {
  const [a, b] = [ours.split('\n'), theirs.split('\n')]
  const from = a.findIndex((line, index) => line !== b[index])
  const to = a.toReversed().findIndex((line, index) => line !== b.toReversed()[index])
  const middle = (lines: string[]): string[] => lines.slice(from, lines.length - to)
  return [
    ...a.slice(0, from),
    '<<<<<<< HEAD',
    ...middle(a),
    ...(base === undefined ? [] : ['||||||| 1234567', base]),
    '=======',
    ...middle(b),
    '>>>>>>> feature',
    ...a.slice(a.length - to),
  ].join('\n')
}

test('returns undefined for a text with no markers or an incomplete set', () => {
  expect(splitConflict(text)).toBeUndefined()
  expect(splitConflict(`<<<<<<< HEAD\n${text}`)).toBeUndefined()
  expect(splitConflict(`${text}=======\n`)).toBeUndefined()
  expect(
    splitConflict(`<<<<<<< a\n=======\n<<<<<<< b\n=======\n>>>>>>> b\n>>>>>>> a`),
  ).toBeUndefined()
})

test('ignores markers inside a prompt', () => {
  const prompt = `${JSON.stringify('<<<<<<< HEAD ======= >>>>>>> x')}`
  expect(splitConflict(`{\n"a": ${prompt}\n}`)).toBeUndefined()
})

test.each([
  [
    'a picture that both sides replaced',
    lockOf({ a: withPicture('ours') }),
    lockOf({ a: withPicture('theirs') }),
  ],
  [
    'an additional asset at the end of one side',
    lockOf({ a: entry }),
    lockOf({ a: entry, z: entry }),
  ],
  [
    'a different asset at the end of each side',
    lockOf({ a: entry, y: entry }),
    lockOf({ a: entry, z: entry }),
  ],
  ['the first assets of both sides', lockOf({ a: entry }), lockOf({ b: entry })],
  ['no assets on one side', lockOf({}), lockOf({ a: entry })],
])('splits a conflict with %s', (_, ours, theirs) => {
  for (const base of [undefined, '    "a": {}']) {
    const sides = splitConflict(conflict(formatLock(ours), formatLock(theirs), base))!
    expect(sides.map((side) => parseLock(side, 'images.lock').assets)).toEqual([
      ours.assets,
      theirs.assets,
    ])
    expect(
      splitConflict(conflict(formatLock(ours), formatLock(theirs), base).replaceAll('\n', '\r\n')),
    ).toEqual(sides)
  }
})

test('repairs commas at ends of lines only', () => {
  const sides = splitConflict(
    `${first}\n<<<<<<< HEAD\n=======\n>>>>>>> x\n${rest.join('\n').replace('A hill', 'a, } b')}`,
  )!
  expect(parseLock(sides[0], 'images.lock').assets.get('a')?.request).toMatchObject({
    prompt: 'a, } b',
  })
})

test('prefers the entry whose master is on the disk, then ours', () => {
  const [ours, theirs] = [
    lockOf({ a: withPicture('ours'), mine: entry }),
    lockOf({ a: withPicture('theirs'), yours: entry }),
  ]
  const merged = (onDisk: string | undefined): Lock =>
    mergeLocks(
      ours,
      theirs,
      ({ sha256: digest }) => onDisk !== undefined && sha256(onDisk) === digest,
    )
  expect(merged('theirs').assets.get('a')).toBe(theirs.assets.get('a'))
  expect(merged('ours').assets.get('a')).toBe(ours.assets.get('a'))
  expect(merged(undefined).assets.get('a')).toBe(ours.assets.get('a'))
  expect([...merged('ours').assets.keys()]).toEqual(['a', 'mine', 'yours'])
  expect(merged('ours').isMerged).toBe(true)
})

test('merges the outputs that both sides cut from the same master', () => {
  const output = Object.values(entry.outputs)[0]!
  const merged = mergeLocks(
    lockOf({ a: withPicture('same', { 'x.png': output }) }),
    lockOf({ a: withPicture('same', { 'y.png': output }) }),
    () => false,
  )
  expect(Object.keys(merged.assets.get('a')!.outputs).sort()).toEqual(['x.png', 'y.png'])
})
