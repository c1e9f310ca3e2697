import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkDocument } from './check-document.ts'
import { createRangeFinder, findTooDeep } from './document.ts'
import type { Path } from './path.ts'
import { readPlainYaml } from './plain-yaml.ts'
import { readYaml } from './read-yaml.ts'
import { createReporter } from './reporter.ts'

/** Returns every path of a value, and some that lead nowhere. */
function pathsOf(value: unknown, path: Path = []): Path[] {
  const children =
    typeof value === 'object' && value !== null
      ? Object.keys(value).flatMap((key) =>
          pathsOf((value as Record<string, unknown>)[key], [
            ...path,
            Array.isArray(value) ? Number(key) : key,
          ]),
        )
      : []
  return [path, [...path, 'missing'], [...path, 7, 'missing'], ...children]
}

/** Asserts that a text that counts as plain is read as the library and the repairs read it. */
function expectSame(text: string): boolean {
  const plain = readPlainYaml(text)
  if (plain === undefined) return false
  expect(findTooDeep(text)).toBeUndefined()
  const read = readYaml(text)
  const reporter = createReporter(text, 'images.yaml', read)
  const value = checkDocument(text, read, reporter)
  expect(reporter.diagnostics).toEqual([])
  expect(JSON.stringify(plain.value)).toBe(JSON.stringify(value))
  expect(plain.value).toEqual(value)
  expect(plain.lineStarts).toEqual(read.lines.lineStarts)
  const findRange = createRangeFinder(read.document)
  for (const path of pathsOf(value)) {
    for (const part of ['key', 'value'] as const) {
      expect([path, part, plain.findRange(path, part)]).toEqual([path, part, findRange(path, part)])
    }
  }
  return true
}

const fixtures = fileURLToPath(new URL('../../../../../fixtures', import.meta.url))
const seeds = globSync(['scenarios/*/images.yaml', 'demo/images.yaml'], { cwd: fixtures })
  .sort()
  .map((path) => readFileSync(`${fixtures}/${path}`, 'utf8'))

const head = 'version: 1\nassets:\n'

test.each([
  ['maps within maps', `${head}  hero:\n    prompt: A hill\n    alt: A hill\n`],
  ['no line break at the end', `${head}  hero:\n    prompt: A hill`],
  ['maps and lists in brackets', `${head}  hero: { alt: x, outputs: [og, { widths: [1, 2] }] }\n`],
  ['empty brackets', `${head}  hero: { vars: {}, outputs: [] }\n`],
  ['lists of maps', `a:\n  - width: 1\n    height: 2\n  - og\n  - { b: c }\nb: x\n`],
  ['a list that is no deeper than its key', `a:\n- og\n- b: c\n  d: e\nb: x\n`],
  ['comments and empty lines', `# a\n\na: 1 # b\n# c\nb: # d\n\n  # e\n  c: "x" # f\n# g\n`],
  ['quotes', `a: "x: y # z"\nb: 'it "is"'\nc: ["a, b", 'c']\nd: ""\n`],
  ['a text that continues', `a: one\n  two\n   three  \nb: x\n`],
  [
    'a text in lines',
    `a: |\n  One: a\n    deeper\n\n  # two \nb: >\n  One\n  two\n\n\n  three\nc: x\n`,
  ],
  ['a text in lines at the end', `a:\n  - |-\n    One\n\n  - >-\n    One\n    two\n\n`],
  [
    'numbers, booleans and nulls',
    `a: [0, 1, 1.5, 1920x1080, 16:9, 3d, 2024-01-01, 1_000, (1)]\nb: true\nc: null\nd: [~, False]\n`,
  ],
  ['punctuation', `a: A hill, a "house" & 'x' [y] {z} a#b c:d - e? ~ 50% — ok 🎨\n`],
  [
    'full-width punctuation in prompts',
    `${head}  hero:\n    prompt: 灯塔，晨光：海面\n    alt: 一座“灯塔”\n`,
  ],
  ['names that objects have', `constructor: a\ntoString: { valueOf: b, hasOwnProperty: [c] }\n`],
  ['names of digits', `10: a\n9: b\na/b.c-d: { 2: x, 1: y }\n`],
  [
    'more keys than are searched one by one',
    Array.from({ length: 40 }, (_, i) => `k${i}: v${i}\n`).join(''),
  ],
])('reads %s as the library does', (_, text) => {
  expect(expectSame(text)).toBe(true)
})

test.each([
  ['an empty text', ''],
  ['a list', '- a\n'],
  ['an anchor', 'a: &x b\nc: *x\n'],
  ['a merge', 'a: { b: c }\n<<: { d: e }\n'],
  ['a tag', 'a: !!str 1\n'],
  ['a key twice', 'a: 1\nb: 2\na: 3\n'],
  ['a key twice in brackets', 'a: { b: 1, b: 2 }\n'],
  ['a reserved key', 'a: { __proto__: 1 }\n'],
  ['several documents', 'a: 1\n---\nb: 2\n'],
  ['a tab', 'a:\tb\n'],
  ['a carriage return', 'a: b\r\nc: d\r\n'],
  ['a byte order mark', '\uFEFFa: b\n'],
  ['an escape', 'a: "b\\n"\n'],
  ['a quote in quotes', "a: 'it''s'\n"],
  ['a missing value', 'a:\nb: c\n'],
  ['a missing value in brackets', 'a: { b: , c: d }\n'],
  ['a key without a value in brackets', 'a: { b }\n'],
  ['brackets over several lines', 'a: [b,\n  c]\n'],
  ['a comma too many', 'a: [b, c,]\n'],
  ['text after a bracket', 'a: [b] c\n'],
  ['a colon in a text', 'a: b: c\n'],
  ['a deeper key', 'a: b\n   c: d\n'],
  ['a key that is deeper than its neighbours', 'a:\n  b: c\n   d: e\n'],
  ['a key between two levels', 'a:\n    b: c\n  d: e\n'],
  ['a comment that is deeper than the next line', 'a:\n  - b: c\n    # d\n  - e\n'],
  ['a bare colour', 'a: #fff\nb: c\n'],
  ['a wide colon', 'a：b\nc: d\n'],
  ['wide quotes around a value', 'assets:\n  a:\n    prompt: “b”\n'],
  ['a wide comma in a list', 'a: [b，c]\n'],
  ['hexadecimal numbers', 'a: 0x10\n'],
  ['signed numbers', 'a: -1\n'],
  ['infinity', 'a: .inf\n'],
  ['conflict markers', '<<<<<<< a\na: b\n=======\na: c\n>>>>>>> b\n'],
])('leaves %s to the library', (_, text) => {
  expect(readPlainYaml(text)).toBeUndefined()
})

const fragments = [
  '\t',
  '\r',
  '\n',
  '\n\n',
  ' ',
  '  ',
  ': ',
  ':',
  ',',
  '# ',
  ' #',
  '{',
  '}',
  '[',
  ']',
  '"',
  "'",
  '|',
  '>',
  '|-',
  '>-',
  '>+',
  '|2',
  '&a ',
  '*a',
  '<<: *a',
  '!!str ',
  '? ',
  '---\n',
  '...\n',
  '%',
  '~',
  'null',
  'True',
  '-1',
  '1e3',
  '.5',
  '0x1f',
  '0o7',
  '.inf',
  '1_000',
  '16:9',
  '2024-01-01',
  '__proto__',
  'a: b',
  '\n  c: d\n',
  '\n- e\n',
  '- - x',
  '\n# note\n',
  '，',
  '：',
  '“',
  '\u00A0',
  '\u3000',
  '\u2028',
  '\0',
  '😀',
  '\uD800',
  '#fff',
  '\\',
  '@',
  '`',
  '-',
  '\n    f: |\n      g\n',
]

/** Asserts the property of some texts, and that the reader reads a good part of them. */
function expectSameOfMany(texts: fc.Arbitrary<string>, leastShare: number): void {
  let [plain, all] = [0, 0]
  const property = fc.property(texts, (text) => {
    all++
    if (expectSame(text)) plain++
  })
  fc.assert(property, { numRuns: 500 })
  expect(plain / all).toBeGreaterThan(leastShare)
}

const change = fc.tuple(fc.nat(10_000), fc.nat(12), fc.constantFrom('', ...fragments))
const excerpt = fc.constantFrom(...seeds).chain((seed) => {
  const lines = seed.split('\n')
  return fc.nat(lines.length - 1).map((from) => `a:\n${lines.slice(from, from + 12).join('\n')}`)
})

test('reads hundreds of changed manifests as the library does, or not at all', () => {
  const changed = fc.tuple(excerpt, fc.array(change, { maxLength: 4 })).map(([seed, changes]) =>
    changes.reduce((text, [at, length, what]) => {
      const from = at % (text.length + 1)
      return text.slice(0, from) + what + text.slice(from + (what === '' ? length : 0))
    }, seed),
  )
  expectSameOfMany(changed, 0.05)
})

const keys = ['a', 'b', 'c/d', 'prompt', 'assets', '1']
const values = [
  'x',
  'x y',
  '1',
  'true',
  '~',
  '"q: r"',
  "'s'",
  '[a, b]',
  '{ a: b }',
  '[]',
  '[{ a: 1 }, c]',
  '|',
  '>',
  '|-',
  '>-',
  '# c',
  'x # c',
  '',
  'x #',
  'x:y',
  '灯，',
  '“x”',
  'x"',
  '[a',
  '- x',
  '-',
]
const line = fc
  .tuple(
    fc.constantFrom(0, 0, 2, 2, 4, 4, 6, 3),
    fc.constantFrom('', '', '', '- ', '-  ', '# '),
    fc.option(fc.constantFrom(...keys)),
    fc.constantFrom('', ' ', '  '),
    fc.constantFrom(...values),
    fc.constantFrom('', '', '', '', ' ', '\n', '\n  \n'),
  )
  .map(([indent, dash, key, space, value, end]) => {
    const own = key === null ? value : `${key}:${value === '' ? '' : ` ${space}${value}`}`
    return `${' '.repeat(indent)}${dash}${own}${end}\n`
  })

test('reads hundreds of random texts as the library does, or not at all', () => {
  expectSameOfMany(
    fc.array(line, { minLength: 1, maxLength: 7 }).map((lines) => `k:\n${lines.join('')}`),
    0.05,
  )
})
