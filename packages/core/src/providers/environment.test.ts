import { expect, test } from 'vitest'
import { joinEnvironments } from './environment.ts'

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
