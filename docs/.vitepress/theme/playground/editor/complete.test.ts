import { expect, test } from 'vitest'
import { createJsonSchema } from '../../../../../packages/core/src/manifest/parse/schema.ts'
import { completeManifest, describeKey } from './complete.ts'
import type { Schema } from './schema.ts'
import { placeAt } from './yaml-place.ts'

const schema = createJsonSchema() as Schema

/** Completes at the `|` of a text. */
function complete(marked: string): { word: string; keys: string[]; values: string[] } | undefined {
  const position = marked.indexOf('|')
  const text = marked.replace('|', '')
  const completed = completeManifest(text, position, schema)
  if (completed === undefined) return undefined
  const labels = (choices: { label: string }[]): string[] => choices.map(({ label }) => label)
  const { from, keys, values } = completed
  return { word: text.slice(from, position), keys: labels(keys), values: labels(values) }
}

const head =
  'version: 1\nstyles:\n  shelf: { append: White }\n  # none\n  sea:\n    append: Blue\nassets:\n'

test.each([
  ['|', ['version', 'assets', 'providers']],
  ['version: 1\npro|\nassets:\n', ['provider', 'styles']],
  [`${head}  mug:\n    pro|`, ['prompt', 'style', 'outputs', 'matrix']],
  [`${head}  mug:\n    prompt: A mug\n    |\n  cup:\n    style: sea\n`, ['style', 'alt']],
  [`${head}  mug: { prompt: A mug, |`, ['style', 'alt']],
  [`${head}  mug:\n    edit: { im| }`, ['image', 'mask']],
  [`${head}  mug:\n    outputs:\n      - wid|`, ['width', 'formats']],
  [`${head}  mug:\n    outputs:\n    - width: 3\n      |`, ['height', 'formats']],
  [`${head}  mug:\n    outputs: [og, { |`, ['width', 'formats']],
])('completes keys in %j', (text, keys) => {
  expect(complete(text)?.keys).toEqual(expect.arrayContaining(keys))
})

test.each([
  ['version: 1\nprovider: |', ['local', 'openai']],
  [`${head}  mug:\n    style: s|`, ['shelf', 'sea', 'watercolor']],
  [`${head}  mug:\n    style: [sea, |`, ['shelf', 'sea', 'watercolor']],
  [`${head}  mug:\n    outputs: [o|`, ['og', 'favicon']],
  [`${head}  mug:\n    outputs:\n      - o|`, ['og', 'favicon']],
  [`${head}  mug: { prompt: A mug, background: |`, ['transparent', 'opaque']],
  [`${head}  'a/b': { prompt: B }\n  mug:\n    edit: { image: |`, ['a/b', 'mug']],
  [`${head}  mug:\n    decorative: |`, ['true', 'false']],
])('completes values in %j', (text, values) => {
  expect(complete(text)?.values).toEqual(expect.arrayContaining(values))
})

test.each([
  ['version: 1 # pro|'],
  ['# |'],
  [`${head}  mug:\n    prompt: >\n      A mug pro|`],
  [`${head}  mug:\n    prompt: >-\n      A mug\n      |`],
  [`${head}  mug:\n    prompt: 'A mug|`],
  ['provider:|'],
  [`${head}  mug: { prompt: A mug }|`],
])('completes nothing in %j', (text) => {
  const completed = complete(text)
  expect([...(completed?.keys ?? []), ...(completed?.values ?? [])]).toEqual([])
})

test('offers no key twice, nor keys of maps around', () => {
  const { keys, word } = complete(`${head}  mug:\n    st|\n    prompt: A mug\n    alt: Mug\n`)!
  expect(word).toBe('st')
  expect(keys).not.toContain('prompt')
  expect(keys).not.toContain('alt')
  expect(keys).not.toContain('version')
})

test.each([
  ['a:\n  b:\n    - c: 1\n      ', ['a', 'b', '*']],
  ['a:\n- b:\n  - ', ['a', '*', 'b', '*']],
  ['a:\n  - - ', ['a', '*', '*']],
  ['"a b":\n  c:\n\n  # d:\n    ', ['a b', 'c']],
  ['a:\n  b: 1\nc:\n  ', ['c']],
  ['a: [{ b: [1, { c: ', ['a', '*', 'b', '*', 'c']],
])('finds the path at the end of %j', (text, path) => {
  expect(placeAt(text, text.length)?.path).toEqual(path)
})

test('describes the key under the pointer, and no value', () => {
  const text = `${head}  mug:\n    prompt: A style: of mug\n`
  expect(describeKey(text, text.indexOf('prompt') + 2, schema)).toContain('picture')
  expect(describeKey(text, text.indexOf('A style') + 3, schema)).toBeUndefined()
  expect(describeKey(text, text.indexOf('mug'), schema)).toEqual(expect.any(String))
})
