import { describe, expect, test } from 'vitest'
import type { ExaminedPixels } from './examined-pixels.ts'
import { perceptualHash } from './perceptual-hash.ts'
import {
  between,
  blob,
  blur,
  type Case,
  colourApart,
  cutOut,
  draw,
  flat,
  gradient,
  grainy,
  over,
  paintOf,
  type Random,
  scene,
  testKinds,
} from './testing.ts'

const unlike = { unlike: ['other'] }

function pair(create: (random: Random, size: number) => [ExaminedPixels, ExaminedPixels]) {
  return (random: Random, size: number): Case => {
    const [picture, other] = create(random, size)
    return { picture, expectations: unlike, others: { other } }
  }
}

function scale(picture: ExaminedPixels, width: number, height: number): ExaminedPixels {
  const paint = paintOf(picture)
  return draw(width, height, (x, y) =>
    paint(
      Math.floor(((x + 0.5) * picture.width) / width),
      Math.floor(((y + 0.5) * picture.height) / height),
    ),
  )
}

/** An icon of two shapes on white. */
function icon(random: Random, size: number): ExaminedPixels {
  const place = (): { x: number; y: number } => ({
    x: between(random, 0.3, 0.7) * size,
    y: between(random, 0.3, 0.7) * size,
  })
  const one = blob(random, place(), between(random, 0.15, 0.3) * size)
  const other = blob(random, place(), between(random, 0.06, 0.14) * size)
  return draw(
    size,
    size,
    over(
      over(flat([255, 255, 255]), one, flat(colourApart(random, [[255, 255, 255]], 60))),
      other,
      flat(colourApart(random, [], 0)),
    ),
  )
}

/** Two scenes that are not the same one. */
function twoScenes(random: Random, size: number): [ExaminedPixels, ExaminedPixels] {
  const one = scene(random, size)
  let other = one
  while (other === one) other = scene(random, size)
  return [draw(size, size, one), draw(size, size, other)]
}

describe('unlike', () => {
  testKinds(true, unlike, {
    'another picture': pair(twoScenes),
    'another icon': pair((random, size) => [icon(random, size), icon(random, size)]),
    'a blank picture': pair((random, size) => [
      draw(size, size, grainy(flat([128, 128, 128]), 3, random)),
      draw(size, size, scene(random, size)),
    ]),
    'a blank picture of another colour': pair((random, size) => {
      const colour = colourApart(random, [], 0)
      const other = colourApart(random, [colour], 60)
      return [draw(size, size, flat(colour)), draw(size, size, flat(other))]
    }),
    'the same shape in another colour': pair((random, size) => {
      const shape = blob(random, { x: size / 2, y: size / 2 }, size / 3)
      const colour = colourApart(random, [], 0)
      const other = colourApart(random, [colour], 80)
      const paint = (value: number[]) => over(flat([255, 255, 255]), shape, flat(value))
      return [draw(size, size, paint(colour)), draw(size, size, paint(other))]
    }),
    'another gradient': pair((random, size) => [
      draw(size, size, gradient([0, 40, 90], [200, 220, 255], size, random() < 0.5)),
      draw(size, size, gradient([200, 220, 255], [0, 40, 90], size, random() < 0.5)),
    ]),
    'a transparent picture': pair((random, size) => [
      draw(size, size, flat([0, 0, 0], 0)),
      draw(size, size, cutOut(blob(random, { x: 40, y: 40 }, 20), flat([0, 0, 0]))),
    ]),
  })
  testKinds(false, unlike, {
    'the same picture': pair((random, size) => {
      const picture = draw(size, size, scene(random, size))
      return [picture, picture]
    }),
    'the same picture with grain': pair((random, size) => {
      const paint = scene(random, size)
      return [
        draw(size, size, paint),
        draw(size, size, grainy(paint, between(random, 2, 12), random)),
      ]
    }),
    'the same picture in another size': pair((random, size) => {
      const picture = draw(size, size, scene(random, size))
      return [picture, scale(picture, Math.round(size * between(random, 0.6, 2)), size)]
    }),
    'the same picture, softer': pair((random, size) => {
      const picture = draw(size, size, scene(random, size))
      return [picture, blur(picture, 1)]
    }),
    'the same picture, a little lighter': pair((random, size) => {
      const paint = scene(random, size)
      const light = between(random, 2, 12)
      return [
        draw(size, size, paint),
        draw(size, size, (x, y) => {
          const [red, green, blue, alpha] = paint(x, y)
          return [red + light, green + light, blue + light, alpha]
        }),
      ]
    }),
    'the same icon': pair((random, size) => {
      const picture = icon(random, size)
      return [
        scale(picture, size * 2, size * 2),
        draw(size, size, grainy(paintOf(picture), 2, random)),
      ]
    }),
    'the same blank picture': pair((random, size) => {
      const paint = flat(colourApart(random, [], 0))
      return [draw(size, size, paint), draw(size, size, grainy(paint, 3, random))]
    }),
  })

  test.each([
    [1, 1],
    [1, 400],
    [3, 2],
    [300, 200],
  ])('hashes a picture of %dx%d px in 95 digits', (width, height) => {
    const hash = perceptualHash(draw(width, height, gradient([0, 0, 0], [255, 255, 255], width)))
    expect(hash).toMatch(/^[\da-f]{95}$/)
  })
})
