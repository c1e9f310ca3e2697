import { describe, expect, it } from 'vitest'
import type { SheetReason } from '../../protocol.ts'
import { en } from './en.ts'
import { localFailure, localMistake } from './local-failure.ts'
import { zh } from './zh.ts'

const explained = (reasons: SheetReason[], failure: { code: string; message: string } | null) => ({
  why: 'as the server says it',
  reasons,
  failure,
})

describe('why an asset is not up to date', () => {
  it.each([
    [[{ code: 'request-changed', values: ['prompt', 'quality'] }], '提示词、质量已改变'],
    [
      [{ code: 'request-changed', values: ['prompt', 'a', 'b', 'c'] }],
      '提示词、a、b 等 4 项已改变',
    ],
    [
      [
        { code: 'renamed', values: ['hero'] },
        { code: 'outputs-missing', values: ['3'] },
      ],
      '原名 hero，这台电脑缺少 3 个文件',
    ],
    [[{ code: 'in-batch', values: ['2026-11-30T09:12:44.000Z'] }], '自 2026-11-30 09:12 UTC 起'],
  ] satisfies [SheetReason[], string][])('is in Chinese: %j', (reasons, text) => {
    expect(zh.why(explained(reasons, null))).toBe(text)
    expect(en.why(explained(reasons, null))).toBe('as the server says it')
  })

  it.each([
    [{ code: 'provider/moderation', message: 'Refused.' }, '内容审核拒绝了请求。'],
    [{ code: 'of/a-later-version', message: 'It broke.' }, 'It broke.'],
    [{ code: '', message: 'It broke.' }, 'It broke.'],
    [{ code: 'constructor', message: 'It broke.' }, 'It broke.'],
  ])('names the failure %j', (failure, text) => {
    expect(zh.why(explained([{ code: 'new', values: [] }], failure))).toBe(text)
  })

  it.each(['of-a-later-version', 'constructor', ''])(
    'is as the server says it for the unknown reason "%s"',
    (code) => {
      const reasons = [
        { code: 'forced', values: [] },
        { code, values: [] },
      ]
      expect(zh.why(explained(reasons, null))).toBe('as the server says it')
    },
  )
})

describe('failures and mistakes', () => {
  it('are in Chinese, followed by what the server says', () => {
    const failure = { code: 'store/busy', message: 'Process 7 is writing.', hint: 'Wait.' }
    expect(localFailure(zh, failure)).toEqual({
      message: '另一个 Limn 进程正在运行。',
      hint: 'Process 7 is writing. Wait.',
    })
    expect(localFailure(en, failure)).toEqual({ message: failure.message, hint: failure.hint })
    const mistake = { code: 'manifest/unknown-key', text: 'images.yaml:3:5 "promt" is no key.' }
    expect(localMistake(zh, mistake)).toBe('未知的键。 images.yaml:3:5 "promt" is no key.')
    expect(localMistake(en, mistake)).toBe(mistake.text)
  })

  it.each(['', 'of/a-later-version', 'toString', '__proto__'])(
    'stay as they are with the code "%s"',
    (code) => {
      const failure = { code, message: 'No.', hint: '' }
      expect(localFailure(zh, failure)).toEqual({ message: 'No.', hint: '' })
      expect(localMistake(zh, { code, text: 'No.' })).toBe('No.')
    },
  )
})

describe('a refusal', () => {
  const money = (usd: number | null): string => `$${usd}`
  it.each([
    ['unknown-price', '价格未知'],
    ['host', '只剩 $0.5 可用'],
    ['run', 'budget.run（$0.5）'],
    ['month', 'budget.month 只剩 $0.5'],
  ] as const)('names the limit %s', (kind, part) => {
    const refusal = { kind, usd: 1, limit: 0.5, text: 'Too much.' }
    expect(zh.refusal(refusal, money)).toContain(part)
    expect(en.refusal(refusal, money)).toBe('Too much.')
  })
})

it('names what a request waits for', () => {
  expect(zh.whyInRun({ why: 'It waits.', code: 'images' })).toBe('等待每分钟图片数的限制。')
  expect(zh.whyInRun({ why: 'Too many.', code: 'provider/rate-limit' })).toBe('请求过于频繁。')
  expect(zh.whyInRun({ why: 'Odd.', code: 'odd' })).toBe('Odd.')
})
