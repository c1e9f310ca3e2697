import { describe, expect, test } from 'vitest'
import { findModel, LOCAL_MODEL, modelById } from './models.ts'
import {
  chooseSize,
  coverScale,
  formatSize,
  keptArea,
  parseSize,
  type Size,
  sizeRuleOf,
  unknownModelSizes,
  whyIllegalSize,
} from './size.ts'

const anySize = findModel('gpt-image-2.5-flare')!.sizes
const three = findModel('gpt-image-1.5')!.sizes

test.each([
  ['1080x1080', '1088x1088'],
  ['1080x1920', '1088x1920'],
  ['1200x630', '1200x640'],
  ['1200x675', '1200x688'],
  ['1200x627', '1200x640'],
  ['1536x1024', '1536x1024'],
  ['3840x2160', '3840x2160'],
  ['2880x2880', '2880x2880'],
])('covers %s with %s, the smallest legal size', (need, chosen) => {
  expect(formatSize(chooseSize(parseSize(need)!, anySize))).toBe(chosen)
})

test.each([
  '16x16',
  '64x64',
  '512x512',
  '800x600',
  '128x512',
  '728x90',
  '320x50',
  '1x16384',
  '16384x1',
])('grows %s to a legal size of at least 655,360 px', (text) => {
  const chosen = chooseSize(parseSize(text)!, anySize)
  expect(whyIllegalSize(chosen, anySize)).toBeUndefined()
  expect(chosen.width * chosen.height).toBeGreaterThanOrEqual(655_360)
})

test('grows a small square to the smallest square', () => {
  expect(chooseSize({ width: 512, height: 512 }, anySize)).toEqual({ width: 816, height: 816 })
})

test('chooses the largest size of about the same shape where no legal size covers', () => {
  for (const need of [
    { width: 8000, height: 4000 },
    { width: 16_384, height: 16_384 },
    { width: 3000, height: 3000 },
  ]) {
    const chosen = chooseSize(need, anySize)
    expect(whyIllegalSize(chosen, anySize)).toBeUndefined()
    expect(coverScale(need, chosen)).toBeGreaterThan(1)
    expect(keptArea(chosen, need)).toBeGreaterThan(0.95)
  }
})

test.each([
  ['1080x1080', '1536x1024', 'covers, though another shape'],
  ['1000x1000', '1024x1024', 'covers'],
  ['1080x1920', '1024x1536', 'needs the least scaling up'],
  ['1200x630', '1536x1024', 'covers'],
  ['600x900', '1024x1024', 'is the smallest that covers'],
])('chooses for %s, of three fixed sizes, %s, which %s', (need, chosen) => {
  const size = chooseSize(parseSize(need)!, three)
  if (need === '1080x1080') {
    expect(['1536x1024', '1024x1536', '1024x1024']).toContain(formatSize(size))
  } else expect(formatSize(size)).toBe(chosen)
})

describe.each([...modelById.keys()])('%s', (id) => {
  const rule = findModel(id)!.sizes
  test('gets only legal sizes', () => {
    for (const width of [1, 17, 300, 816, 1080, 1200, 1537, 1920, 3840, 5000]) {
      for (const height of [1, 16, 255, 630, 1024, 1080, 1920, 2161, 4000]) {
        const chosen = chooseSize({ width, height }, rule)
        expect(
          whyIllegalSize(chosen, rule),
          `${width}x${height} → ${formatSize(chosen)}`,
        ).toBeUndefined()
      }
    }
  })
})

test('chooses exactly the needed size for the local model', () => {
  expect(chooseSize({ width: 1200, height: 627 }, findModel(LOCAL_MODEL)!.sizes)).toEqual({
    width: 1200,
    height: 627,
  })
})

test.each<[Size, string | undefined]>([
  [{ width: 1024, height: 1024 }, undefined],
  [{ width: 1000, height: 1000 }, 'requires both edges to be multiples of 16'],
  [{ width: 3856, height: 2160 }, 'supports at most 3840 px per edge'],
  [{ width: 3200, height: 1024 }, 'supports aspect ratios of at most 3:1'],
  [{ width: 800, height: 800 }, 'requires at least 655,360 px in total, not 640,000'],
  [{ width: 3840, height: 3840 }, 'supports at most 8,294,400 px in total, not 14,745,600'],
])('explains why %o is illegal: %s', (size, why) => {
  expect(whyIllegalSize(size, anySize)).toBe(why)
})

test('lists the legal sizes of a fixed list', () => {
  expect(whyIllegalSize({ width: 1088, height: 1088 }, findModel('gpt-image-1')!.sizes)).toBe(
    'supports only 1024x1024, 1024x1536, 1536x1024',
  )
})

test.each([
  '',
  'auto',
  '1024',
  '1024x',
  'x1024',
  '0x16',
  '16x0',
  '-1x5',
  '1e3x10',
  '123456x1',
  '10x10x10',
  ' 10x10',
])('parses no size from %j', (text) => {
  expect(parseSize(text)).toBeUndefined()
})

test('computes the area that a crop keeps', () => {
  expect(keptArea({ width: 200, height: 100 }, { width: 100, height: 100 })).toBe(0.5)
  expect(keptArea({ width: 100, height: 100 }, { width: 50, height: 50 })).toBe(1)
})

test.each([
  ['4096x1024', '3840x1280'],
  ['1024x4096', '1280x3840'],
  ['8000x100', '3840x1280'],
])('chooses the most extreme legal shape where %s is wider or taller', (need, chosen) => {
  expect(formatSize(chooseSize(parseSize(need)!, anySize))).toBe(chosen)
})

test.each([
  [
    2,
    ['960x960', '384x384', '1280x720', '512x288'],
    ['976x976', '1024x1024', '256x256', '1296x480'],
  ],
  [9, ['960x960', '720x1280'], ['976x976']],
  [10, ['816x816'], ['832x832', '976x640']],
  [12, ['816x816'], ['832x832']],
  [13, ['720x720'], ['736x736']],
  [16, ['720x720', '960x528'], ['736x736', '1280x720']],
])('allows sizes of %i frames that fit on one sheet', (frames, legal, illegal) => {
  const rule = sizeRuleOf(findModel('gpt-image-2.6-flare'), 'gif', frames)
  for (const size of legal) expect(whyIllegalSize(parseSize(size)!, rule), size).toBeUndefined()
  for (const size of illegal) expect(whyIllegalSize(parseSize(size)!, rule), size).toBeDefined()
  expect(whyIllegalSize(chooseSize({ width: 1200, height: 630 }, rule), rule)).toBeUndefined()
})

test('applies the usual rule to other formats and to unknown models', () => {
  expect(sizeRuleOf(findModel('gpt-image-2.6-flare'), 'svg')).toEqual(anySize)
  expect(sizeRuleOf(undefined, 'gif')).toEqual(unknownModelSizes)
})
