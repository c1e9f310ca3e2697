import { expect, test } from 'vitest'
import { resolveText } from './testing.ts'

const diagnosticsOf = (asset: string): string[] => {
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
    'warning size: gpt-image-2.6-flare may reject frames of 1024x1024: reports indicate that with this many frames it supports at most 921,600 px in total, not 1,048,576.',
  ],
  [
    'format: gif, size: 128x128',
    'warning size: gpt-image-2.6-flare may reject frames of 128x128: reports indicate that with this many frames it requires at least 72,818 px in total, not 16,384.',
  ],
])(
  'warns about frames that are too large or too small according to reports: %s',
  (asset, expected) => {
    expect(diagnosticsOf(asset)).toEqual([expected])
  },
)

test.each([
  ['format: gif, size: 1000x1000', "error size: gpt-image-2.6-flare can't generate 1000x1000"],
  ['format: gif, size: 1600x400', "error size: gpt-image-2.6-flare can't generate 1600x400"],
  ['format: png, size: 128x128', "error size: gpt-image-2.6-flare can't generate 128x128"],
])('rejects sizes that the model never generates: %s', (asset, expected) => {
  expect(diagnosticsOf(asset).join('\n')).toContain(expected)
})

test('accepts frames that fit on the sheet', () => {
  expect(diagnosticsOf('format: gif, size: 960x960')).toEqual([])
})
