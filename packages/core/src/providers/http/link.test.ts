import { expect, test } from 'vitest'
import { formatLink, parseLink } from './link.ts'

test.each([
  '/a.png?sig=a%2Bb%2fc+d&empty=&x=1&x=2',
  '/a.png?X-Amz-Signature=%e2%9C%93&flag',
  '/a|b/{c}.png?q=\'single\'"double"<>^`',
  '/a//b/../c/%2e%2e/./d.png?path=/../x',
  '/?=&&=x',
  '?only=query%20',
])('keeps path and query of %s', (target) => {
  const parsed = parseLink(`https://CDN.example.com:443${target}#part`)!
  expect(parsed.target).toBe(target.startsWith('/') ? target : `/${target}`)
  expect(formatLink(parsed)).toBe(`https://cdn.example.com${parsed.target}`)
})

test('escapes only what cannot be sent', () => {
  expect(parseLink('http://a.example/ä b\u{1f600}.png?é=\ud800')!.target).toBe(
    '/%C3%A4%20b%F0%9F%98%80.png?%C3%A9=%EF%BF%BD',
  )
})

test.each([
  ['/img/a.png?x=%2f', 'https://api.example.com/img/a.png?x=%2f'],
  ['a.png?y=1+1', 'https://api.example.com/v1/images/a.png?y=1+1'],
  ['../b.png?q', 'https://api.example.com/v1/b.png?q'],
  ['//cdn.example.com/c.png?a=', 'https://cdn.example.com/c.png?a='],
  ['?page=%41', 'https://api.example.com/v1/images/generations?page=%41'],
])('resolves %s', (link, absolute) => {
  const base = parseLink('https://api.example.com/v1/images/generations')!
  expect(formatLink(parseLink(link, base)!)).toBe(absolute)
})

test.each(['', 'file:///etc/passwd', 'ftp://a.example/x', '/relative', 'http://', 'javascript:x'])(
  'rejects %j',
  (link) => {
    expect(parseLink(link)).toBeUndefined()
  },
)
