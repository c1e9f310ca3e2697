import { describe } from 'vitest'
import {
  between,
  blob,
  colourApart,
  cutOut,
  draw,
  flat,
  gradient,
  grainy,
  over,
  scene,
  testKinds,
} from './testing.ts'

const middle = (size: number): { x: number; y: number } => ({ x: size / 2, y: size / 2 })

describe('not-blank', () => {
  testKinds(
    true,
    { 'not-blank': true },
    {
      'pictures of shapes': (random, size) => draw(size, size, scene(random, size)),
      'a gradient': (random, size) => {
        const grey = between(random, 20, 200)
        return draw(size, size, gradient([grey, grey, grey], [grey + 40, grey, grey], size))
      },
      'a small dot': (random, size) => {
        const background = colourApart(random, [], 0)
        const dot = blob(random, { x: between(random, 30, size - 30), y: 40 }, size / 16)
        const paint = over(flat(background), dot, flat(colourApart(random, [background], 60)))
        return draw(size, size, grainy(paint, 2, random))
      },
      'white on white with a faint shadow': (random, size) => {
        const shape = blob(random, middle(size), size / 3)
        return draw(size, size, over(flat([255, 255, 255]), shape, flat([240, 241, 243])))
      },
      'a thin line': (random, size) => {
        const [slope, start] = [between(random, -0.5, 0.5), size / 2]
        return draw(size, size, (x, y) => {
          const isLine = Math.abs(y - start - slope * (x - start)) < 1
          return isLine ? [0, 0, 0, 255] : [250, 250, 250, 255]
        })
      },
      'a white shape that only a black page shows': (random, size) =>
        draw(size, size, cutOut(blob(random, middle(size), size / 4), flat([255, 255, 255]))),
      'a fine pattern': (random, size) => {
        const period = Math.ceil(between(random, 1, 3))
        return draw(size, size, (x, y) =>
          Math.floor(x / period + Math.floor(y / period)) % 2 === 0
            ? [30, 30, 30, 255]
            : [220, 220, 220, 255],
        )
      },
    },
  )
  testKinds(
    false,
    { 'not-blank': true },
    {
      'a flat colour': (random, size) => draw(size, size, flat(colourApart(random, [], 0))),
      'a flat colour with grain': (random, size) =>
        draw(size, size, grainy(flat(colourApart(random, [], 0)), between(random, 1, 9), random)),
      'transparent pixels of any colour': (random, size) =>
        draw(size, size, () => [random() * 255, random() * 255, random() * 255, 0]),
      'an even veil': (random, size) =>
        draw(size, size, flat(colourApart(random, [], 0), between(random, 1, 254))),
      'a single other pixel': (random, size) => {
        const at = Math.floor(random() * size)
        return draw(size, size, (x, y) =>
          x === at && y === at ? [0, 0, 0, 255] : [128, 128, 128, 255],
        )
      },
      'a column of one pixel': (random) => draw(1, 300, flat(colourApart(random, [], 0))),
    },
  )
})
