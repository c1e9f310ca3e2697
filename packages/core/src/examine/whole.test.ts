import { describe } from 'vitest'
import type { ExaminedPixels } from './examined-pixels.ts'
import {
  between,
  blob,
  colourApart,
  cutOut,
  draw,
  flat,
  gradient,
  grainy,
  oneOf,
  over,
  type Paint,
  type Pixel,
  type Random,
  scene,
  type Shape,
  testKinds,
} from './testing.ts'

function inside(random: Random, size: number): Shape {
  return blob(random, { x: size / 2, y: size / 2 }, between(random, 0.2, 0.32) * size)
}

/** A shape that an edge, or a corner, cuts off. */
function cut(random: Random, size: number): Shape {
  const place = oneOf(random, [
    { x: size * 0.15, y: size / 2 },
    { x: size * 0.85, y: size * 0.45 },
    { x: size * 0.55, y: size * 0.1 },
    { x: size / 2, y: size * 0.9 },
    { x: size * 0.1, y: size * 0.1 },
    { x: size * 0.95, y: size * 0.9 },
  ])
  return blob(random, place, between(random, 0.25, 0.3) * size)
}

const square =
  (paint: (random: Random, size: number) => Paint) =>
  (random: Random, size: number): ExaminedPixels =>
    draw(size, size, paint(random, size))

function backdrop(random: Random, size: number): Paint {
  const light = between(random, 150, 255)
  return gradient([light, light, light], [light - 50, light - 40, light - 30], size, random() < 0.5)
}

const backdropOf = (x: number, y: number, size: number): Pixel => [
  200 - (x * 20) / size,
  225,
  180 + (y * 40) / size,
  255,
]

const dark = (random: Random): Paint =>
  flat(colourApart(random, [[200, 200, 200]], 110).map((value) => value / 2))

describe('whole', () => {
  testKinds(
    true,
    { whole: true },
    {
      'a cut-out with a margin': square((random, size) =>
        cutOut(inside(random, size), scene(random, size)),
      ),
      'a cut-out whose soft shadow touches an edge': square((random, size) => {
        const [shape, paint] = [inside(random, size), scene(random, size)]
        return (x, y) => {
          const [red, green, blue] = paint(x, y)
          const alpha = shape(x, y) > 0 ? 255 : y > size / 2 ? 60 : 0
          return alpha === 255 ? [red, green, blue, 255] : [0, 0, 0, alpha]
        }
      }),
      'a subject on one colour': square((random, size) => {
        const background = colourApart(random, [], 0)
        return over(flat(background), inside(random, size), scene(random, size))
      }),
      'a subject on a gradient': square((random, size) =>
        over(backdrop(random, size), inside(random, size), scene(random, size)),
      ),
      'a subject on a grainy gradient': square((random, size) =>
        grainy(over(backdrop(random, size), inside(random, size), scene(random, size)), 5, random),
      ),
      'a subject on a floor': square((random, size) => {
        const [wall, floor] = [backdrop(random, size), flat(colourApart(random, [], 0))]
        const line = between(random, 0.55, 0.8) * size
        const room: Paint = (x, y) => (y > line ? floor(x, y) : wall(x, y))
        return over(room, inside(random, size), scene(random, size))
      }),
      'a frame': square((random, size) => {
        const [frame, paint] = [flat(colourApart(random, [], 0)), scene(random, size)]
        const edge = size / 8
        return (x, y) =>
          Math.min(x, y, size - 1 - x, size - 1 - y) < edge ? frame(x, y) : paint(x, y)
      }),
      'white on white': square((random, size) =>
        over(flat([255, 255, 255]), inside(random, size), flat([246, 246, 248])),
      ),
      'a landscape': square((random, size) => {
        const sky = [
          [90, 140, 220],
          [165, 180, 210],
          [240, 220, 200],
        ]
        let paint = gradient(sky[0]!, sky[2]!, size, true)
        const layers = Math.ceil(between(random, 2, 4))
        for (let layer = 0; layer < layers; layer++) {
          const low = (between(random, 0.4, 0.45) + layer * 0.14) * size
          const [height, bend] = [between(random, 0.02, 0.05) * size, between(random, 3, 9) / size]
          const hill: Shape = (x, y) => y - low - height * Math.sin(x * bend + layer)
          paint = over(paint, hill, flat(colourApart(random, sky, 60)))
        }
        return over(paint, inside(random, size), dark(random))
      }),
      'a forest': square((random, size) => {
        const trees = Array.from({ length: 9 }, (_, at) => ({
          x: ((at + random() * 0.5) * size) / 9,
          half: between(random, 0.02, 0.05) * size,
          paint: dark(random),
        }))
        return (x, y) => {
          const tree = trees.find((one) => Math.abs(x - one.x) < one.half)
          return tree === undefined ? backdropOf(x, y, size) : tree.paint(x, y)
        }
      }),
      'a pattern that the edges cut': square((random, size) => {
        const step = size / Math.ceil(between(random, 3, 6))
        const colour = dark(random)
        const [left, top] = [between(random, 0.3, 0.7) * step, between(random, 0.3, 0.7) * step]
        return (x, y) => {
          const [dx, dy] = [((x + left) % step) - step / 2, ((y + top) % step) - step / 2]
          return Math.hypot(dx, dy) < step * 0.35 ? colour(x, y) : [240, 235, 225, 255]
        }
      }),
      'a flat colour': square((random) => flat(colourApart(random, [], 0))),
      'a picture of one pixel': () => draw(1, 1, flat([9, 9, 9])),
      'a transparent picture': square(() => flat([200, 10, 10], 0)),
    },
  )
  testKinds(
    false,
    { whole: true },
    {
      'a cut-out at an edge': square((random, size) =>
        cutOut(cut(random, size), scene(random, size)),
      ),
      'a subject on one colour': square((random, size) =>
        over(flat([255, 255, 255]), cut(random, size), dark(random)),
      ),
      'a subject on a gradient': square((random, size) =>
        over(backdrop(random, size), cut(random, size), dark(random)),
      ),
      'a subject on a grainy gradient': square((random, size) =>
        grainy(over(backdrop(random, size), cut(random, size), dark(random)), 5, random),
      ),
      'a soft edge': square((random, size) =>
        over(backdrop(random, size), cut(random, size), dark(random), 4),
      ),
      'two edges': square((random, size) => {
        const bar: Shape = (_, y) => size * 0.1 - Math.abs(y - size * between(() => 0.5, 0.3, 0.7))
        return over(
          over(backdrop(random, size), inside(random, size), dark(random)),
          bar,
          dark(random),
        )
      }),
    },
  )
})
