import { describe, expect, it } from 'vitest'
import { openStore } from '../remote/open-store.ts'
import { namedRemote } from './named-remote.ts'

const ofManifest = {
  url: '../cache',
  endpoint: null,
  region: null,
  pathStyle: null,
  required: false,
}

describe('namedRemote', () => {
  it.each([
    ['', ofManifest, 'remote'],
    ['/mnt/limn', { ...ofManifest, url: '/mnt/limn' }, 'LIMN_REMOTE'],
    ['s3://team/limn', { ...ofManifest, url: 's3://team/limn' }, 'LIMN_REMOTE'],
    [
      's3://team/limn?endpoint=https://r2.example.com&region=auto',
      {
        url: 's3://team/limn',
        endpoint: 'https://r2.example.com',
        region: 'auto',
        pathStyle: null,
        required: false,
      },
      'LIMN_REMOTE',
    ],
    ['/mnt/a?b', { ...ofManifest, url: '/mnt/a?b' }, 'LIMN_REMOTE'],
  ])('reads LIMN_REMOTE=%s', (text, settings, namedBy) => {
    const env = text === '' ? {} : { LIMN_REMOTE: text }
    expect(namedRemote({ remote: ofManifest }, env)).toEqual({ settings, namedBy })
  })

  it.each([
    [false, '', false],
    [true, '', true],
    [false, '1', true],
    [true, '0', false],
    [true, 'false', false],
  ])(
    'requires the store: %s in the manifest, %j in LIMN_REMOTE_REQUIRED',
    (own, flag, required) => {
      for (const url of ['', '/mnt/limn']) {
        const env = { LIMN_REMOTE: url, LIMN_REMOTE_REQUIRED: flag }
        const named = namedRemote({ remote: { ...ofManifest, required: own } }, env)
        expect(named?.settings.required).toBe(required)
      }
    },
  )

  it('turns the store off, and has none by default', () => {
    expect(namedRemote({ remote: ofManifest }, { LIMN_REMOTE: 'off' })).toBeUndefined()
    expect(namedRemote({ remote: null }, {})).toBeUndefined()
  })
})

describe('openStore', () => {
  it.each(['ftp://host', 's3://x', 's3://bucket?endpoint=nowhere', 'https://me:pw@host'])(
    'rejects %s before it asks for consent',
    async (text) => {
      const requireConsent = (): Promise<void> => Promise.reject(new Error('asked'))
      const named = namedRemote({ remote: null }, { LIMN_REMOTE: text })!
      const opened = openStore(named, { access: { env: {}, requireConsent }, root: '/project' })
      await expect(opened).rejects.toMatchObject({ code: 'remote/invalid' })
    },
  )

  it.each([
    ['s3://team/limn', ['remote s3://team']],
    ['s3://team?endpoint=https://r2.example.com', ['remote https://r2.example.com/team']],
    [
      'https://cache.example.com/limn',
      ['remote https://cache.example.com/limn', 'key LIMN_REMOTE_TOKEN'],
    ],
    ['../other', ['remote file:///other']],
    ['/srv/a, b', ['remote file:///srv/a%2C%20b']],
    ['/project', ['remote file:///project']],
    ['/project-2', ['remote file:///project-2']],
    ['.cache/limn', []],
    ['/project/.cache', []],
  ])('asks for consent for %s', async (text, expected) => {
    const asked: string[] = []
    const access = {
      env: { LIMN_REMOTE_TOKEN: 'secret' },
      requireConsent: async (use: { kind: string; target?: string; variable?: string }) =>
        void asked.push(`${use.kind} ${use.target ?? use.variable}`),
    }
    await openStore(namedRemote({ remote: null }, { LIMN_REMOTE: text })!, {
      access,
      root: '/project',
    })
    expect(asked).toEqual(expected)
  })
})
