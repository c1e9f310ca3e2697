import { expect, test } from 'vitest'
import type { Verdict } from '../lock/verdict.ts'
import type { Expectations } from '../manifest/expectations.ts'
import { promptForAttempt } from './prompt-for-attempt.ts'

const failed = (name: Verdict['test'], of?: string): Verdict => ({
  test: name,
  passed: false,
  reason: '',
  ...(of === undefined ? {} : { of }),
})
const expected: Expectations = { quiet: 'top-left', text: ['SALE'], unlike: ['other'] }
const options = { asset: { expect: expected }, limit: 500 }

test('adds each expectation that was not met once, in the language of the prompt', () => {
  const verdicts = [failed('quiet'), failed('text', 'SALE'), failed('quiet')]
  expect(promptForAttempt('A shop', verdicts, options)).toBe(
    'A shop. The top left corner of the picture is calm and nearly empty, with room for text. The picture shows this text, spelled exactly so: "SALE".',
  )
  expect(promptForAttempt('一家商店', [failed('text', '特价')], options)).toBe(
    '一家商店。画面中有这段文字，一字不差：“特价”。',
  )
})

test('leaves out what the model could not act on, and what exceeds its limit', () => {
  expect(
    promptForAttempt('A shop!', [failed('unlike', 'other'), failed('not-blank')], options),
  ).toBe('A shop!')
  expect(promptForAttempt('A shop!', [failed('sharp')], { ...options, limit: 20 })).toBe('A shop!')
})
