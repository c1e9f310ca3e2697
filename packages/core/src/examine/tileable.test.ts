import { describe } from 'vitest'
import type { ExaminedPixels } from './examined-pixels.ts'
import {
  between,
  clouds,
  colourApart,
  coverage,
  draw,
  flat,
  gradient,
  grainy,
  mix,
  type Paint,
  type Random,
  scene,
  type Shape,
  testKinds,
} from './testing.ts'

/** A cloudy texture of two colours that repeats after `period` px. */
function texture(random: Random, period: number, lengths?: readonly number[]): Paint {
  const one = colourApart(random, [], 0)
  const other = colourApart(random, [one], 120)
  const cloud = clouds(random, period, lengths)
  return (x, y) => {
    const share = cloud(x, y) / 255
    return mix([one[0]!, one[1]!, one[2]!, 255], [other[0]!, other[1]!, other[2]!, 255], share)
  }
}

/** A texture that does not continue: its seam is at least 40 of 255 high. */
function cutTexture(random: Random, size: number): Paint {
  for (;;) {
    const paint = texture(random, size * 1.37)
    let [across, down] = [0, 0]
    for (let at = 0; at < size; at += 4) {
      across += (Math.abs(paint(size, at)[1] - paint(0, at)[1]) / size) * 4
      down += (Math.abs(paint(at, size)[1] - paint(at, 0)[1]) / size) * 4
    }
    if (Math.max(across, down) >= 40) return paint
  }
}

/** Dots that continue over the edges. */
function dots(random: Random, size: number): Paint {
  const all = Array.from({ length: 6 }, () => ({
    x: random() * size,
    y: random() * size,
    radius: between(random, 0.04, 0.09) * size,
    colour: colourApart(random, [], 0),
  }))
  const away = (distance: number): number => Math.min(Math.abs(distance), size - Math.abs(distance))
  return (x, y) => {
    let pixel = flat([235, 230, 220])(x, y)
    for (const dot of all) {
      const shape: Shape = () => dot.radius - Math.hypot(away(x - dot.x), away(y - dot.y))
      const [red, green, blue] = dot.colour
      pixel = mix(pixel, [red!, green!, blue!, 255], coverage(shape, x, y))
    }
    return pixel
  }
}

/** Adds a ramp, whose ends are `height` apart, in one direction. */
function ramp(paint: Paint, height: number, size: number, isDown: boolean): Paint {
  return (x, y) => {
    const change = height * ((isDown ? y : x) / size - 0.5)
    const [red, green, blue, alpha] = paint(x, y)
    return [red + change, green + change, blue + change, alpha]
  }
}

const square =
  (paint: (random: Random, size: number) => Paint) =>
  (random: Random, size: number): ExaminedPixels =>
    draw(size, size, paint(random, size))

describe('tileable', () => {
  testKinds(
    true,
    { tileable: true },
    {
      'a texture that continues': square((random, size) => texture(random, size)),
      'a fine texture that continues': square((random, size) => texture(random, size, [8, 13, 21])),
      'a grainy texture that continues': square((random, size) =>
        grainy(texture(random, size), between(random, 2, 20), random),
      ),
      'dots that continue': square((random, size) => dots(random, size)),
      'a flat colour': square((random) => flat(colourApart(random, [], 0))),
      'squares that begin at the edge': square((random, size) => {
        const edge = size / 2 / Math.ceil(random() * 4)
        const [one, other] = [colourApart(random, [], 0), colourApart(random, [], 0)]
        return (x, y) =>
          flat((Math.floor(x / edge) + Math.floor(y / edge)) % 2 === 0 ? one : other)(x, y)
      }),
      'a seam that nobody sees': square((random, size) =>
        ramp(texture(random, size), 1, size, random() < 0.5),
      ),
      'pictures of one pixel': () => draw(1, 1, flat([0, 0, 0])),
    },
  )
  testKinds(
    false,
    { tileable: true },
    {
      'a texture that was cut out': square((random, size) => cutTexture(random, size)),
      'a grainy texture that was cut out': square((random, size) =>
        grainy(cutTexture(random, size), between(random, 1, 3), random),
      ),
      'a step over the seam of dots': square((random, size) =>
        ramp(dots(random, size), between(random, 16, 60), size, random() < 0.5),
      ),
      'a step over the seam of a grainy colour': square((random, size) =>
        ramp(
          grainy(flat([128, 128, 128]), 8, random),
          between(random, 12, 60),
          size,
          random() < 0.5,
        ),
      ),
      'a step over the seam of a texture': square((random, size) =>
        ramp(texture(random, size), between(random, 30, 60), size, random() < 0.5),
      ),
      'a gradient': square((random, size) =>
        gradient([20, 30, 40], [between(random, 60, 255), 30, 40], size, random() < 0.5),
      ),
      'pictures of shapes': square((random, size) => {
        const paint = scene(random, size)
        const sky = gradient([40, 90, 200], [230, 240, 255], size, true)
        return (x, y) => mix(sky(x, y), paint(x, y), 0.5)
      }),
    },
  )
})
