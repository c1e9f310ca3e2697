import { expect, test } from 'vitest'
import { nameInCloud, parsePointer } from './pointer-file.ts'

const digest = 'a1'.repeat(32)

test.each([
  [
    'Git LFS',
    `version https://git-lfs.github.com/spec/v1\noid sha256:${digest}\nsize 12345\n`,
    { kind: 'git-lfs', sha256: digest },
  ],
  [
    'Git LFS with CRLF',
    `version https://git-lfs.github.com/spec/v1\r\noid sha256:${digest}\r\nsize 12345\r\n`,
    { kind: 'git-lfs', sha256: digest },
  ],
  [
    'Git LFS with an extension',
    `version https://git-lfs.github.com/spec/v1\next-0-foo sha256:${'b'.repeat(64)}\noid sha256:${digest}\nsize 1\n`,
    { kind: 'git-lfs', sha256: digest },
  ],
  [
    'Git LFS before its first release',
    `version https://hawser.github.com/spec/v1\noid sha256:${digest}\nsize 12345\n`,
    { kind: 'git-lfs', sha256: digest },
  ],
  [
    'Git LFS with another hash',
    'version https://git-lfs.github.com/spec/v1\noid sha512:abc\nsize 1\n',
    { kind: 'git-lfs', sha256: '' },
  ],
  [
    'git-annex with SHA-256',
    `/annex/objects/SHA256E-s4321--${digest}.png\n`,
    { kind: 'git-annex', sha256: digest },
  ],
  [
    'git-annex with another key',
    '/annex/objects/MD5E-s4321--0123456789abcdef.png\n',
    { kind: 'git-annex', sha256: '' },
  ],
  ['an empty file', '', { kind: 'empty', sha256: '' }],
])('recognizes %s', (_, text, pointer) => {
  expect(parsePointer(Buffer.from(text))).toEqual(pointer)
})

test.each([
  ['an SVG', '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'],
  ['a text about pointers', 'A file with "version https://git-lfs.github.com/spec/v1" in it'],
  ['a long file', `version https://git-lfs.github.com/spec/v1\n${'x'.repeat(1024)}`],
  ['the start of a PNG', '\u0089PNG\r\n'],
])('takes %s for a file of its own', (_, text) => {
  expect(parsePointer(Buffer.from(text))).toBeUndefined()
})

test('reads the name of a file that is only in iCloud Drive', () => {
  expect(nameInCloud('.hero.png.icloud')).toBe('hero.png')
  expect(nameInCloud('hero.png')).toBeUndefined()
  expect(nameInCloud('.icloud')).toBeUndefined()
})
