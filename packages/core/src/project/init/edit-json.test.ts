import { expect, it } from 'vitest'
import { addEntries, addItem } from './edit-json.ts'

it.each([
  [
    '{\n  "scripts": {\n    "a": "b"\n  }\n}\n',
    '{\n  "scripts": {\n    "a": "b",\n    "x": "y"\n  }\n}\n',
  ],
  ['{\n\t"scripts": {}\n}', '{\n\t"scripts": { "x": "y" }\n}'],
  ['{\n  "name": "app"\n}\n', '{\n  "name": "app",\n  "scripts": { "x": "y" }\n}\n'],
  ['{"scripts":{"a":"b"}}', '{"scripts":{"a":"b", "x": "y"}}'],
  ['{}', '{ "scripts": { "x": "y" } }'],
  [
    '{\r\n  "scripts": {\r\n    "a": "b"\r\n  }\r\n}\r\n',
    '{\r\n  "scripts": {\r\n    "a": "b",\r\n    "x": "y"\r\n  }\r\n}\r\n',
  ],
  ['{ "scripts": { "x": "mine" } }', '{ "scripts": { "x": "mine" } }'],
  ['{ "scripts": [] }', '{ "scripts": [] }'],
  ['{ broken', '{ broken'],
  ['[]', '[]'],
])('adds an entry to %j', (text, expected) => {
  expect(addEntries(text, 'scripts', { x: 'y' })).toBe(expected)
})

it.each([
  ['{ "include": ["src"] }', '{ "include": ["src", "limn.d.ts"] }'],
  [
    '{\n  // mine\n  "include": [\n    "src", // code\n    "test", /* more */\n  ],\n}',
    '{\n  // mine\n  "include": [\n    "src", // code\n    "test", /* more */\n    "limn.d.ts",\n  ],\n}',
  ],
  [
    '{\n  "include": [\n    "a",\n    "b" // last\n  ]\n}',
    '{\n  "include": [\n    "a",\n    "b", // last\n    "limn.d.ts"\n  ]\n}',
  ],
  ['{ "include": "src" }', '{ "include": "src" }'],
])('adds an item to %j', (text, expected) => {
  expect(addItem(text, 'include', 'limn.d.ts')).toBe(expected)
})
