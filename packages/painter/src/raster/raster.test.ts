import { describe, expect, it } from 'vitest'
import { createCanvas, fillLines } from './canvas.ts'
import { flatten } from './flatten.ts'
import { createRowPainter } from './gradient.ts'
import { cos, sin } from './math.ts'
import { createFbm } from './noise.ts'
import { circle, parsePath, rect } from './path.ts'
import { createRandom } from './random.ts'

const brush = {
  painter: createRowPainter([1, 1, 1], [1, 0, 0, 1, 0, 0]),
  opacity: 1,
  mode: 'over',
} as const

function coverOf(shape: readonly number[], size = 40): number {
  const canvas = createCanvas(size, size)
  fillLines(canvas, flatten(shape, [1, 0, 0, 1, 0, 0]), brush)
  return canvas.pixels.reduce((sum, value, i) => (i % 4 === 3 ? sum + value : sum), 0)
}

describe('fillLines', () => {
  it('covers exactly the area of a shape', () => {
    expect(coverOf(rect(3.25, 4.5, 10.5, 7.25))).toBeCloseTo(10.5 * 7.25, 2)
    expect(coverOf(circle(20, 20, 12.3))).toBeCloseTo(475.3, -1)
  })

  it('clips what is outside the canvas', () => {
    expect(coverOf(rect(-10, -10, 15, 15))).toBeCloseTo(25, 2)
    expect(coverOf([0, -40, 10, 1, 80, 10, 1, 80, 20, 1, -40, 20, 4])).toBeCloseTo(400, 2)
  })

  it('clears every cell for the next shape', () => {
    const canvas = createCanvas(30, 30)
    fillLines(canvas, flatten(circle(15, 15, 22), [1, 0, 0, 1, 0, 0]), brush)
    expect(canvas.accumulator.cells.every((cell) => cell === 0)).toBe(true)
  })
})

describe('sin', () => {
  it('stays close to the exact sine over many turns', () => {
    for (let x = -20; x < 20; x += 0.37) {
      expect(sin(x)).toBeCloseTo(Math.sin(x), 6)
      expect(cos(x)).toBeCloseTo(Math.cos(x), 6)
    }
  })
})

describe('createRandom', () => {
  it('repeats for the same seed and stays within its range', () => {
    const [a, b] = [createRandom('x'), createRandom('x')]
    for (let i = 0; i < 200; i++) {
      const value = a.range(2, 5)
      expect(value).toBe(b.range(2, 5))
      expect(value).toBeGreaterThanOrEqual(2)
      expect(value).toBeLessThan(5)
    }
    expect(createRandom('x').next()).not.toBe(createRandom('y').next())
  })
})

describe('createFbm', () => {
  it('repeats after its period', () => {
    const noise = createFbm(7, 3, 4)
    expect(noise(0.3, 1.7)).toBeCloseTo(noise(4.3, 1.7), 12)
  })
})

describe('parsePath', () => {
  it('reads numbers with exponents', () => {
    expect(parsePath('M1e-7 2L3-4')).toEqual([0, 1e-7, 2, 1, 3, -4])
  })

  it('reads absolute and relative commands', () => {
    expect(parsePath('M1 2L3 4h2v-1q1 1 2 0Z')).toEqual([
      0, 1, 2, 1, 3, 4, 1, 5, 4, 1, 5, 3, 2, 6, 4, 7, 3, 4,
    ])
  })
})
