import { describe, expect, test } from 'vitest'
import type { SheetOutput } from '../../protocol.ts'
import { groupByPreset, placesOf } from './contexts.ts'

const shape = (preset: string, width: number, height: number) => ({ preset, width, height })

describe('placesOf', () => {
  test.each([
    ['instagram_post', 1080, 1080, ['feed-post instagram']],
    ['instagram_portrait', 1080, 1350, ['feed-post instagram']],
    ['instagram_story', 1080, 1920, ['story instagram']],
    ['instagram_reel_cover', 1080, 1920, ['story instagram']],
    ['og', 1200, 630, ['link-card x', 'link-card facebook', 'link-card linkedin']],
    ['og_square', 600, 600, ['link-card x', 'link-card facebook', 'link-card linkedin']],
    ['x_card', 1200, 628, ['link-card x']],
    ['twitter_header', 1500, 500, ['banner x']],
    ['favicon', 48, 48, ['browser-tab web']],
    ['apple_touch_icon', 180, 180, ['home-screen ios']],
    ['pwa_maskable', 512, 512, ['home-screen android']],
    ['product_square', 2000, 2000, ['product-card null']],
    ['card', 800, 600, ['product-card null']],
    ['douyin_cover', 1080, 1920, ['story douyin']],
  ])('knows the place of %s', (preset, width, height, expected) => {
    const places = placesOf(shape(preset, width, height))
    expect(places.map(({ context, platform }) => `${context} ${platform}`)).toEqual(expected)
  })

  test.each([
    ['teaser', 1600, 900, 'article'],
    ['tall', 900, 1600, 'story'],
    ['strip', 1500, 300, 'banner'],
    ['tile', 800, 800, 'product-card'],
    ['tiny', 32, 32, 'browser-tab'],
    ['cardinal', 1600, 900, 'article'],
  ])('places a preset of the user by its shape: %s', (preset, width, height, expected) => {
    expect(placesOf(shape(preset, width, height))[0]?.context).toBe(expected)
  })
})

test('groupByPreset takes the widest file that is derived and shown by browsers', () => {
  const file = (preset: string, width: number, format: string, bytes: number | null) =>
    ({ file: `${preset}-${width}.${format}`, preset, width, format, bytes }) as SheetOutput
  const groups = groupByPreset([
    file('card', 400, 'avif', 1),
    file('card', 800, 'avif', 1),
    file('card', 800, 'webp', 1),
    file('favicon', 48, 'ico', 1),
    file('favicon', 48, 'png', 1),
    file('hero', 1920, 'avif', null),
    file('hero', 640, 'avif', 1),
  ])
  expect(groups.map(({ best }) => best.file)).toEqual([
    'card-800.webp',
    'favicon-48.png',
    'hero-640.avif',
  ])
  expect(groups[0]?.files).toHaveLength(3)
})
