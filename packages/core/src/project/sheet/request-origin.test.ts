import { expect, test } from 'vitest'
import { isLocalHost, isNavigation, isOwnRequest, requestedHost } from './request-origin.ts'

test.each([
  'localhost',
  'LOCALHOST:5173',
  'app.localhost:80',
  '127.0.0.1',
  '127.0.0.1:4100',
  '192.168.0.7:5173',
  '[::1]',
  '[::1]:5173',
  '[fe80::1]:5173',
])('takes %s for a name of this machine', (host) => {
  expect(isLocalHost(host)).toBe(true)
})

test.each([
  undefined,
  '',
  'evil.example',
  'localhost.evil.example',
  '127.0.0.1.evil.example:80',
  'notlocalhost',
  'localhost@evil.example',
  'evil.example#localhost',
  'evil.example/localhost',
  'evil.example?.localhost',
  'evil.example\\.localhost',
  'local host',
  'localhost:port',
])('takes %s for the name of somebody else', (host) => {
  expect(isLocalHost(host)).toBe(false)
})

test.each([
  [{ host: '127.0.0.1:1' }, true],
  [{ host: 'localhost:1', origin: 'http://localhost:1' }, true],
  [{ host: 'LocalHost:1', origin: 'http://localhost:1' }, true],
  [{ host: 'localhost:1', origin: 'http://localhost:1', 'sec-fetch-site': 'same-origin' }, true],
  [{ host: 'localhost:1', 'sec-fetch-site': 'none' }, true],
  [{ host: 'localhost:1', origin: 'http://localhost:2' }, false],
  [{ host: 'localhost:1', origin: 'http://127.0.0.1:1' }, false],
  [{ host: 'localhost:1', origin: 'null' }, false],
  [{ host: 'localhost:1', origin: '' }, false],
  [{ origin: 'http://localhost:1' }, false],
  [{ ':authority': 'localhost:1', origin: 'https://localhost:1' }, true],
  [{ ':authority': 'localhost:1', origin: 'https://localhost:2' }, false],
  [{ ':authority': 'localhost:1', origin: 'https://evil.example' }, false],
  [{ host: 'localhost:1', 'sec-fetch-site': 'same-site' }, false],
  [{ host: 'localhost:1', 'sec-fetch-site': 'cross-site' }, false],
])('decides from %j whether its own page asks', (headers, isOwn) => {
  expect(isOwnRequest(headers)).toBe(isOwn)
})

test.each([
  [{ host: 'localhost:1' }, 'localhost:1'],
  [{ ':authority': '[::1]:1' }, '[::1]:1'],
  [{ ':authority': 'evil.example' }, 'evil.example'],
  [{ host: 'localhost:1', ':authority': 'evil.example' }, 'localhost:1'],
  [{}, undefined],
])('finds the host in %j', (headers, host) => {
  expect(requestedHost(headers)).toBe(host)
})

test('tells a tab that opens the page from frames and scripts', () => {
  const headers = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
  expect(isNavigation(headers)).toBe(true)
  for (const other of [
    { ...headers, 'sec-fetch-dest': 'iframe' },
    { ...headers, 'sec-fetch-mode': 'no-cors' },
    {},
  ]) {
    expect(isNavigation(other)).toBe(false)
  }
})
