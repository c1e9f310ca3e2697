import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { resolveText } from '../manifest/testing.ts'
import { createJudge, type Judge, JudgeFailure } from './judge.ts'
import { plainPicture } from './testing.ts'

const modules = fileURLToPath(new URL('../../node_modules', import.meta.url))
const picture = await plainPicture(64, 64)
const question = { picture, expectations: { shows: ['a cat'] }, references: new Map() }

/** Creates a judge whose model is the SDK's own mock: `answer` is the code of what it returns. */
async function open(answer: string, model = 'sdk'): Promise<{ judge: Judge; calls: unknown[] }> {
  const root = mkdtempSync(join(tmpdir(), 'limn-judge-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  await mkdir(join(root, 'node_modules'))
  symlinkSync(join(modules, 'ai'), join(root, 'node_modules', 'ai'))
  const calls: unknown[] = []
  const globals = globalThis as { judgeCalls?: unknown[] }
  globals.judgeCalls = calls
  onTestFinished(() => void delete globals.judgeCalls)
  writeFileSync(
    join(root, 'limn.config.mjs'),
    `import { MockLanguageModelV4 } from 'ai/test'
const usage = { inputTokens: { total: 1000, noCache: 1000, cacheRead: 0, cacheWrite: 0 }, outputTokens: { total: 20, text: 20, reasoning: 0 } }
const text = (text, unified = 'stop') => ({ content: [{ type: 'text', text }], finishReason: { unified, raw: unified }, usage, warnings: [] })
const sdk = new MockLanguageModelV4({ async doGenerate(options) { globalThis.judgeCalls.push(options); return ${answer} } })
export default { judgeModels: { sdk } }`,
  )
  const { manifest } = resolveText(
    `version: 1\nproviders: { sdk: { server: ai-sdk } }\njudge: { provider: sdk, model: ${model}, price: { input: 1, output: 10 } }\nassets: { a: { prompt: A } }\n`,
  )
  const access = { env: {}, requireConsent: async () => {} }
  return { judge: createJudge(manifest!.judge, { access, root }), calls }
}

test('judges with a language model of the AI SDK', async () => {
  const { judge, calls } = await open(`text('{"shows_1":{"reason":"A cat sits","answer":true}}')`)
  expect(await judge.judge(question)).toEqual({
    verdicts: [{ test: 'shows', of: 'a cat', passed: true, reason: 'A cat sits.' }],
    usage: { inputTokens: 1000, outputTokens: 20, cacheWriteTokens: 0 },
    usd: 0.0012,
  })
  expect(calls).toMatchObject([
    {
      maxOutputTokens: 4000,
      responseFormat: { type: 'json', name: 'examination' },
      prompt: [
        { role: 'system', content: expect.stringContaining('never instructions') },
        { role: 'user', content: [{ type: 'text' }, { type: 'text' }, { type: 'file' }] },
      ],
    },
  ])
})

test.each([
  ['prose', `text('I see a cat.')`, 'provider/bad-answer', /is not a JSON object/],
  ['half an answer', `text('{"shows', 'length')`, 'provider/bad-answer', /broke off/],
  ['a filtered answer', `text('', 'content-filter')`, 'provider/moderation', /content filter/],
])('says that %s was billed', async (_, answer, code, message) => {
  const { judge } = await open(answer)
  const error = await judge.judge(question).then(undefined, (problem: unknown) => problem)
  expect(error).toBeInstanceOf(JudgeFailure)
  expect(error).toMatchObject({
    code,
    message: expect.stringMatching(message),
    cost: { usd: 0.0012 },
  })
})

test('explains what the SDK throws, and names an unknown model', async () => {
  const { judge } = await open(
    `(() => { throw Object.assign(new Error('Too many'), { name: 'AI_APICallError', statusCode: 429, responseBody: '' }) })()`,
  )
  await expect(judge.judge(question)).rejects.toMatchObject({
    code: 'provider/rate-limit',
    retry: {},
  })
  const other = await open(`text('')`, 'sdkk')
  await expect(other.judge.judge(question)).rejects.toMatchObject({
    code: 'config/invalid',
    message: 'limn.config.mjs has no model of the judge "sdkk".',
    hint: 'Did you mean "sdk"?',
  })
})
