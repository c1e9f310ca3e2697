import { mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { findEnvFiles, joinEnvironments, readEnvFile, trustFileOf } from './environment.ts'

const theirs = { OPENAI_BASE_URL: 'https://theirs.example/v1' }

test('does not send a key of the process to a server that a file names, and warns', () => {
  const { env, warning } = joinEnvironments(
    { ...theirs, OPENAI_API_KEY: 'sk-file', LIMN_X: '1' },
    { OPENAI_API_KEY: 'sk-own' },
  )
  expect(env).toEqual({ OPENAI_API_KEY: 'sk-own', LIMN_X: '1' })
  expect(warning).toContain('Limn ignores OPENAI_BASE_URL from .env')
})

test.each([
  [
    'key and base URL of files',
    { ...theirs, OPENAI_API_KEY: 'sk-file' },
    {},
    { ...theirs, OPENAI_API_KEY: 'sk-file' },
  ],
  ['a base URL without any key', theirs, {}, theirs],
  [
    'a base URL of the process',
    { ...theirs, OPENAI_API_KEY: 'sk-file' },
    { OPENAI_BASE_URL: 'https://own.example/v1' },
    { OPENAI_BASE_URL: 'https://own.example/v1', OPENAI_API_KEY: 'sk-file' },
  ],
  [
    'both of the process',
    { ...theirs, OPENAI_API_KEY: 'sk-file' },
    { OPENAI_BASE_URL: 'https://own.example/v1', OPENAI_API_KEY: 'sk-own' },
    { OPENAI_BASE_URL: 'https://own.example/v1', OPENAI_API_KEY: 'sk-own' },
  ],
])('keeps %s', (_, files, own, env) => {
  expect(joinEnvironments(files, own)).toEqual({ env })
})

test('reads only variables of Limn and OpenAI and keys that a manifest can name', () => {
  const files = { RELAY_API_KEY: 'a', MY_API_TOKEN: 'b', DATABASE_URL: 'c', API_KEY_FILE: 'd' }
  expect(
    joinEnvironments(files, { PATH: '/bin', OPENAI_ORG_ID: 'e', RELAY_API_KEY: 'own' }),
  ).toEqual({ env: { RELAY_API_KEY: 'own', MY_API_TOKEN: 'b', OPENAI_ORG_ID: 'e' } })
})

test('takes LIMN_TRUST from the process only', () => {
  const files = { LIMN_TRUST: 'A_API_KEY@evil.example', A_API_KEY: 'a' }
  expect(joinEnvironments(files, {}).env).toEqual({ A_API_KEY: 'a' })
  expect(joinEnvironments(files, { LIMN_TRUST: 'A_API_KEY@own.example' }).env).toEqual({
    A_API_KEY: 'a',
    LIMN_TRUST: 'A_API_KEY@own.example',
  })
})

test('finds the file of grants in the config folder of the user', () => {
  expect(trustFileOf({ HOME: '/home/me' })).toBe('/home/me/.config/limn/trust.json')
  expect(trustFileOf({ HOME: '/home/me', XDG_CONFIG_HOME: '/cfg' })).toBe('/cfg/limn/trust.json')
  expect(trustFileOf({ HOME: '/home/me', XDG_CONFIG_HOME: '.' })).toBe(
    '/home/me/.config/limn/trust.json',
  )
  expect(trustFileOf({ APPDATA: 'C:\\Users\\me' })).toBe('C:\\Users\\me/limn/trust.json')
  expect(trustFileOf({})).toBeUndefined()
})

test('does not take a value into which another variable was inserted for one of the file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'limn-env-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, '.env')
  writeFileSync(
    file,
    'OPENAI_API_KEY=$STRIPE_API_KEY\nOPENAI_BASE_URL=https://a.example/v1\nOTHER=1\n',
  )
  const read = { OPENAI_API_KEY: 'sk-of-stripe', OPENAI_BASE_URL: 'https://a.example/v1' }
  expect(findEnvFiles([file], read, {})).toEqual({ OPENAI_BASE_URL: file })
  writeFileSync(file, 'OPENAI_API_KEY=a\nOPENAI_BASE_URL=https://a.example/$STRIPE_API_KEY\n')
  const expanded = { OPENAI_API_KEY: 'a', OPENAI_BASE_URL: 'https://a.example/sk-of-stripe' }
  expect(findEnvFiles([file], expanded, {})).toEqual({ OPENAI_BASE_URL: file })
  writeFileSync(file, 'OPENAI_API_KEY=a\nOPENAI_BASE_URL=https://a.example/v1\n')
  const plain = { OPENAI_API_KEY: 'a', OPENAI_BASE_URL: 'https://a.example/v1' }
  expect(findEnvFiles([join(folder, 'none'), file], plain, {})).toEqual({
    OPENAI_API_KEY: file,
    OPENAI_BASE_URL: file,
  })
  expect(findEnvFiles([file], plain, plain)).toEqual({})
  writeFileSync(file, 'OPENAI_API_KEY=a\n')
  expect(findEnvFiles([file], plain, {}), 'another parser found a URL').toEqual({
    OPENAI_BASE_URL: file,
  })
})

test.each([
  ['is written as it was read', 'LIMN_REMOTE=../store\n', '../store'],
  ['contains a variable', 'LIMN_REMOTE=https://a.example/$NONE\n', 'https://a.example/'],
  ['was found by another parser', 'LIMN_X=1\n', 's3://their-bucket'],
])('knows that a remote store that %s is named by a file', (_, text, LIMN_REMOTE) => {
  const folder = mkdtempSync(join(tmpdir(), 'limn-env-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, '.env')
  writeFileSync(file, text)
  expect(findEnvFiles([file], { LIMN_REMOTE }, {})).toMatchObject({ LIMN_REMOTE: file })
  expect(findEnvFiles([file], { LIMN_REMOTE }, { LIMN_REMOTE })).not.toHaveProperty('LIMN_REMOTE')
})

test.each([
  ['UTF-8 with a byte order mark', Buffer.from('\uFEFFOPENAI_API_KEY=sk-one\r\nLIMN_X=1\r\n')],
  ['UTF-16', Buffer.from('\uFEFFOPENAI_API_KEY=sk-one\r\nLIMN_X=1\r\n', 'utf16le')],
  ['UTF-8', Buffer.from('OPENAI_API_KEY=sk-one\nLIMN_X=1\n')],
])('reads a .env file in %s', (_, bytes) => {
  const folder = mkdtempSync(join(tmpdir(), 'limn-env-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, '.env'), bytes)
  expect(readEnvFile(join(folder, '.env'))).toEqual({
    variables: { OPENAI_API_KEY: 'sk-one', LIMN_X: '1' },
  })
})

test.each([
  ['a link to another folder', (path: string) => symlinkSync('/proc/self/environ', path), /a link/],
  ['a link to itself', (path: string) => symlinkSync(path, path), /a link to itself/],
  [
    'a huge file',
    (path: string) => {
      writeFileSync(path, '')
      truncateSync(path, 2e9)
    },
    /it is too large/,
  ],
])('says why it does not read a .env that is %s', (_, create, problem) => {
  const folder = mkdtempSync(join(tmpdir(), 'limn-env-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  create(join(folder, '.env'))
  expect(readEnvFile(join(folder, '.env'))).toEqual({
    variables: {},
    problem: expect.stringMatching(problem),
  })
})

test('takes who pays at OpenAI only from the process', () => {
  const files = {
    OPENAI_ORG_ID: 'org-repo',
    OPENAI_PROJECT_ID: 'proj-repo',
    OPENAI_CUSTOM_HEADERS: 'Authorization: Bearer repo',
    OPENAI_API_KEY: 'sk-repo',
  }
  expect(joinEnvironments(files, {})).toEqual({ env: { OPENAI_API_KEY: 'sk-repo' } })
  expect(joinEnvironments(files, { OPENAI_ORG_ID: 'org-own' })).toEqual({
    env: { OPENAI_API_KEY: 'sk-repo', OPENAI_ORG_ID: 'org-own' },
  })
})
