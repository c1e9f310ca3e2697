import { expect, test } from 'vitest'
import { mayBeBilled } from '../provider.ts'
import { explainEmptyAnswer } from './explain-empty-answer.ts'

const context = {
  model: 'art',
  apiKey: 'sk-live-0123456789',
  keyName: 'ART_API_KEY',
  endpoint: 'generations',
  hasPictures: false,
  isBegun: false,
} as const

test.each<[server: string, answer: unknown, code: string, message: RegExp]>([
  [
    'a relay',
    { code: 500, msg: 'insufficient funds on this token', data: null },
    'provider/quota',
    /no balance: insufficient funds/,
  ],
  [
    'a relay in Chinese',
    { code: -1, msg: '账户余额不足，请充值', data: [] },
    'provider/quota',
    /账户余额不足，请充值/,
  ],
  [
    'an envelope',
    { success: false, message: 'No access to art', data: [] },
    'provider/refused',
    /refused the request: No access to art\./,
  ],
  [
    'MiniMax',
    { data: {}, base_resp: { status_code: 1026, status_msg: '图片描述涉及敏感内容' } },
    'provider/refused',
    /图片描述涉及敏感内容/,
  ],
  [
    'Tencent',
    { Response: { Error: { Code: 'RequestLimitExceeded', Message: 'Too many jobs' } } },
    'provider/refused',
    /Too many jobs/,
  ],
  [
    'Volcengine',
    { ResponseMetadata: { Error: { Code: 'X', Message: 'Service not opened' } } },
    'provider/refused',
    /Service not opened/,
  ],
  [
    'DashScope',
    { code: 'InvalidParameter', message: 'size must be 1024*1024' },
    'provider/refused',
    /\(InvalidParameter\): size must be/,
  ],
  [
    'a text as error',
    { error: 'The model is loading', data: [] },
    'provider/refused',
    /is loading/,
  ],
  [
    'an error in data',
    { data: { error: { message: 'GPU lost' } } },
    'provider/refused',
    /GPU lost/,
  ],
  [
    'an error that is text',
    'upstream connect error',
    'provider/bad-answer',
    /upstream connect error\./,
  ],
  [
    'a refusal in the place of the prompt',
    { created: 1, data: [{ revised_prompt: 'I can not draw that: it was judged unsafe.' }] },
    'provider/bad-answer',
    /without a picture: I can not draw that: it was judged unsafe\. The request may/,
  ],
  [
    'a refusal of a chat',
    { choices: [{ message: { content: 'I will not draw a brand.' }, finish_reason: 'stop' }] },
    'provider/bad-answer',
    /I will not draw a brand\./,
  ],
  [
    'a refusal of the Responses API',
    { output: [{ content: [{ type: 'output_text', text: 'Which hill?' }] }] },
    'provider/bad-answer',
    /Which hill\? The request may/,
  ],
  [
    'a reason to stop',
    { candidates: [{ finish_reason: 'IMAGE_SAFETY' }] },
    'provider/bad-answer',
    /IMAGE_SAFETY/,
  ],
])('shows the words of %s', (_, answer, code, message) => {
  const error = explainEmptyAnswer(answer, context)
  expect(error.code).toBe(code)
  expect(error.message).toMatch(message)
  expect(error.message).not.toMatch(/moderation/i)
})

test.each([
  { created: 1, data: [] },
  { message: 'success', data: [] },
  { code: 0, msg: 'ok', data: null },
  { code: 200, message: '操作成功', data: [{}] },
  { status: 'completed', data: [{ finish_reason: 'stop' }] },
])('says that no picture came if %o says nothing', (answer) => {
  const error = explainEmptyAnswer(answer, context)
  expect(error.message).toBe('The server answered without a picture.')
  expect(mayBeBilled(error)).toBe(true)
})

test('shows neither keys, nor control characters, nor more than a line', () => {
  const nasty = `Bad key sk-live-0123456789 \u001b[31m${'x'.repeat(5000)}\nsecond`
  for (const answer of [
    { success: false, msg: nasty },
    { data: [{ revised_prompt: nasty }] },
    { base_resp: { status_code: 7, status_msg: nasty } },
    nasty,
  ]) {
    const { message } = explainEmptyAnswer(answer, context)
    // oxlint-disable-next-line no-control-regex -- control characters are what must not be there
    expect(message).not.toMatch(/sk-live|[\u0000-\u001f]/)
    expect(message.length).toBeLessThan(450)
  }
})
