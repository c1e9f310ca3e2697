import { expect, test } from 'vitest'
import { describeProxy, proxyFor } from './proxy.ts'

const all = 'http://user:secret@proxy.example:3128'

test.each<[env: Record<string, string>, url: string, variable: string | undefined]>([
  [{ HTTPS_PROXY: all }, 'https://api.example.com/v1', 'HTTPS_PROXY'],
  [{ HTTPS_PROXY: all }, 'http://api.example.com/v1', undefined],
  [{ HTTP_PROXY: all }, 'http://api.example.com/v1', 'HTTP_PROXY'],
  [{ HTTP_PROXY: all }, 'https://api.example.com/v1', undefined],
  [{ https_proxy: all, HTTPS_PROXY: 'http://other' }, 'https://a.example', 'https_proxy'],
  [{ https_proxy: '', HTTPS_PROXY: all }, 'https://a.example', 'HTTPS_PROXY'],
  [{ ALL_PROXY: all }, 'http://a.example', 'ALL_PROXY'],
  [{ all_proxy: 'proxy.example:3128' }, 'https://a.example', 'all_proxy'],
  [{ HTTPS_PROXY: all, NO_PROXY: '' }, 'https://a.example', 'HTTPS_PROXY'],
  [{}, 'https://a.example', undefined],
])('chooses by %o for %s', (env, url, variable) => {
  expect(proxyFor(new URL(url), env)?.variable).toBe(variable)
})

test.each([
  ['*', 'https://a.example', true],
  ['a.example', 'https://a.example/x', true],
  ['A.Example.', 'https://a.example', true],
  ['example', 'https://a.example', true],
  ['.a.example', 'https://b.a.example', true],
  ['*.a.example', 'https://b.a.example', true],
  ['other, a.example', 'https://a.example', true],
  ['other a.example', 'https://a.example', true],
  ['a.example:8443', 'https://a.example:8443', true],
  ['a.example:443', 'https://a.example', true],
  ['a.example:8443', 'https://a.example', false],
  ['a.example', 'https://aa.example', false],
  ['10.0.0.0/8', 'https://10.1.2.3', true],
  ['10.0.0.0/8', 'https://11.1.2.3', false],
  ['10.0.0.0/8', 'https://10.example', false],
  ['fd00::/8', 'https://[fd12::1]', true],
  ['::1', 'https://[::1]:8443', true],
  ['[::1]:8443', 'https://[::1]:8443', true],
  ['127.0.0.1', 'https://127.0.0.1:9', true],
  ['127.0.0.1:8', 'https://127.0.0.1:9', false],
  ['10.0.0.0/99', 'https://10.1.2.3', false],
])('lets NO_PROXY=%s decide about %s', (exceptions, url, isDirect) => {
  const env = { HTTPS_PROXY: all, no_proxy: exceptions }
  expect(proxyFor(new URL(url), env) === undefined).toBe(isDirect)
})

test('never shows the password of a proxy', () => {
  const proxy = proxyFor(new URL('https://a.example'), { HTTPS_PROXY: all })!
  expect(describeProxy(proxy)).toBe('http://proxy.example:3128 (HTTPS_PROXY)')
})

test.each(['socks5://u:secret@p:1080', 'socks4a://p', 'ftp://p', 'http://', 'http://a b'])(
  'rejects the proxy %s',
  (value) => {
    const choose = (): unknown => proxyFor(new URL('https://a.example'), { ALL_PROXY: value })
    expect(choose).toThrow(/^ALL_PROXY is /)
    expect(choose).not.toThrow(/secret/)
  },
)
