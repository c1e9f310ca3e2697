import sharp from 'sharp'
import { expect, test } from 'vitest'
import { decode, type Pixels } from './decode.ts'
import { drawDifference, isTransparent, measureDifference } from './difference.ts'

type Options = {
  width?: number
  height?: number
  colour?: string
  square?: string
  quality?: number
}

/** Draws a picture with a square over its left half. */
async function draw({
  width = 200,
  height = 100,
  colour = '#3366cc',
  square = colour,
  quality,
}: Options): Promise<Pixels> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect x="50%" width="50%" height="100%" fill="${colour}"/><rect width="50%" height="100%" fill="${square}"/></svg>`
  const picture = sharp(Buffer.from(svg))
  return decode(
    await (quality === undefined ? picture.png() : picture.jpeg({ quality })).toBuffer(),
  )
}

test.each<[string, Options, Options, number]>([
  ['nothing', {}, {}, 0],
  ['half of the picture', {}, { square: '#cc3366' }, 0.5],
  ['all of it', {}, { colour: '#000000' }, 1],
  ['a little noise', {}, { colour: '#3467cb' }, 0],
  ['only its encoding', { quality: 95 }, { quality: 40 }, 0],
  ['only its size', { width: 2000, height: 1000 }, {}, 0],
  ['its transparency', {}, { square: '#3366cc00' }, 0.5],
  ['black that becomes transparent', { square: '#000' }, { square: '#0000' }, 0.5],
  ['the colour of what is transparent', { square: '#f000' }, { square: '#0f00' }, 0],
])('measures a difference of %s', async (_, before, after, share) => {
  const difference = await measureDifference(await draw(before), await draw(after))
  expect(difference!.share).toBeCloseTo(share, 1)
})

test.each<[Options, boolean]>([
  [{ width: 200, height: 200 }, false],
  [{ width: 100, height: 200 }, false],
  [{ width: 201, height: 100 }, true],
  [{ width: 1, height: 1 }, false],
])('compares pictures of 200x100 and %j only if they have the same shape', async (size, isSame) => {
  const difference = await measureDifference(await draw({}), await draw(size))
  expect(difference !== undefined).toBe(isSame)
})

test('draws what differs in magenta', async () => {
  const after = await draw({ square: '#cc3366' })
  const difference = await measureDifference(await draw({}), after)
  const { data, info } = await sharp(await drawDifference(after, difference!))
    .raw()
    .toBuffer({ resolveWithObject: true })
  const at = (x: number): number[] =>
    [...data.subarray((50 * info.width + x) * info.channels)].slice(0, 3)
  const [red, green] = at(40)
  expect(red! - green!).toBeGreaterThan(80)
  const [r, g, b] = at(160)
  expect(Math.max(r!, g!, b!) - Math.min(r!, g!, b!)).toBeLessThan(12)
})

test.each([
  ['#3366cc', false],
  ['#3366ccfe', true],
  ['#3366cc00', true],
])('finds whether %s is transparent: %s', async (square, expected) => {
  expect(await isTransparent(await draw({ square }))).toBe(expected)
})
