import { expect, test } from 'vitest'
import type { Output } from '../../manifest/manifest.ts'
import { resolveAssetText } from '../../manifest/testing.ts'
import { safeAreaOf } from './safe-area.ts'

test.each([
  ['instagram_story', 0, 250 / 1920],
  ['youtube_banner', (1 - 1546 / 2560) / 2, (1 - 423 / 1440) / 2],
  ['instagram_reel_cover', 0, (1 - 1080 / 1920) / 2],
  ['{ preset: instagram_story, width: 540 }', 0, 250 / 1920],
  ['pwa_maskable', 0.1, 0.1],
])('knows what every client shows of %s', (preset, aside, above) => {
  const area = safeAreaOf(outputOf(preset))!
  expect(area.left).toBeCloseTo(aside)
  expect(area.right).toBeCloseTo(aside)
  expect(area.top).toBeCloseTo(above)
  expect(area.bottom).toBeCloseTo(above)
})

test.each([
  'og',
  'card',
  '{ preset: instagram_story, width: 1080, height: 1080 }',
  '{ name: stage, width: 10, height: 10 }',
])('knows no safe area of %s', (preset) => {
  expect(safeAreaOf(outputOf(preset))).toBeNull()
})

function outputOf(preset: string): Output {
  return resolveAssetText(`outputs: [${preset}]`).outputs[0]!
}
