import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { LimnError } from '../errors.ts'
import { createPlan } from '../plan/create-plan.ts'
import { formatPlan } from '../plan/format-plan.ts'
import { createWorld } from '../plan/testing.ts'
import { formatLock, parseLock } from './codec.ts'
import { splitConflict } from './conflict.ts'
import type { Lock } from './lock.ts'
import { parseLockPieces } from './parse-pieces.ts'

const world = createWorld(`version: 1
provider: openai
assets:
  a: { prompt: A hill, alt: A, outputs: [og, card] }
  b/c: { prompt: A lake, alt: B, candidates: 2 }
  d: { edit: { image: a }, prompt: At night, alt: D }
`)
const text = formatLock(world.lock)

/** Hostile replacements for a value. */
const odd = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    1.5,
    1e9,
    1e308,
    -0,
    '',
    '..',
    '/etc/passwd',
    '../../x.png',
    'images/../x.png',
    'C:\\x.png',
    '\u0000',
    '\u2028',
    '__proto__',
    'constructor',
    [],
    {},
    [[]],
    'a'.repeat(10_000),
    '0'.repeat(64),
  ),
  fc.jsonValue({ maxDepth: 3 }),
  fc.constant(JSON.parse(`${'['.repeat(100)}${']'.repeat(100)}`) as unknown),
)

/** The JSON of a lock in which some values are replaced, removed or added. */
const tampered = fc
  .array(
    fc.tuple(
      fc.nat(),
      odd,
      fc.constantFrom('set', 'delete', 'add', 'rename'),
      fc.constantFrom(
        '__proto__',
        'constructor',
        'toString',
        'x',
        '../x',
        'a/../b',
        '',
        'hasOwnProperty',
      ),
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((changes) => {
    const whole = JSON.parse(text) as Record<string, unknown>
    for (const [at, given, how, key] of changes) {
      const value = structuredClone(given)
      const places = placesOf(whole)
      const place = places[at % places.length]
      // Earlier changes may have deleted everything.
      if (place === undefined) break
      const [parent, name] = place
      if (how === 'set') parent[name] = value
      else if (how === 'add') {
        Object.defineProperty(parent, key, {
          value,
          enumerable: true,
          configurable: true,
          writable: true,
        })
      } else {
        const moved = parent[name]
        delete parent[name]
        if (how === 'rename') {
          Object.defineProperty(parent, key, {
            value: moved,
            enumerable: true,
            configurable: true,
            writable: true,
          })
        }
      }
    }
    return JSON.stringify(whole)
  })

function placesOf(value: unknown): [parent: Record<string, unknown>, key: string][] {
  if (typeof value !== 'object' || value === null) return []
  const object = value as Record<string, unknown>
  return Object.keys(object).flatMap((key) => [
    [object, key] as [Record<string, unknown>, string],
    ...placesOf(object[key]),
  ])
}

/** Parses a text; `undefined` if it is rejected with the expected error. */
function read(content: string): Lock | undefined {
  try {
    return parseLock(content, 'images.lock')
  } catch (error) {
    expect(error).toBeInstanceOf(LimnError)
    expect((error as LimnError).code).toMatch(/^lock\//)
    expect((error as LimnError).message.length).toBeLessThan(1000)
    return undefined
  }
}

test('rejects a tampered lock, or parses it into one that can be written, read and planned with', () => {
  let taken = 0
  fc.assert(
    fc.property(tampered, (content) => {
      const lock = read(content)
      if (lock === undefined) return
      taken++
      expect(read(formatLock(lock))).toEqual(lock)
      for (const force of [false, true]) {
        const plan = createPlan({ ...world, lock, force })
        expect(JSON.parse(JSON.stringify(plan))).toEqual(plan)
        formatPlan(plan, { verbose: true, paint: (_, words) => words })
      }
    }),
    { numRuns: 1000 },
  )
  expect(taken).toBeGreaterThan(50)
  expect(({} as Record<string, unknown>)['x']).toBeUndefined()
  expect(Object.keys(Object.prototype)).toEqual([])
})

test('rejects or round-trips any other text', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc
          .tuple(fc.nat(text.length), fc.nat(200), fc.string())
          .map(([at, length, by]) => text.slice(0, at) + by + text.slice(at + length)),
      ),
      (content) => {
        const lock = read(content)
        if (lock !== undefined) expect(read(formatLock(lock))).toEqual(lock)
        splitConflict(content)
      },
    ),
    { numRuns: 1000 },
  )
})

test('uses the last of two equal keys, and rejects deep nesting', () => {
  const twice = text.replace('"encoder":', '"assets": {}, "encoder":')
  expect(read(twice)?.assets.size).toBe(3)
  for (const depth of [1e3, 1e5, 1e6]) {
    read(`{"lockfileVersion":1,"assets":{},"x":${'['.repeat(depth)}${']'.repeat(depth)}}`)
  }
})

/** Cuts bytes into pieces of a size. */
function cut(bytes: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  )
}

/** Returns what a comparison of two locks has to see: also the order of the entries. */
function ordered(lock: Lock | undefined): unknown {
  return lock === undefined ? undefined : [lock.encoder, lock.extra, [...lock.assets]]
}

const lines = text.split('\n')
const otherLines = [
  '    },',
  '    }',
  '  }',
  '}',
  '{',
  '  "assets": {',
  '    "a": {',
  '    "10": {',
  '    "__proto__": {',
  '<<<<<<< ours',
  '=======',
  '',
  '  "extra": "x",',
  '  "lockfileVersion": 2,',
  '\uFEFF',
  ' \uD800 ',
]
const edits = fc.array(
  fc.record({
    at: fc.nat(lines.length - 1),
    remove: fc.nat(2),
    add: fc.oneof(
      fc.constantFrom(...otherLines).map((line) => [line]),
      fc.nat(lines.length - 1).map((from) => lines.slice(from, from + 30)),
      fc.constant([]),
    ),
  }),
  { maxLength: 3 },
)

test('reads a lock in pieces as it reads it whole, or not at all', () => {
  let taken = 0
  fc.assert(
    fc.property(edits, fc.integer({ min: 1, max: 3000 }), (changes, size) => {
      const changed = [...lines]
      for (const { at, remove, add } of changes) changed.splice(at, remove, ...add)
      const content = changed.join('\n')
      const lock = parseLockPieces(cut(Buffer.from(content), size))
      if (lock === undefined) return
      taken++
      expect(ordered(lock)).toEqual(ordered(read(content)))
    }),
    { numRuns: 1000 },
  )
  expect(taken).toBeGreaterThan(50)
})
