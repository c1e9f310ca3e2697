import { describe } from 'vitest'
import type { ExaminedPixels } from './examined-pixels.ts'
import {
  between,
  blob,
  colourApart,
  coverage,
  cutOut,
  draw,
  flat,
  gradient,
  grainy,
  mix,
  oneOf,
  over,
  type Paint,
  type Pixel,
  type Random,
  scene,
  type Shape,
  testKinds,
} from './testing.ts'

function subjectOf(random: Random, size: number): Shape {
  return blob(random, { x: size / 2, y: size / 2 }, between(random, 0.25, 0.36) * size)
}

function grow(shape: Shape, by: number): Shape {
  return (x, y) => shape(x, y) + by
}

/** Squares of two colours. */
function squares(edge: number, one: readonly number[], other: readonly number[]): Paint {
  return (x, y) =>
    (Math.floor(x / edge) + Math.floor(y / edge)) % 2 === 0
      ? [one[0]!, one[1]!, one[2]!, 255]
      : [other[0]!, other[1]!, other[2]!, 255]
}

/** A painted checkerboard of any size and the usual greys, light or dark. */
function checkerboard(random: Random, most = 14): Paint {
  const [one, other] = oneOf(
    random,
    [
      [255, 204],
      [255, 230],
      [238, 204],
      [245, 225],
      [102, 153],
      [40, 60],
      [30, 45],
    ].filter(([a, b]) => Math.max(a!, b!) <= 125 || Math.min(a!, b!) >= 150),
  )
  const edge = between(random, 4, most)
  return grainy(squares(edge, [one!, one!, one!], [other!, other!, other!]), random() * 1.5, random)
}

/** A subject cut out with the old background still in its soft edge, as bad tools do. */
function contaminated(shape: Shape, subject: Paint, background: readonly number[]): Paint {
  return (x, y) => {
    const share = coverage(shape, x, y)
    const blended = mix(flat(background)(x, y), subject(x, y), share)
    return [blended[0], blended[1], blended[2], 255 * share]
  }
}

/** A subject with a band of the old background around it. */
function banded(shape: Shape, subject: Paint, width: number, background: readonly number[]): Paint {
  return cutOut(grow(shape, width), over(flat(background), shape, subject))
}

/** Puts what has alpha over a glow or shadow: a colour with an alpha of its own for each place. */
function above(below: Paint, top: Paint): Paint {
  return (x, y) => {
    const [a, b] = [below(x, y), top(x, y)]
    const alpha = b[3] / 255
    const rest = (a[3] / 255) * (1 - alpha)
    const all = alpha + rest
    if (all === 0) return [0, 0, 0, 0]
    const blend = (at: 0 | 1 | 2): number => (b[at] * alpha + a[at] * rest) / all
    return [blend(0), blend(1), blend(2), all * 255]
  }
}

function halo(shape: Shape, colour: readonly number[], alpha: number, reach: number): Paint {
  return (x, y): Pixel => {
    const share = Math.min(1, Math.max(0, 1 + shape(x, y) / reach))
    return [colour[0]!, colour[1]!, colour[2]!, alpha * share * share]
  }
}

const square =
  (paint: (random: Random, size: number) => Paint) =>
  (random: Random, size: number): ExaminedPixels =>
    draw(size, size, paint(random, size))

describe('transparent', () => {
  testKinds(
    true,
    { transparent: true },
    {
      'a clean cut-out': square((random, size) =>
        cutOut(subjectOf(random, size), scene(random, size)),
      ),
      'a flat icon': square((random, size) =>
        cutOut(subjectOf(random, size), flat(colourApart(random, [], 0))),
      ),
      'a hard edge': square((random, size) => {
        const [shape, paint] = [subjectOf(random, size), scene(random, size)]
        return (x, y) => (shape(x, y) > 0 ? paint(x, y) : [255, 255, 255, 0])
      }),
      'a white product': square((random, size) =>
        cutOut(subjectOf(random, size), gradient([255, 255, 255], [225, 226, 230], size, true)),
      ),
      'a soft shadow': square((random, size) => {
        const shape = subjectOf(random, size)
        const dark = halo((x, y) => shape(x, y - 4), [0, 0, 0], between(random, 50, 160), size / 6)
        return above(dark, cutOut(shape, scene(random, size)))
      }),
      'a glow': square((random, size) => {
        const shape = subjectOf(random, size)
        const glow = halo(shape, [255, 250, 200], between(random, 100, 220), size / 8)
        return above(glow, cutOut(shape, scene(random, size)))
      }),
      'a dark outline': square((random, size) => {
        const shape = subjectOf(random, size)
        const outline = between(random, 1.5, 6)
        return banded(shape, flat(colourApart(random, [], 0)), outline, [20, 18, 30])
      }),
      'a sticker with a white outline': square((random, size) =>
        banded(
          subjectOf(random, size),
          scene(random, size),
          between(random, 6, 9),
          [255, 255, 255],
        ),
      ),
      'a ball that is dark at its edge': square((random, size) => {
        const shape = subjectOf(random, size)
        const [red, green, blue] = colourApart(random, [], 0)
        return cutOut(shape, (x, y) => {
          const light = 0.25 + 0.75 * Math.sqrt(Math.min(1, Math.max(0, shape(x, y) / (size / 3))))
          return [red! * light, green! * light, blue! * light, 255]
        })
      }),
      'a chess board': square((random, size) => {
        const [one, other] = oneOf(random, [
          [
            [255, 255, 255],
            [0, 0, 0],
          ],
          [
            [240, 217, 181],
            [181, 136, 99],
          ],
          [
            [235, 236, 208],
            [119, 149, 86],
          ],
        ])
        const board: Shape = (x, y) =>
          size * 0.35 - Math.max(Math.abs(x - size / 2), Math.abs(y - size / 2))
        return cutOut(board, squares((size * 0.7) / 8, one!, other!))
      }),
      'rounded corners': square((random, size) => {
        const radius = size / 5
        const corner: Shape = (x, y) => {
          const dx = Math.max(0, radius - x - 0.5, x + 0.5 - (size - radius))
          const dy = Math.max(0, radius - y - 0.5, y + 0.5 - (size - radius))
          return radius - Math.hypot(dx, dy)
        }
        return cutOut(corner, scene(random, size))
      }),
      grain: square((random, size) =>
        cutOut(subjectOf(random, size), grainy(scene(random, size), 10, random)),
      ),
    },
  )
  testKinds(
    false,
    { transparent: true },
    {
      'an opaque background': square((random, size) =>
        over(flat([255, 255, 255]), subjectOf(random, size), scene(random, size)),
      ),
      'a painted checkerboard without alpha': square((random, size) =>
        over(checkerboard(random), subjectOf(random, size), scene(random, size)),
      ),
      'a painted checkerboard inside real transparency': square((random, size) => {
        const shape = subjectOf(random, size)
        return cutOut(
          grow(shape, size / 6),
          over(checkerboard(random, 7), shape, flat(colourApart(random, [], 0))),
        )
      }),
      'a background that is nearly transparent': square((random, size) => {
        const veil = flat([255, 255, 255], between(random, 20, 80))
        return above(veil, cutOut(subjectOf(random, size), scene(random, size)))
      }),
      'a transparent frame of a pixel': square((random, size) => {
        const paint = scene(random, size)
        return (x, y) => (x === 0 && y < size / 4 ? [0, 0, 0, 0] : paint(x, y))
      }),
      'a white background in the soft edge': square((random, size) =>
        contaminated(
          subjectOf(random, size),
          flat(colourApart(random, [[255, 255, 255]], 90)),
          [255, 255, 255],
        ),
      ),
      'a green background in the soft edge': square((random, size) =>
        contaminated(
          subjectOf(random, size),
          flat(colourApart(random, [[0, 255, 0]], 90)),
          [0, 255, 0],
        ),
      ),
      'a black background in the soft edge': square((random, size) =>
        contaminated(
          subjectOf(random, size),
          flat(colourApart(random, [[0, 0, 0]], 90)),
          [0, 0, 0],
        ),
      ),
      'a light band of the old background': square((random, size) => {
        const white = between(random, 225, 255)
        const subject = flat(colourApart(random, [[255, 255, 255]], 90))
        return banded(subjectOf(random, size), subject, between(random, 1, 3), [
          white,
          white,
          white,
        ])
      }),
      'a green band of the old background': square((random, size) =>
        banded(
          subjectOf(random, size),
          flat(colourApart(random, [[0, 255, 0]], 90)),
          between(random, 1, 3),
          [0, 255, 0],
        ),
      ),
    },
  )
})
