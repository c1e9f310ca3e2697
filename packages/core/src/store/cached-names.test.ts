import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { sha256 } from '../digest.ts'
import { createCachedNames } from './cached-names.ts'

function namesOf(names: Iterable<string>): ReturnType<typeof createCachedNames> {
  const cached = createCachedNames()
  for (const name of names) cached.add(name)
  return cached
}

test('has the names that were added, and no others, however many', () => {
  const nameOf = (index: number): string =>
    `${sha256(String(index))}.${['webp', 'avif', 'png'][index % 3]}`
  const cached = namesOf(Array.from({ length: 5000 }, (_, index) => nameOf(2 * index)))
  for (let index = 0; index < 10_000; index++) {
    expect(cached.has(nameOf(index)), nameOf(index)).toBe(index % 2 === 0)
  }
})

const digest = sha256('a picture')
test.each([
  ['another extension', `${digest}.png`],
  ['no extension', digest],
  ['a longer extension', `${digest}.webp.tmp`],
  ['upper-case digits', `${digest.toUpperCase()}.webp`],
  ['a digit less', `${digest.slice(1)}.webp`],
  ['a digit more', `0${digest}.webp`],
  ['a prefix', `.${digest}.webp`],
])('tells a name from one with %s', (_, other) => {
  expect(namesOf([`${digest}.webp`]).has(other)).toBe(false)
  expect(namesOf([other]).has(`${digest}.webp`)).toBe(false)
  expect(namesOf([other]).has(other)).toBe(true)
})

test('is a set for any names', () => {
  const hashed = fc
    .tuple(fc.integer({ min: 0, max: 20 }), fc.constantFrom('webp', 'avif', 'svg', 'é', ''))
    .map(([number, extension]) => `${sha256(String(number))}.${extension}`)
  const names = fc.array(fc.oneof(hashed, fc.string(), fc.constantFrom('.tmp', '')))
  fc.assert(
    fc.property(names, names, (added, asked) => {
      const [cached, expected] = [namesOf(added), new Set(added)]
      for (const name of [...added, ...asked]) expect(cached.has(name)).toBe(expected.has(name))
    }),
    { numRuns: 50 },
  )
})

test('has more extensions than fit a byte', () => {
  const names = Array.from({ length: 600 }, (_, index) => `${digest}.${index}`)
  const cached = namesOf(names)
  expect(names.filter((name) => !cached.has(name))).toEqual([])
  expect([cached.has(`${digest}.600`), cached.has(`${digest}.webp`)]).toEqual([false, false])
})
