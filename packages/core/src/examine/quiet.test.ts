import { describe } from 'vitest'
import { areas } from '../manifest/manifest-file.ts'
import { areaOf } from './area.ts'
import {
  between,
  blob,
  blur,
  type Case,
  clouds,
  cutOut,
  draw,
  flat,
  gradient,
  grainy,
  oneOf,
  over,
  type Paint,
  paintOf,
  type Random,
  scene,
  testKinds,
} from './testing.ts'

/** Draws a busy picture with another paint in one area. */
function withArea(paint: (random: Random, size: number) => Paint) {
  return (random: Random, size: number): Case => {
    const quiet = oneOf(random, areas)
    const { left, top, right, bottom } = areaOf(quiet, size, size)
    const [inside, outside] = [paint(random, size), grainy(scene(random, size), 30, random)]
    const picture = draw(size, size, (x, y) =>
      x >= left && x < right && y >= top && y < bottom ? inside(x, y) : outside(x, y),
    )
    return { picture, expectations: { quiet } }
  }
}

describe('quiet', () => {
  testKinds(
    true,
    {},
    {
      'a flat area': withArea((random) => flat([between(random, 0, 255), 120, 90])),
      'a sky': withArea((_, size) => gradient([40, 90, 200], [220, 235, 255], size, true)),
      'an area with grain': withArea((random) => grainy(flat([128, 140, 90]), 10, random)),
      'a blurred area': withArea((random, size) => {
        const cloud = clouds(random, size, [1, 2])
        return (x, y) => [100 + cloud(x, y) / 4, 90, 80, 255]
      }),
      'a transparent area': withArea(() => flat([0, 0, 0], 0)),
    },
  )
  testKinds(
    false,
    {},
    {
      'an area of lines': withArea((random) => {
        const period = between(random, 3, 10)
        return (x, y) => (((x + y) / period) % 2 < 1 ? [60, 60, 60, 255] : [160, 150, 140, 255])
      }),
      'an area of noise': withArea((random) =>
        grainy(flat([128, 128, 128]), between(random, 32, 60), random),
      ),
      'an area of leaves': withArea((random, size) => {
        const cloud = clouds(random, size, [8, 13, 21])
        return (x, y) => (cloud(x, y) > 128 ? [30, 90, 30, 255] : [120, 180, 80, 255])
      }),
      'equally light colours': withArea((random) => {
        const period = between(random, 3, 12)
        return (x) => ((x / period) % 2 < 1 ? [200, 60, 60, 255] : [30, 133, 60, 255])
      }),
      'a white pattern that only a black page shows': withArea((random) => {
        const period = between(random, 4, 10)
        return (x) => [255, 255, 255, (x / period) % 2 < 1 ? 255 : 0]
      }),
      'a subject that reaches into the area': (random, size) => {
        const subject = blob(random, { x: size / 3, y: size / 2 }, size * 0.3)
        const paint = over(flat([240, 240, 240]), subject, scene(random, size))
        return {
          picture: draw(size, size, grainy(paint, 14, random)),
          expectations: { quiet: 'left' },
        }
      },
    },
  )
  testKinds(
    true,
    { quiet: 'right' },
    {
      'a subject beside the area': (random, size) =>
        draw(
          size,
          size,
          cutOut(blob(random, { x: size / 3, y: size / 2 }, size * 0.2), scene(random, size)),
        ),
      'pictures of one pixel': () => draw(1, 1, flat([1, 2, 3])),
      'a column of one pixel': () => draw(1, 500, gradient([0, 0, 0], [255, 255, 255], 500, true)),
      'a blurred photo': (random, size) => {
        const photo = blur(draw(size, size, scene(random, size)), 24)
        return draw(size, size, grainy(paintOf(photo), 3, random))
      },
    },
  )
})
