import { expect, test } from 'vitest'
import { resolveText } from './testing.ts'

const told = (asset: string): string[] => {
  const { diagnostics } = resolveText(
    `version: 1\nprovider: openai\nassets:\n  hero: { prompt: A fox, alt: x, model: gpt-image-2.6-flare, outputs: [{ width: 64, formats: [gif] }], ${asset} }\n`,
  )
  return diagnostics.map(
    ({ severity, code, message }) => `${severity} ${code.replace('manifest/', '')}: ${message}`,
  )
}

test.each([
  [
    'format: gif, size: 1024x1024, frames: { count: 6 }',
    'warning size: gpt-image-2.6-flare may refuse frames of 1024x1024: others found that with so many it supports at most 921,600 px in total, not 1,048,576.',
  ],
  [
    'format: gif, size: 128x128',
    'warning size: gpt-image-2.6-flare may refuse frames of 128x128: others found that with so many it requires at least 72,818 px in total, not 16,384.',
  ],
])('warns of frames that only others found to be too large or too small: %s', (asset, expected) => {
  expect(told(asset)).toEqual([expected])
})

test.each([
  ['format: gif, size: 1000x1000', "error size: gpt-image-2.6-flare can't draw 1000x1000"],
  ['format: gif, size: 1600x400', "error size: gpt-image-2.6-flare can't draw 1600x400"],
  ['format: png, size: 128x128', "error size: gpt-image-2.6-flare can't draw 128x128"],
])('refuses what no picture of the model can be: %s', (asset, expected) => {
  expect(told(asset).join('\n')).toContain(expected)
})

test('takes frames that fit on the sheet', () => {
  expect(told('format: gif, size: 960x960')).toEqual([])
})
