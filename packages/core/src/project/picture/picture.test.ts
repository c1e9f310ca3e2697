import { describe, expect, test } from 'vitest'
import { hashRecipe } from '../../identity/recipe.ts'
import type { LockEntry } from '../../lock/lock.ts'
import type { Asset, Output } from '../../manifest/manifest.ts'
import { outputOf } from '../../manifest/testing.ts'
import { mainOutputs } from './main-outputs.ts'
import {
  animatedOutputs,
  createPicture,
  mainOutput,
  type Picture,
  withActualSizes,
} from './picture.ts'

type Master = LockEntry['master']

const output = (rest: Partial<Output>): Output =>
  outputOf({
    file: `w-${rest.width}.${rest.format}`,
    preset: 'w',
    width: 320,
    height: 16_384,
    format: 'webp',
    quality: 80,
    fit: 'inside',
    position: 'attention',
    ...rest,
  })

const widths = (formats: readonly Output['format'][]): Output[] =>
  formats.flatMap((format) => [320, 640, 1280].map((width) => output({ width, format })))

function pictureOf(
  outputs: Output[],
  master: Partial<Master>,
  locked: LockEntry['outputs'] = {},
): Picture {
  const entry = {
    master: { path: 'images/a.png', sha256: 'a'.repeat(64), width: 500, height: 250, ...master },
    outputs: locked,
  } as LockEntry
  const asset = withActualSizes({ name: 'a', alt: '', outputs } as Asset, entry)
  return createPicture(asset, {
    outputs: mainOutputs(asset.outputs),
    urlOf: ({ file }) => file,
    placeholder: '',
  })
}

describe('srcset', () => {
  test('has each width of a small master once', () => {
    expect(pictureOf(widths(['webp', 'jpeg']), {})).toMatchObject({
      sources: { webp: 'w-320.webp 320w, w-640.webp 500w' },
      srcset: 'w-320.jpeg 320w, w-640.jpeg 500w',
      src: 'w-640.jpeg',
      width: 500,
      height: 250,
    })
  })

  test('has the full widths of an SVG, which is sharp at every size', () => {
    const master = { path: 'brand/logo.svg', width: 24, height: 16 }
    expect(pictureOf(widths(['png']), master)).toMatchObject({
      srcset: 'w-320.png 320w, w-640.png 640w, w-1280.png 1280w',
      width: 1280,
      height: 853,
    })
  })

  test('has the size of the file of an SVG output', () => {
    const master = { path: 'brand/logo.svg', width: 24, height: 16 }
    expect(pictureOf([output({ width: 800, format: 'svg' })], master)).toMatchObject({
      width: 24,
      height: 16,
    })
  })

  test('has the sizes in the lockfile, unless they are those of another master', () => {
    const outputs = [output({ width: 640, format: 'webp' })]
    const master = { path: 'images/a.png', sha256: 'a'.repeat(64) }
    const file = { sha256: 'b'.repeat(64), bytes: 1, width: 499, height: 249 }
    const locked = (recipe: string | null): LockEntry['outputs'] => ({
      'w-640.webp': { ...file, recipe },
    })
    expect(pictureOf(outputs, {}, locked(hashRecipe(master, outputs[0]!))).width).toBe(499)
    expect(pictureOf(outputs, {}, locked('c'.repeat(64))).width).toBe(500)
    expect(pictureOf(outputs, {}, locked(null)).width).toBe(500)
  })
})

describe('an animated image', () => {
  const all = widths(['avif', 'webp', 'jpeg'])
  const moving = (master: Partial<Master>, outputs: Output[] = all): string[] => [
    ...new Set(
      animatedOutputs(outputs, { master: { path: 'a.png', ...master } } as LockEntry).map(
        ({ format }) => format,
      ),
    ),
  ]

  test.each([
    ['a GIF', { path: 'a.gif', frames: 3 }],
    ['a GIF that an earlier version recorded', { path: 'a.gif' }],
    ['a WebP', { path: 'a.webp', frames: 3 }],
    ['a PNG', { path: 'a.png', frames: 3 }],
  ])('is shown in a format that is animated: %s', (_, master) => {
    expect(moving(master)).toEqual(['webp'])
    expect(moving(master, widths(['avif', 'gif', 'webp', 'png']))).toEqual(['gif', 'webp'])
    const outputs = animatedOutputs(widths(['avif', 'gif', 'webp']), { master } as LockEntry)
    expect(mainOutput(outputs).format).toBe('gif')
  })

  test('is shown in the formats that it has if none is animated', () => {
    expect(moving({ path: 'a.gif', frames: 3 }, widths(['avif', 'jpeg']))).toEqual(['avif', 'jpeg'])
  })

  test.each([{ path: 'a.gif', frames: 1 }, { path: 'a.webp' }, { path: 'a.png' }])(
    'leaves the formats of a still image: %j',
    (master) => expect(moving(master)).toEqual(['avif', 'webp', 'jpeg']),
  )
})
