import { describe, expect, it } from 'vitest'
import {
  formatGrant,
  grantFor,
  isOwnHost,
  isThisMachine,
  needsConsent,
  parseGrants,
} from './consent.ts'

const key = (variable: string, url: string) => ({ kind: 'key', variable, url }) as const

describe('isOwnHost', () => {
  it.each([
    ['OPENAI_API_KEY', 'https://api.openai.com/v1'],
    ['OPENAI_API_KEY', 'https://eu.api.openai.com/v1'],
    ['AZURE_OPENAI_API_KEY', 'https://mine.openai.azure.com'],
    ['TOGETHER_API_KEY', 'https://api.together.xyz/v1'],
    ['XAI_API_KEY', 'https://api.x.ai/v1'],
  ])('knows that %s is for %s', (variable, url) => {
    expect(isOwnHost(variable, url)).toBe(true)
  })

  it.each([
    ['OPENAI_API_KEY', 'http://api.openai.com/v1'],
    ['OPENAI_API_KEY', 'https://api.openai.com.evil.example/v1'],
    ['OPENAI_API_KEY', 'https://notopenai.com/v1'],
    ['OPENAI_API_KEY', 'https://api.openai.com./v1'],
    ['AZURE_OPENAI_API_KEY', 'https://anyone.azure-api.net'],
    ['STRIPE_API_KEY', 'https://api.openai.com/v1'],
    ['XAI_API_KEY', 'https://api.together.xyz/v1'],
    ['LOCALAI_API_KEY', 'http://localhost:8080/v1'],
    ['OPENAI_API_KEY', 'not a URL'],
  ])('does not send %s to %s unasked', (variable, url) => {
    expect(isOwnHost(variable, url)).toBe(false)
  })
})

describe('needsConsent', () => {
  it.each([
    ['A_API_KEY@relay.example', 'A_API_KEY', 'https://relay.example/v1'],
    ['A_API_KEY@relay.example', 'A_API_KEY', 'https://RELAY.example:8443/v1'],
    ['A_API_KEY@relay.example:443', 'A_API_KEY', 'https://relay.example/v1'],
    ['A_API_KEY@[::1]:9000', 'A_API_KEY', 'http://[0:0::1]:9000/v1'],
    ['B_API_TOKEN@b.example, A_API_KEY@127.0.0.1', 'A_API_KEY', 'http://127.1:81/v1'],
  ])('needs no other consent than %s for %s at %s', (list, variable, url) => {
    expect(needsConsent(key(variable, url), parseGrants(list))).toBe(false)
  })

  it.each([
    ['', 'A_API_KEY', 'http://127.0.0.1/v1'],
    ['A_API_KEY@relay.example', 'B_API_KEY', 'https://relay.example/v1'],
    ['A_API_KEY@relay.example', 'A_API_KEY', 'https://sub.relay.example/v1'],
    ['A_API_KEY@relay.example:443', 'A_API_KEY', 'https://relay.example:8443/v1'],
    ['A_API_KEY@localhost', 'A_API_KEY', 'http://127.0.0.1/v1'],
    ['A_API_KEY@*', 'A_API_KEY', 'https://relay.example/v1'],
    ['A_API_KEY@*.azure-api.net', 'A_API_KEY', 'https://x.azure-api.net'],
    ['*@relay.example', 'A_API_KEY', 'https://relay.example/v1'],
    ['A_API_KEY@user@relay.example', 'A_API_KEY', 'https://relay.example/v1'],
    ['limn.config.ts', 'A_API_KEY', 'https://relay.example/v1'],
  ])('does not accept "%s" for %s at %s', (list, variable, url) => {
    expect(needsConsent(key(variable, url), parseGrants(list))).toBe(true)
  })

  it('runs a program only for its own grant', () => {
    expect(needsConsent({ kind: 'config' }, parseGrants('A_API_KEY@relay.example'))).toBe(true)
    expect(needsConsent({ kind: 'config' }, parseGrants('limn.config.mjs'))).toBe(false)
  })
})

it('formats the narrowest grant, and reads it back', () => {
  for (const [url, text] of [
    ['https://relay.example/v1', 'A_API_KEY@relay.example'],
    ['http://127.0.0.1:8080/v1', 'A_API_KEY@127.0.0.1:8080'],
    ['http://[::1]:8080/v1', 'A_API_KEY@[::1]:8080'],
    ['https://bücher.example/v1', 'A_API_KEY@xn--bcher-kva.example'],
  ] as const) {
    expect(formatGrant(grantFor(key('A_API_KEY', url)))).toBe(text)
    expect(needsConsent(key('A_API_KEY', url), parseGrants(text))).toBe(false)
  }
})

it('knows the addresses of this machine', () => {
  const urls = ['http://localhost:1/v1', 'http://127.0.0.1', 'http://127.9.9.9:2', 'http://[::1]']
  expect(urls.map(isThisMachine)).toEqual([true, true, true, true])
  const others = [
    'http://10.0.0.1',
    'https://127.0.0.1.evil.example',
    'http://localhost.evil.example',
    '',
    'x',
  ]
  expect(others.map(isThisMachine)).toEqual(others.map(() => false))
})

describe('the grant for a remote store', () => {
  it.each(['s3://bucket', 'https://cache.example.com:8443', 'file:///srv/limn%20cache'])(
    'covers %s and nothing else',
    (target) => {
      const use = { kind: 'remote', target } as const
      const text = formatGrant(grantFor(use))
      expect(text).toBe(`remote@${target}`)
      expect(needsConsent(use, parseGrants(`A_API_KEY@x.example, ${text}/`))).toBe(false)
      expect(needsConsent({ ...use, target: `${target}2` }, parseGrants(text))).toBe(true)
      expect(needsConsent(key('LIMN_REMOTE_TOKEN', 'https://x.example'), parseGrants(text))).toBe(
        true,
      )
      expect(needsConsent({ kind: 'config' }, parseGrants(text))).toBe(true)
    },
  )

  it.each([
    ['https://cache.example.com/limn', 'https://cache.example.com/limn', true],
    ['https://cache.example.com/limn', 'https://cache.example.com', true],
    ['https://cache.example.com/team/limn', 'https://cache.example.com/team', true],
    ['https://cache.example.com', 'https://cache.example.com/limn', false],
    ['https://cache.example.com/other', 'https://cache.example.com/limn', false],
    ['https://cache.example.com/limn-2', 'https://cache.example.com/limn', false],
    ['https://cache.example.com.evil.org/limn', 'https://cache.example.com', false],
    ['https://cache.example.com:8443/limn', 'https://cache.example.com', false],
    ['http://cache.example.com/limn', 'https://cache.example.com', false],
    ['https://cache.example.com/limn/..%2fother', 'https://cache.example.com/limn', false],
    ['https://cache.example.com/limn/%2e%2e/other', 'https://cache.example.com/limn', false],
    ['file:///srv/limn', 'file:///srv', false],
  ])('lets a store at %s be used with a grant for %s: %s', (target, granted, isCovered) => {
    const grants = parseGrants(`remote@${granted}`)
    expect(needsConsent({ kind: 'remote', target }, grants)).toBe(!isCovered)
  })

  it.each(['remote@s3://*', 'remote@*', 'remote@', 'remote@host', 'remote@https://*.example.com'])(
    'is not what %s says',
    (text) => {
      expect(parseGrants(text).filter(({ kind }) => kind === 'remote')).toEqual([])
    },
  )
})
