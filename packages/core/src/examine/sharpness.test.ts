import { describe } from 'vitest'
import {
  between,
  blob,
  blur,
  colourApart,
  cutOut,
  draw,
  flat,
  gradient,
  grainy,
  over,
  paintOf,
  scene,
  testKinds,
} from './testing.ts'

describe('sharp', () => {
  testKinds(
    true,
    { sharp: true },
    {
      'pictures of shapes': (random, size) => draw(size, size, scene(random, size)),
      'shapes with grain': (random, size) =>
        draw(size, size, grainy(scene(random, size), between(random, 1, 8), random)),
      'shapes as soft as a good lens': (random, size) => {
        const [paint, soft] = [scene(random, size), between(random, 1, 2.5)]
        const shape = blob(random, { x: size / 2, y: size / 2 }, size / 3)
        const background = flat(colourApart(random, [], 0))
        return draw(
          size,
          size,
          over(background, shape, (x, y) => paint(size / 2 + x / 99, y), soft),
        )
      },
      'a sharp subject before a blurred background': (random, size) => {
        const background = blur(draw(size, size, scene(random, size)), between(random, 4, 12))
        const place = { x: between(random, 0.3, 0.7) * size, y: size / 2 }
        const subject = blob(random, place, size * 0.18)
        return draw(size, size, over(paintOf(background), subject, scene(random, size)))
      },
      'white on white': (random, size) =>
        draw(
          size,
          size,
          over(
            flat([255, 255, 255]),
            blob(random, { x: size / 2, y: size / 2 }, size / 3),
            flat([238, 238, 240]),
          ),
        ),
      'a cut-out icon': (random, size) =>
        draw(
          size,
          size,
          cutOut(blob(random, { x: size / 2, y: size / 2 }, size / 3), flat([20, 90, 200])),
        ),
    },
  )
  testKinds(
    false,
    { sharp: true },
    {
      'blurred shapes': (random, size) =>
        blur(draw(size, size, scene(random, size)), between(random, 3, 10)),
      'blurred shapes with grain': (random, size) => {
        const picture = blur(draw(size, size, scene(random, size)), between(random, 3, 10))
        return draw(size, size, grainy(paintOf(picture), between(random, 1, 6), random))
      },
      'shapes that were enlarged': (random, size) => {
        const factor = between(random, 6, 12)
        const small = paintOf(draw(size / 4, size / 4, scene(random, size / 4)))
        const large = draw(size, size, (x, y) =>
          small(Math.floor(x / factor), Math.floor(y / factor)),
        )
        return blur(large, factor * 0.45)
      },
      'a gradient': (random, size) =>
        draw(
          size,
          size,
          gradient([0, 0, 40], [between(random, 60, 255), 200, 255], size, random() < 0.5),
        ),
      'a flat colour with grain': (random, size) =>
        draw(size, size, grainy(flat([128, 120, 100]), between(random, 0, 12), random)),
    },
  )
})
