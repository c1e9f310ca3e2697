import { describe } from 'vitest'
import {
  between,
  blob,
  blur,
  clouds,
  colourApart,
  cutOut,
  draw,
  flat,
  gradient,
  grainy,
  over,
  type Paint,
  paintOf,
  type Random,
  scene,
  testKinds,
} from './testing.ts'

/** Paints shades of a colour. */
function orange(shade: (x: number, y: number) => number): Paint {
  return (x, y) => {
    const light = shade(x, y)
    return [light, light * 0.9, 40, 255]
  }
}

/** Dark strokes as wide and as far apart as those of letters. */
function letters(random: Random, size: number): Paint {
  const height = Math.round(between(random, 8, 20))
  const stroke = Math.max(1, Math.round(height / 7))
  const ink = between(random, 0, 80)
  const strokes = Array.from({ length: 256 }, () => random())
  return (x, y) => {
    const [line, letter] = [Math.floor(y / (height * 1.6)), Math.floor(x / (height * 0.6))]
    const kind = strokes[(line * 37 + letter) % 256]!
    const [u, v] = [x - Math.ceil(letter * height * 0.6), y - Math.ceil(line * height * 1.6)]
    const isStroke =
      kind > 0.15 &&
      v < height &&
      u < height * 0.5 &&
      (u < stroke ||
        (kind > 0.5 && v < stroke) ||
        (kind < 0.6 && Math.abs(v - height / 2) < stroke / 2))
    const grey = isStroke && x < size ? ink : 245
    return [grey, grey, grey, 255]
  }
}

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
        // An eye: some of it is as dark and as light as the background.
        const [ball, pupil] = [8, 4].map((radius) => blob(random, place, (radius * size) / 96))
        const body = over(paintOf(background), subject, scene(random, size))
        const eye = over(flat([250, 250, 250]), pupil!, flat([10, 10, 10]))
        return draw(size, size, over(body, ball!, eye))
      },
      'shapes blurred by a pixel': (random, size) => blur(draw(size, size, scene(random, size)), 1),
      'lines of text': (random, size) => draw(size, size, letters(random, size)),
      'lines of text blurred by a pixel': (random, size) =>
        blur(draw(size, size, letters(random, size)), 1),
      'a fine texture': (random, size) => {
        const cloud = clouds(random, size, [5, 11, 17, 23])
        return draw(size, size, orange(cloud))
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
      'lines of text that were blurred': (random, size) =>
        blur(draw(size, size, letters(random, size)), between(random, 3, 6)),
      'a fine texture that was blurred': (random, size) => {
        const cloud = clouds(random, size, [5, 11, 17, 23])
        return blur(draw(size, size, orange(cloud)), 3)
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
