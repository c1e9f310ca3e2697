import { hash as nodeHash } from 'node:crypto'
import { isIP as nodeIsIP } from 'node:net'
import { posix as nodePosix } from 'node:path'
import { expect, test } from 'vitest'
import { hash } from './crypto.ts'
import { isIP } from './net.ts'
import { posix } from './path.ts'

test.each(['', 'images.yaml', '灯塔 🗼', 'x'.repeat(1000)])('hashes %j as Node does', (text) => {
  expect(hash('sha256', text, 'hex')).toBe(nodeHash('sha256', text, 'hex'))
  const bytes = new TextEncoder().encode(text)
  expect(hash('sha256', bytes, 'hex')).toBe(nodeHash('sha256', bytes, 'hex'))
})

test.each([
  '',
  '.',
  './',
  '/',
  '..',
  '../..',
  'a',
  'a/',
  './a/../b',
  'a//b/./c',
  '/a/../../b',
  'a/../..',
  '../a/b/../c/',
  'campaigns/spring/images.yaml',
  '/a',
  '/a/b//',
])('treats the path %j as Node does', (path) => {
  expect(posix.normalize(path)).toBe(nodePosix.normalize(path))
  expect(posix.dirname(path)).toBe(nodePosix.dirname(path))
  expect(posix.join('a', path)).toBe(nodePosix.join('a', path))
})

test.each([
  '127.0.0.1',
  '10.0.0.256',
  '1.2.3',
  '1.2.3.4.5',
  '010.0.0.1',
  'localhost',
  '',
  '::1',
  'fe80::1',
  'fd00:1:2::3',
  ':::',
  '1::2::3',
  '::ffff:10.0.0.1',
  'a:b',
  'x/y:z',
])('recognizes the address %j as Node does', (host) => {
  expect(isIP(host)).toBe(nodeIsIP(host))
})
