import { expect, test } from 'vitest'
import { sha256 } from '../digest.ts'
import { LimnError } from '../errors.ts'
import { masterExtensions } from '../manifest/presets.ts'
import { createWorld } from '../plan/testing.ts'
import { formatLock, parseLock, parseLockEntries } from './codec.ts'
import { emptyLock, type Lock, withEntries } from './lock.ts'
import { parseLockPieces } from './parse-pieces.ts'

const { lock } = createWorld(`version: 1
provider: openai
assets:
  b: { prompt: A hill, alt: A, outputs: [og, card] }
  a/c: { prompt: 一座灯塔, alt: B }
  一: { prompt: "quote \\" and \\u2028", alt: C }
`)

const text = formatLock(lock)
const entry = (): Record<string, Record<string, unknown>> =>
  structuredClone((JSON.parse(text) as { assets: Record<string, never> }).assets['b']!)
const lockText = (assets: unknown, head: object = {}): string =>
  JSON.stringify({ lockfileVersion: 1, encoder: null, ...head, assets })

test('round-trips a lock', () => {
  const read = parseLock(text, 'images.lock')
  expect(read.assets).toEqual(lock.assets)
  expect(formatLock(read)).toBe(text)
})

test('sorts assets and keys by code units, with one output per line', () => {
  const reversed: Lock = {
    ...lock,
    assets: new Map(
      [...lock.assets]
        .toReversed()
        .map(([name, value]) => [
          name,
          Object.fromEntries(Object.entries(value).toReversed()) as typeof value,
        ]),
    ),
  }
  expect(formatLock(reversed)).toBe(text)
  expect([...text.matchAll(/^ {4}"([^"]+)": \{$/gm)].map(([, name]) => name)).toEqual([
    'a/c',
    'b',
    '一',
  ])
  expect(text).toMatch(
    /^ {8}"card-400\.avif": \{ "bytes": 10, "height": 300, "recipe": "[0-9a-f]{64}", "sha256": "[0-9a-f]{64}", "width": 400 \},$/m,
  )
  expect(text.endsWith('}\n')).toBe(true)
  expect(text).not.toContain('\r')
})

test('writes an empty lock as valid JSON', () => {
  expect(JSON.parse(formatLock(emptyLock))).toEqual({
    lockfileVersion: 1,
    encoder: null,
    assets: {},
  })
  expect(parseLock(formatLock(emptyLock), 'images.lock')).toEqual(emptyLock)
})

test('preserves fields of a newer version, at the top level and in an entry', () => {
  const future = {
    ...entry(),
    candidates: [{ path: 'x' }],
    master: { ...entry()['master'], c2pa: true },
  }
  const read = parseLock(lockText({ b: future }, { runs: { last: 1 } }), 'images.lock')
  const again = JSON.parse(formatLock(read)) as Record<
    string,
    Record<string, Record<string, unknown>>
  >
  expect(again['runs']).toEqual({ last: 1 })
  expect(again['assets']!['b']).toEqual(future)
})

test('rejects a lockfile of a newer format, with a hint', () => {
  expect(() => parseLock('{"lockfileVersion":2,"assets":{}}', 'images.lock')).toThrow(
    expect.objectContaining({ code: 'lock/newer', hint: 'Update @limn/core.' }),
  )
})

test.each<[string, string, string]>([
  ['no JSON', '{', 'it is not JSON'],
  ['an empty file', '', 'it is not JSON'],
  [
    'merge conflict markers',
    '{\n<<<<<<< HEAD\n=======\n>>>>>>> x\n}',
    'it has merge conflict markers',
  ],
  ['a list', '[]', 'it is not an object'],
  ['null', 'null', 'it is not an object'],
  ['no version', '{"assets":{}}', '`lockfileVersion` is missing'],
  [
    'a version that is a string',
    '{"lockfileVersion":"1","assets":{}}',
    '`lockfileVersion` is missing',
  ],
  ['no assets', '{"lockfileVersion":1}', '`assets` is missing'],
  ['assets as a list', '{"lockfileVersion":1,"assets":[]}', '`assets` is missing'],
  [
    'an encoder that is not a string',
    '{"lockfileVersion":1,"encoder":5,"assets":{}}',
    '`encoder` is not a string',
  ],
  ['an entry that is null', lockText({ b: null }), 'the entry of "b" is not an object'],
  [
    'an entry without a request',
    lockText({ b: { ...entry(), request: undefined } }),
    'the entry of "b" has an incomplete `request`',
  ],
  [
    'an entry without outputs',
    lockText({ b: { ...entry(), outputs: [] } }),
    'the entry of "b" has no `outputs`',
  ],
  [
    'an entry without its record',
    lockText({ b: { ...entry(), made: null } }),
    'the entry of "b" has an incomplete `made`',
  ],
  [
    'an unknown state',
    lockText({ b: { ...entry(), master: { ...entry()['master'], state: 'stolen' } } }),
    'the entry of "b" has an incomplete `master`',
  ],
])('rejects %s', (_, broken, why) => {
  expect(() => parseLock(broken, 'images.lock')).toThrow(
    expect.objectContaining({
      code: 'lock/invalid',
      message: `images.lock is not a valid lockfile: ${why}.`,
      hint: expect.stringContaining('git'),
    }),
  )
})

test.each([
  'images/../secret.png',
  'images/a/../../secret.png',
  '../secret.png',
  '/etc/secret.png',
  'C:/secret.png',
  'images/C:/x.png',
  'images\\..\\x.png',
  'images/.git/x.png',
  'images/x',
  'images/x.sh',
  'images//x.png',
  'images/a\n/../../x.png',
  'images/a\u2028/../../x.png',
  'images/\0.png',
  'other/x.png',
  '',
])('rejects a master at %j', (path) => {
  const hostile = lockText({ b: { ...entry(), master: { ...entry()['master'], path } } })
  expect(() => parseLock(hostile, 'images.lock')).toThrow('names a master outside images/')
})

test.each(masterExtensions)('accepts a master with the extension .%s', (extension) => {
  const path = `images/b.${extension}`
  expect(
    parseLock(
      lockText({ b: { ...entry(), master: { ...entry()['master'], path } } }),
      'images.lock',
    ).assets.get('b')?.master.path,
  ).toBe(path)
})

test.each([
  '../x',
  'a/../../x',
  '/x',
  'a//b',
  '.hidden',
  'a/.git/hooks',
  'a\\b',
  'a\n/../b',
  '-rf',
  'x@y',
  '',
])('rejects an asset with the name %j', (name) => {
  expect(() => parseLock(lockText({ [name]: entry() }), 'images.lock')).toThrow(
    'has an invalid name',
  )
})

test.each(['../../x.jpg', 'a/b.jpg', '.env', 'x', 'x.jpg\n', '..', 'a\\b.jpg', ''])(
  'rejects an output with the name %j',
  (file) => {
    const output = { recipe: sha256(''), sha256: sha256(''), bytes: 1, width: 1, height: 1 }
    expect(() =>
      parseLock(lockText({ b: { ...entry(), outputs: { [file]: output } } }), 'images.lock'),
    ).toThrow('has an output with an invalid file name')
  },
)

test.each([0, -1, 1.5, 1e308, Number.MAX_SAFE_INTEGER + 2, '5', null])(
  'rejects a master of %s bytes',
  (bytes) => {
    expect(() =>
      parseLock(
        lockText({ b: { ...entry(), master: { ...entry()['master'], bytes } } }),
        'images.lock',
      ),
    ).toThrow('has an incomplete `master`')
  },
)

test.each(['', 'abc', 'g'.repeat(64), 'A'.repeat(64), '../'.repeat(22).slice(0, 64)])(
  'rejects %j as a digest',
  (digest) => {
    expect(() =>
      parseLock(
        lockText({ b: { ...entry(), master: { ...entry()['master'], sha256: digest } } }),
        'images.lock',
      ),
    ).toThrow(LimnError)
  },
)

test('accepts assets that are named like properties of objects', () => {
  const hostile = lockText({}).replace(
    '"assets":{}',
    `"assets":{"constructor":${JSON.stringify(entry())},"toString":${JSON.stringify(entry())}}`,
  )
  const read = parseLock(hostile, 'images.lock')
  expect([...read.assets.keys()]).toEqual(['constructor', 'toString'])
  parseLock(
    lockText({}).replace('"assets":{}', `"assets":{"__proto__":${JSON.stringify(entry())}}`),
    'images.lock',
  )
  expect(({} as Record<string, unknown>)['request']).toBeUndefined()
})

test('replaces and removes entries without changing the given lock', () => {
  const before = [...lock.assets.keys()]
  const changed = withEntries(lock, [
    ['b', undefined],
    ['new', lock.assets.get('b')!],
  ])
  expect([...changed.assets.keys()]).toEqual(['a/c', '一', 'new'])
  expect([...lock.assets.keys()]).toEqual(before)
})

test('parses single entries as it parses them in the whole file', () => {
  const bytes = Buffer.from(text)
  for (const names of [['b'], ['一', 'a/c'], ['b', 'a/c', '一'], []]) {
    expect(parseLockEntries(bytes, names)).toEqual(
      new Map(names.map((name) => [name, lock.assets.get(name)])),
    )
  }
})

test.each<[what: string, text: string]>([
  ['the entry is missing', text.replace('"b": {', '"d": {')],
  ['the entry is formatted differently', text.replace('    "b": {', '     "b": {')],
  ['the text is formatted differently', JSON.stringify(JSON.parse(text))],
  ['the entry is damaged', text.replace(/("b": [^]*?"sha256": ")[0-9a-f]/, '$1x')],
  ['the text is cut off', text.slice(0, text.indexOf('"b": {') + 20)],
])('parses no single entries if %s', (_, changed) => {
  expect(parseLockEntries(Buffer.from(changed), ['b'])).toBeUndefined()
})

test.each([1, 7, 100, 1000, 1_000_000])('parses a lock in pieces of %d bytes', (size) => {
  const bytes = Buffer.from(text)
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  )
  const read = parseLockPieces(pieces)
  expect(read).toEqual(parseLock(text, 'images.lock'))
  expect([...read!.assets.keys()]).toEqual(['a/c', 'b', '一'])
})

test.each<[what: string, text: string]>([
  ['is formatted differently', JSON.stringify(JSON.parse(text))],
  ['has Windows line breaks', text.replaceAll('\n', '\r\n')],
  ['has a byte order mark', `\uFEFF${text}`],
  ['is cut off', text.slice(0, -10)],
  ['has merge conflict markers', text.replace('    "b": {', '<<<<<<< ours\n    "b": {')],
  ['has an asset that is named like a number', text.replace('"b": {', '"10": {')],
  ['has a damaged entry', text.replace(/("b": [^]*?"sha256": ")[0-9a-f]/, '$1x')],
  ['is of a newer version', text.replace('"lockfileVersion": 1', '"lockfileVersion": 2')],
  ['has no assets', formatLock(emptyLock)],
])('leaves a lock that %s to be parsed whole', (_, changed) => {
  expect(parseLockPieces([Buffer.from(changed)])).toBeUndefined()
})
