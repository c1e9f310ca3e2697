import { expect, test } from 'vitest'
import type { JudgeSettings } from '../manifest.ts'
import { resolveText } from '../testing.ts'

function judgeOf(head: string): JudgeSettings {
  return resolveText(`version: 1\n${head}assets: { a: { prompt: A } }\n`).manifest!.judge
}

test.each([
  ['', { provider: 'openai', model: 'gpt-6-luna', price: { input: 0.1, output: 0.5 } }],
  [
    'judge: { model: gpt-6-sol }\n',
    { provider: 'openai', model: 'gpt-6-sol', price: { input: 2, output: 10 } },
  ],
  ['judge: { model: gpt-9 }\n', { provider: 'openai', model: 'gpt-9', price: null }],
  [
    'judge: { model: gpt-6-sol, price: { input: 1, output: 2 } }\n',
    { provider: 'openai', model: 'gpt-6-sol', price: { input: 1, output: 2 } },
  ],
  [
    'providers: { own: { server: localai, baseURL: http://127.0.0.1:1/v1 } }\njudge: { provider: own, model: llava }\n',
    { provider: 'own', model: 'llava', price: null },
  ],
  [
    'providers: { sdk: { server: ai-sdk } }\njudge: { provider: sdk }\n',
    { provider: 'sdk', model: 'sdk', price: null },
  ],
])('resolves %j', (head, expected) => {
  expect(judgeOf(head)).toMatchObject(expected)
})

test.each([
  ['server: localai', 'chat'],
  ['server: openai', 'responses'],
  ['baseURL: https://relay.example.com/v1, quirks: { judgeApi: chat }', 'chat'],
])('asks a provider with %s through %s', (entry, judgeApi) => {
  const head = `providers: { own: { ${entry} } }\njudge: { provider: own, model: m }\n`
  expect(judgeOf(head).server.quirks.judgeApi).toBe(judgeApi)
})
