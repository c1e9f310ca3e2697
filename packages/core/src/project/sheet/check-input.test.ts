import { expect, test } from 'vitest'
import {
  boolean,
  type Check,
  integer,
  InvalidInput,
  list,
  name,
  nullable,
  object,
  text,
  usd,
} from './check-input.ts'

const edit = object({ name }, { alt: text(10), focus: object({ x: usd }), tags: list(name, 2) })

test('reads the fields of an object, and leaves out what is unknown', () => {
  expect(edit({ name: 'hero', alt: 'x', other: 1, focus: { x: 0, y: 2 } }, 'input')).toEqual({
    name: 'hero',
    alt: 'x',
    focus: { x: 0 },
  })
  expect(edit(JSON.parse('{"name":"hero","__proto__":{"alt":5}}'), 'input')).toEqual({
    name: 'hero',
  })
})

test.each<[Check<unknown>, unknown, string]>([
  [edit, undefined, 'input must be an object'],
  [edit, [], 'input must be an object'],
  [edit, {}, 'input.name must be a text'],
  [edit, Object.create({ name: 'inherited' }), 'input.name must be a text'],
  [edit, { name: 'hero', alt: 'x'.repeat(11) }, 'input.alt must be a text of at most 10'],
  [edit, { name: 'hero', alt: null }, 'input.alt must be a text'],
  [edit, { name: 'hero', tags: ['a', 'b', 'c'] }, 'input.tags must be a list of at most 2'],
  [edit, { name: 'hero', tags: ['a', 1] }, 'input.tags[1] must be a text'],
  [edit, { name: 'hero', focus: { x: NaN } }, 'input.focus.x must be a number'],
  [usd, Infinity, 'input must be a number'],
  [usd, -1, 'input must be a number from 0'],
  [usd, '1', 'input must be a number'],
  [integer(1, 5), 1.5, 'input must be a whole number'],
  [integer(1, 5), 6, 'input must be a number from 1 to 5'],
  [boolean, 'true', 'input must be true or false'],
  [nullable(name), undefined, 'input must be a text'],
])('refuses a message of another form (%#)', (check, value, message) => {
  expect(() => check(value, 'input')).toThrow(InvalidInput)
  expect(() => check(value, 'input')).toThrow(message)
})
