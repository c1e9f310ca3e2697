import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, posix } from 'node:path'
import { cpuUsage } from 'node:process'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import * as fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import type { Diagnostic } from '../diagnostic.ts'
import { LimnError } from '../errors.ts'
import type { Manifest } from './manifest.ts'
import { readManifest } from './read.ts'
import { resolveText } from './testing.ts'

const fixtures = fileURLToPath(new URL('../../../../fixtures', import.meta.url))
const seeds = globSync(['scenarios/*/images.yaml', 'demo/images.yaml'], { cwd: fixtures })
  .sort()
  .map((path) => readFileSync(`${fixtures}/${path}`, 'utf8'))

/** Time limit of reading a text, ms of processor time, as the machine may be busy. */
const LIMIT = 6000

/** Whether a path that is joined to the root stays inside it. */
function isInside(path: string): boolean {
  const joined = posix.normalize(`/project/${path.replaceAll('\\', '/')}`)
  return (
    joined.startsWith('/project/') &&
    !path.startsWith('/') &&
    !/^[a-z]:/i.test(path) &&
    !path.includes('\0')
  )
}

/** Returns every path that a manifest without mistakes leads to. */
function pathsOf({ out, assets }: Manifest): string[] {
  return [
    ...(out === null ? [] : [out]),
    ...assets.flatMap(({ name, source, inputs, outputs }) => [
      `images/${name}`,
      ...(source === null ? [] : [source.path]),
      ...inputs.filter(({ kind }) => kind === 'file').map(({ target }) => target),
      ...outputs.map(({ file }) => `${name}/${file}`),
      // An output is in the folder of its asset.
      ...outputs.map(({ file }) => (/^[^/\\]+$/.test(file) && file !== '..' ? file : '..')),
    ]),
  ]
}

type Read = { manifest: Manifest | undefined; diagnostics: Diagnostic[] }

/** Asserts what applies to any text. */
function expectSound(text: string, { manifest, diagnostics }: Read): void {
  const lines = text.split('\n').length
  const isComplete = ({ code, message, hint = '', place, frame = '' }: Diagnostic): boolean =>
    /^manifest\/[a-z-]+$/.test(code) &&
    message !== '' &&
    message.length + hint.length < 2000 &&
    place.line >= 1 &&
    place.line <= lines &&
    place.column >= 1 &&
    frame.includes('^')
  expect(diagnostics.filter((diagnostic) => !isComplete(diagnostic))).toEqual([])
  if (manifest === undefined || diagnostics.some(({ severity }) => severity === 'error')) return
  expect(pathsOf(manifest).filter((path) => !isInside(path))).toEqual([])
  expect(
    isDeepStrictEqual(JSON.parse(JSON.stringify(manifest)), manifest),
    'a manifest is plain data',
  ).toBe(true)
}

/** Runs `read`, and asserts that it stays within the time limit. */
async function inTime<T>(read: () => T | Promise<T>): Promise<T> {
  const before = cpuUsage()
  const result = await read()
  expect(cpuUsage(before).user / 1000, 'ms to read').toBeLessThan(LIMIT)
  return result
}

const fragments = [
  '\t',
  '\r\n',
  '\0',
  '\uFEFF',
  '\u2028',
  '\uD800',
  '\uDC00',
  '\u3000',
  '\u00A0',
  '：',
  '，',
  '“',
  '”',
  '［',
  '\u202E',
  'e\u0301',
  'İ',
  'ı',
  '𝒳',
  '- ',
  ': ',
  ':',
  ',',
  '# ',
  '{',
  '}',
  '[',
  ']',
  '"',
  "'",
  '|',
  '>',
  '&a ',
  '*a',
  '*a ',
  '<<: *a',
  '!!binary ',
  '!!set ',
  '!<x> ',
  '? ',
  '---\n',
  '...\n',
  '%YAML 1.1\n',
  '~',
  'null',
  'true',
  '-1',
  '1e400',
  '.nan',
  '0x10',
  '2024-01-01',
  '../',
  '../../etc/passwd',
  '/etc/passwd',
  'C:\\x',
  '\\\\server\\x',
  './',
  '..',
  '.',
  '%2e%2e/',
  '__proto__',
  'constructor',
  'toString',
  'con',
  '{{name}}',
  '{{#steps}}',
  '{{',
  '}}',
  '$&',
  '$1',
  'source: ../x.png',
  'out: ..',
  'source: "\\0"',
  'name: ..',
  'edit: { image: ../a.png }',
  'references: [hero, ../b.png]',
  'variation: { image: hero }',
  'matrix: { a: [../x, "/y"] }',
  'vars: { a: { b: c } }',
  'extends: house',
  'outputs: []',
  'outputs: [{ name: .. }]',
  'widths: []',
  'width: 99999999999',
  'size: 1x1',
  'include: [../x.yaml]',
]

/** One change of a text: an insertion, a removal, a repetition, or a swap of two lines. */
const change = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('insert' as const),
      at: fc.nat(10_000),
      what: fc.constantFrom(...fragments),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('replace' as const),
      at: fc.nat(10_000),
      length: fc.integer({ min: 1, max: 30 }),
      what: fc.constantFrom(...fragments),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('delete' as const),
      at: fc.nat(10_000),
      length: fc.integer({ min: 1, max: 60 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('value' as const),
      at: fc.nat(200),
      what: fc.constantFrom(...fragments),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('repeat' as const),
      at: fc.nat(200),
      length: fc.integer({ min: 1, max: 8 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('swap' as const),
      at: fc.nat(200),
      length: fc.nat(200),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('indent' as const),
      at: fc.nat(200),
      what: fc.constantFrom('', ' ', '    ', '\t', '\u3000'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('insert' as const),
      at: fc.nat(10_000),
      what: fc.string({ unit: 'binary', maxLength: 12 }),
    }),
  },
)
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never

function apply(text: string, step: Change): string {
  const at = step.at % (text.length + 1)
  const lines = text.split('\n')
  const line = step.at % lines.length
  switch (step.kind) {
    case 'insert':
      return text.slice(0, at) + step.what + text.slice(at)
    case 'replace':
      return text.slice(0, at) + step.what + text.slice(at + step.length)
    case 'delete':
      return text.slice(0, at) + text.slice(at + step.length)
    case 'value':
      return lines
        .with(
          line,
          lines[line]!.replace(/: .*$/, () => `: ${step.what}`),
        )
        .join('\n')
    case 'repeat':
      return lines.toSpliced(line, 0, ...lines.slice(line, line + step.length)).join('\n')
    case 'swap': {
      const other = step.length % lines.length
      return lines.with(line, lines[other]!).with(other, lines[line]!).join('\n')
    }
    case 'indent':
      return lines.with(line, step.what + lines[line]!.trimStart()).join('\n')
  }
}

const everyLine = fc.constantFrom<(text: string) => string>(
  (text) => text,
  (text) => text.replaceAll('\n', '\r\n'),
  (text) => `\uFEFF${text}`,
  (text) => text.replaceAll('  ', '\t'),
  (text) => text.replaceAll(': ', '：'),
  (text) => text.replaceAll(', ', '，'),
  (text) => text.replaceAll('\n', '\r'),
)

const numRuns = process.env['MODE'] === 'soak' ? 5000 : 1500

test(`reads ${numRuns} changed manifests without throwing, hanging or leaving the root`, async () => {
  expect(seeds.length).toBeGreaterThan(5)
  const changed = fc.tuple(
    fc.constantFrom(...seeds),
    fc.array(change, { minLength: 1, maxLength: 6 }),
    fc.oneof({ weight: 6, arbitrary: fc.constant((text: string) => text) }, everyLine),
  )
  await fc.assert(
    fc.asyncProperty(changed, async ([seed, steps, whole]) => {
      const text = whole(steps.reduce(apply, seed))
      expectSound(text, await inTime(() => resolveText(text)))
    }),
    { seed: 20_261_122, numRuns, endOnFailure: true },
  )
})

const head = 'version: 1\nassets:\n'
const hero = `${head}  hero: { prompt: A hill, alt: A hill }\n`
const many = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join('')
const MB = 1_000_000

const monsters: [name: string, text: () => string][] = [
  [
    'an alias bomb of lists',
    () =>
      `version: 1\nvars:\n  a0: &a0 [x, x]\n${many(40, (i) => `  a${i + 1}: &a${i + 1} [*a${i}, *a${i}, *a${i}]\n`)}assets: {}\n`,
  ],
  [
    'an alias bomb of maps',
    () =>
      `version: 1\nvars:\n  a0: &a0 { x: y }\n${many(40, (i) => `  a${i + 1}: &a${i + 1} { a: *a${i}, b: *a${i}, c: *a${i} }\n`)}assets: {}\n`,
  ],
  [
    'a bomb of merge keys',
    () =>
      `${head}  a0: &a0 { prompt: x, alt: x }\n${many(40, (i) => `  a${i + 1}: &a${i + 1} { <<: [*a${i}, *a${i}, *a${i}] }\n`)}`,
  ],
  [
    'many aliases of one value',
    () =>
      `version: 1\nvars: { a: &a x }\nassets:\n${many(5000, (i) => `  a${i}: { prompt: *a, alt: *a }\n`)}`,
  ],
  [
    'many anchors with one alias each',
    () =>
      `${head}${many(3000, (i) => `  a${i}: &n${i} { prompt: p${i}, alt: x }\n  b${i}: *n${i}\n`)}`,
  ],
  ['an alias within its own value', () => `${head}  hero: &a { prompt: x, vars: *a }\n`],
  ['a file of 10 MB', () => `${hero}${'# x\n'.repeat(2.5 * MB)}`],
  ['a prompt of 4 MB', () => `${head}  hero:\n    prompt: ${'x'.repeat(4 * MB)}\n    alt: x\n`],
  [
    'a quoted prompt of 4 MB in many lines',
    () => `${head}  hero:\n    prompt: "${'x y z\n      '.repeat(330_000)}"\n    alt: x\n`,
  ],
  [
    'a block prompt of 4 MB',
    () =>
      `${head}  hero:\n    prompt: |\n${'      一座灯塔：晨光，海面\n'.repeat(100_000)}    alt: x\n`,
  ],
  ['a name of 4 MB', () => `${head}  ${'x'.repeat(4 * MB)}: { prompt: x, alt: x }\n`],
  [
    'a style name of 4 MB',
    () => `${head}  hero: { prompt: x, alt: x, style: ${'x'.repeat(4 * MB)} }\n`,
  ],
  [
    'a template of 4 MB',
    () =>
      `${head}  hero: { prompt: "${'{{'.repeat(400)}", alt: "${'{{ x '.repeat(100)}${' '.repeat(3 * MB)}" }\n`,
  ],
  [
    'a colour of 4 MB',
    () =>
      `${head}  hero: { prompt: x, alt: x, outputs: [{ width: 8, background: "#${'0'.repeat(4 * MB)}" }] }\n`,
  ],
  ['text of 4 MB that is no map', () => 'x '.repeat(2 * MB)],
  [
    'full-width quotes that never close',
    () => `${head}  hero: { prompt: x, alt: x, style: [${'“a, '.repeat(20_000)}] }\n`,
  ],
  [
    'full-width commas without end',
    () => `${head}  hero: { prompt: x, alt: x, outputs: [${'og，'.repeat(200_000)}] }\n`,
  ],
  ['full-width colons in every line', () => many(20_000, (i) => `key${i}：\n  “x”：［a，b］\n`)],
  ['lists a hundred thousand deep', () => `version: 1\nassets: ${'['.repeat(100_000)}`],
  [
    'closed lists ten thousand deep',
    () => `version: 1\nassets: ${'['.repeat(10_000)}${']'.repeat(10_000)}`,
  ],
  [
    'maps a thousand deep',
    () => `version: 1\nvars:\n${many(1000, (i) => `${' '.repeat(i + 1)}a:\n`)}`,
  ],
  [
    'maps in braces ten thousand deep',
    () => `version: 1\nvars: ${'{ a: '.repeat(10_000)}1${' }'.repeat(10_000)}`,
  ],
  ['dashes without end', () => '- '.repeat(50_000)],
  ['questions without end', () => '? '.repeat(50_000)],
  ['tabs alone', () => '\t'.repeat(MB)],
  [
    'tabs in every line',
    () => `version: 1\nassets:\n${many(5000, (i) => `\ta${i}:\n\t\tprompt: x\n`)}`,
  ],
  ['NUL bytes', () => `${'\0'.repeat(100_000)}${hero}`],
  ['NUL bytes within', () => hero.replaceAll(' ', '\0')],
  ['NUL in a source', () => `${head}  hero: { source: "a\\0.png", alt: x, outputs: [og] }\n`],
  ['lone surrogates', () => hero.replaceAll('A hill', '\uD800A\uDC00')],
  ['a lone surrogate as a name', () => hero.replace('hero', '"\\uD800"')],
  ['CR alone', () => hero.replaceAll('\n', '\r')],
  ['a BOM in each line', () => hero.replaceAll('\n', '\n\uFEFF')],
  [
    'one key ten thousand times',
    () => `${head}${many(10_000, () => '  hero: { prompt: A hill, alt: A hill }\n')}`,
  ],
  [
    'ten thousand pictures',
    () =>
      `version: 1\ndefaults: { outputs: [og] }\nassets:\n${many(10_000, (i) => `  a${i}: { prompt: A hill ${i}, alt: A hill }\n`)}`,
  ],
  [
    'ten thousand unknown keys',
    () => `${head}  hero:\n    prompt: x\n${many(10_000, (i) => `    key${i}: x\n`)}`,
  ],
  [
    'ten thousand unknown styles',
    () => `${head}  hero: { prompt: x, alt: x, style: [${many(10_000, (i) => `s${i}, `)}] }\n`,
  ],
  ['ten thousand syntax errors', () => many(10_000, () => 'a: b: c\n')],
  [
    'a matrix of a billion pictures',
    () =>
      `${head}  mug: { prompt: x, alt: x, matrix: { ${many(9, (i) => `k${i}: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], `)} } }\n`,
  ],
  [
    'a matrix of many exclusions',
    () =>
      `${head}  mug: { prompt: x, alt: x, matrix: { a: [${many(500, (i) => `${i}, `)}], exclude: [${many(500, (i) => `{ a: ${i + 1} }, `)}] } }\n`,
  ],
  [
    'a style chain of a thousand',
    () =>
      `version: 1\nstyles:\n${many(1000, (i) => `  s${i}: { extends: s${i + 1} }\n`)}  s1000: { append: x }\nassets:\n  hero: { prompt: x, alt: x, style: s0 }\n`,
  ],
  [
    'styles that fan out without end',
    () =>
      `version: 1\nstyles:\n${many(40, (i) => `  s${i}: { extends: [s${i + 1}, s${i + 1}] }\n`)}  s40: { append: x }\nassets:\n  hero: { prompt: x, alt: x, style: s0 }\n`,
  ],
  [
    'one style named a thousand times',
    () =>
      `version: 1\nstyles: { s: { append: x } }\nassets:\n  hero: { prompt: x, alt: x, style: [${'s, '.repeat(1000)}] }\n`,
  ],
  [
    'a variable that is huge, named often',
    () =>
      `version: 1\nvars: { a: ${'x'.repeat(MB)} }\nassets:\n  hero: { prompt: "${'{{a}}'.repeat(1000)}", alt: x }\n`,
  ],
  [
    'a chain of edits of a thousand',
    () =>
      `${head}${many(1000, (i) => `  a${i}: { prompt: x${i}, alt: x, edit: { image: a${i + 1} } }\n`)}  a1000: { prompt: x, alt: x }\n`,
  ],
  [
    'a huge number',
    () => `${head}  hero: { prompt: x, alt: x, outputs: [{ width: ${'9'.repeat(100_000)} }] }\n`,
  ],
  ['a key over 1024 characters', () => `${head}  hero: { ${'k'.repeat(5000)}: x }\n`],
]

test.each(monsters)('reads %s in time', async (_, write) => {
  const folder = mkdtempSync(join(tmpdir(), 'limn-fuzz-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'images.yaml')
  const text = write()
  writeFileSync(path, text)
  try {
    expectSound(
      text,
      await inTime(() =>
        readManifest({ path, shownPath: 'images.yaml', cacheDir: join(folder, 'cache') }),
      ),
    )
  } catch (error) {
    if (!(error instanceof LimnError)) throw error
    expect(error.code).toBe('manifest/unreadable')
    expect(text.length).toBeGreaterThan(4 * MB)
  }
})
