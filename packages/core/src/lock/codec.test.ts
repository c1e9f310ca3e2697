import { expect, test } from 'vitest'
import { sha256 } from '../digest.ts'
import { LimnError } from '../errors.ts'
import { masterExtensions } from '../manifest/presets.ts'
import { createWorld } from '../plan/testing.ts'
import { formatLock, parseLock, parseLockEntries } from './codec.ts'
import { emptyLock, type Lock, withEntries } from './lock.ts'

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

test('reads back what it wrote, and writes the same again', () => {
  const read = parseLock(text, 'images.lock')
  expect(read.assets).toEqual(lock.assets)
  expect(formatLock(read)).toBe(text)
})

test('sorts assets and keys by code units, one output a line', () => {
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

test('keeps fields of a newer version, at the top and in an entry', () => {
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

test('refuses a lock of a newer format, with the way out', () => {
  expect(() => parseLock('{"lockfileVersion":2,"assets":{}}', 'images.lock')).toThrow(
    expect.objectContaining({ code: 'lock/newer', hint: 'Update @limn/core.' }),
  )
})

test.each<[string, string, string]>([
  ['no JSON', '{', 'it is not JSON'],
  ['an empty file', '', 'it is not JSON'],
  [
    'the markers of a merge',
    '{\n<<<<<<< HEAD\n=======\n>>>>>>> x\n}',
    'it has the conflict markers of a merge',
  ],
  ['a list', '[]', 'it is no map'],
  ['null', 'null', 'it is no map'],
  ['no version', '{"assets":{}}', '`lockfileVersion` is missing'],
  ['a version in words', '{"lockfileVersion":"1","assets":{}}', '`lockfileVersion` is missing'],
  ['no assets', '{"lockfileVersion":1}', '`assets` is missing'],
  ['assets as a list', '{"lockfileVersion":1,"assets":[]}', '`assets` is missing'],
  [
    'an encoder that is no text',
    '{"lockfileVersion":1,"encoder":5,"assets":{}}',
    '`encoder` is no text',
  ],
  ['an entry that is null', lockText({ b: null }), 'the entry of "b" is no map'],
  [
    'an entry without a request',
    lockText({ b: { ...entry(), request: undefined } }),
    'the entry of "b" has no whole `request`',
  ],
  [
    'an entry without outputs',
    lockText({ b: { ...entry(), outputs: [] } }),
    'the entry of "b" has no `outputs`',
  ],
  [
    'an entry without its record',
    lockText({ b: { ...entry(), made: null } }),
    'the entry of "b" has no `made`',
  ],
  [
    'a state that is none',
    lockText({ b: { ...entry(), master: { ...entry()['master'], state: 'stolen' } } }),
    'the entry of "b" has no whole `master`',
  ],
])('refuses %s', (_, broken, why) => {
  expect(() => parseLock(broken, 'images.lock')).toThrow(
    expect.objectContaining({
      code: 'lock/invalid',
      message: `images.lock is not a lockfile: ${why}.`,
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
])('refuses a master at %j', (path) => {
  const hostile = lockText({ b: { ...entry(), master: { ...entry()['master'], path } } })
  expect(() => parseLock(hostile, 'images.lock')).toThrow('names a master outside images/')
})

test.each(masterExtensions)('takes a master that ends with .%s', (extension) => {
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
])('refuses an asset by the name of %j', (name) => {
  expect(() => parseLock(lockText({ [name]: entry() }), 'images.lock')).toThrow(
    'has a name that no asset can have',
  )
})

test.each(['../../x.jpg', 'a/b.jpg', '.env', 'x', 'x.jpg\n', '..', 'a\\b.jpg', ''])(
  'refuses an output by the name of %j',
  (file) => {
    const output = { recipe: sha256(''), sha256: sha256(''), bytes: 1, width: 1, height: 1 }
    expect(() =>
      parseLock(lockText({ b: { ...entry(), outputs: { [file]: output } } }), 'images.lock'),
    ).toThrow('names an output that is no file name')
  },
)

test.each([0, -1, 1.5, 1e308, Number.MAX_SAFE_INTEGER + 2, '5', null])(
  'refuses a master of %s bytes',
  (bytes) => {
    expect(() =>
      parseLock(
        lockText({ b: { ...entry(), master: { ...entry()['master'], bytes } } }),
        'images.lock',
      ),
    ).toThrow('has no whole `master`')
  },
)

test.each(['', 'abc', 'g'.repeat(64), 'A'.repeat(64), '../'.repeat(22).slice(0, 64)])(
  'refuses %j as a digest',
  (digest) => {
    expect(() =>
      parseLock(
        lockText({ b: { ...entry(), master: { ...entry()['master'], sha256: digest } } }),
        'images.lock',
      ),
    ).toThrow(LimnError)
  },
)

test('takes names that objects have for mere names', () => {
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

test('sets and takes out entries without touching the lock it is given', () => {
  const before = [...lock.assets.keys()]
  const changed = withEntries(lock, [
    ['b', undefined],
    ['new', lock.assets.get('b')!],
  ])
  expect([...changed.assets.keys()]).toEqual(['a/c', '一', 'new'])
  expect([...lock.assets.keys()]).toEqual(before)
})

test('reads single entries as it reads them with all others', () => {
  const bytes = Buffer.from(text)
  for (const names of [['b'], ['一', 'a/c'], ['b', 'a/c', '一'], []]) {
    expect(parseLockEntries(bytes, names)).toEqual(
      new Map(names.map((name) => [name, lock.assets.get(name)])),
    )
  }
})

test.each<[what: string, text: string]>([
  ['the entry is not there', text.replace('"b": {', '"d": {')],
  ['the entry is written in another way', text.replace('    "b": {', '     "b": {')],
  ['the text is laid out in another way', JSON.stringify(JSON.parse(text))],
  ['the entry is damaged', text.replace(/("b": [^]*?"sha256": ")[0-9a-f]/, '$1x')],
  ['the text is cut off', text.slice(0, text.indexOf('"b": {') + 20)],
])('leaves it to reading the whole lock where %s', (_, changed) => {
  expect(parseLockEntries(Buffer.from(changed), ['b'])).toBeUndefined()
})
