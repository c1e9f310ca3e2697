import { darken, lighten, mix } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import { linear, radial } from '../raster/gradient.ts'
import { arc, circle, join, line, rect, ring, roundRect, smooth, star } from '../raster/path.ts'
import type { Path, Point } from '../raster/path.ts'
import { has } from '../scene/read-scene.ts'
import type { Stage } from './painter.ts'
import { blob } from './trees.ts'

/** Paints layered waves or balanced shapes, for a prompt that names no thing. */
export function paintAbstract(stage: Stage): void {
  const { scene, random } = stage
  if (has(scene, 'abstract') || scene.mood === 'playful') paintShapes(stage)
  else random.pick([paintWaves, paintShapes, paintWaves])(stage)
}

function colorsOf({ studio }: Stage): readonly Color[] {
  return [studio.main, ...studio.accents]
}

function paintWaves(stage: Stage): void {
  const { pen, studio, width, height } = stage
  const from = mix(studio.ground, studio.accents[0], 0.2)
  pen.fill(
    rect(-1, -1, width + 2, height + 2),
    linear(0, 0, 0, height, [
      [0, mix(from, studio.main, 0.12)],
      [0.7, lighten(from, 0.5)],
      [1, from],
    ]),
  )
  paintSun(stage)
  const layers = 6
  for (let i = 0; i < layers; i++) paintWave(stage, i, i / (layers - 1))
}

function paintSun({ pen, studio, random, width, height }: Stage): void {
  const sunX = width * random.range(0.38, 0.62)
  const r = random.range(13, 17)
  pen.fill(
    circle(sunX, height * 0.4, r * 2.6),
    radial(sunX, height * 0.4, r * 2.6, [
      [0.3, lighten(studio.accents[0], 0.4), 0.5],
      [1, lighten(studio.accents[0], 0.4), 0],
    ]),
  )
  pen.fill(
    circle(sunX, height * 0.4, r),
    linear(0, height * 0.4 - r, 0, height * 0.4 + r, [
      [0, lighten(studio.accents[0], 0.3)],
      [1, mix(studio.accents[0], studio.main, 0.5)],
    ]),
  )
}

function paintWave(stage: Stage, i: number, t: number): void {
  const { pen, studio, random, width, height } = stage
  const colors = colorsOf(stage)
  const y = height * (0.46 + t * 0.44)
  const points: Point[] = []
  const swell = 9 - t * 3
  for (let k = -1; k <= 5; k++) {
    points.push([(k / 4) * width + random.range(-8, 8), y + random.range(-swell, swell)])
  }
  const color = mix(
    mix(colors[i % colors.length]!, studio.main, 0.45),
    i < 3 ? studio.ground : studio.ink,
    i < 3 ? 0.5 - t * 0.6 : (t - 0.5) * 0.7,
  )
  const edge = smooth(points, false)
  const shape = join(edge, [1, width * 1.5, height + 9, 1, -width * 0.5, height + 9, 4])
  pen.soft(shape, 4, studio.ink, { opacity: 0.16 })
  pen.fill(
    shape,
    linear(0, y - swell, 0, y + 34, [
      [0, lighten(color, 0.22)],
      [1, darken(color, 0.16)],
    ]),
  )
}

function paintShapes(stage: Stage): void {
  const { pen, studio, random, width, height, scene } = stage
  const colors = colorsOf(stage)
  const ground = lighten(studio.ground, 0.3)
  pen.fill(
    rect(-1, -1, width + 2, height + 2),
    linear(0, 0, width, height, [
      [0, lighten(ground, 0.4)],
      [1, ground],
    ]),
  )
  const few = scene.styles.includes('minimal')
  paintBlobs(stage, few ? 1 : 3, ground)
  const columns = Math.max(2, Math.round(width / 44))
  const rows = Math.max(2, Math.round(height / 44))
  const cells = Array.from({ length: columns * rows }, (_, i) => i).sort(
    (a, b) => ((a * 7919) % 31) - ((b * 7919) % 31),
  )
  for (const [n, cell] of cells.entries()) {
    if (few && n > 2) break
    const x = ((cell % columns) + random.range(0.32, 0.68)) * (width / columns)
    const y = (Math.floor(cell / columns) + random.range(0.32, 0.68)) * (height / rows)
    pen.at(
      { x, y, scale: random.range(0.8, 1.25), turn: random.pick([0, 0.125, 0.25, 0.5, 0.75]) },
      () =>
        paintShape(
          stage,
          n,
          colors[(n + random.int(0, 1)) % colors.length]!,
          colors[(n + 2) % colors.length]!,
        ),
    )
  }
  for (let i = 0; i < (few ? 4 : 22); i++) {
    pen.fill(
      circle(random.range(0, width), random.range(0, height), random.range(0.5, 1.5)),
      random.pick(colors),
    )
  }
}

function paintBlobs(stage: Stage, count: number, ground: Color): void {
  const { pen, random, width, height } = stage
  const colors = colorsOf(stage)
  const [cx, cy] = [width / 2, height / 2]
  for (let i = 0; i < count; i++) {
    pen.fill(
      blob(
        cx + random.range(-0.3, 0.3) * width,
        cy + random.range(-0.3, 0.3) * height,
        random.range(24, 40),
        random.range(20, 34),
        random,
        6,
      ),
      mix(colors[i % 4]!, ground, 0.6),
      { opacity: 0.7 },
    )
  }
}

function dome(base: number, r: number): Path {
  return join(arc(0, base, r, 0.5, 1), [4])
}

function paintShape({ pen, studio }: Stage, kind: number, color: Color, other: Color): void {
  const paint = linear(-14, -14, 14, 14, [
    [0, lighten(color, 0.16)],
    [1, darken(color, 0.12)],
  ])
  const drop = (shape: readonly number[]): void =>
    pen.at({ x: 0.6, y: 1.4 }, () => pen.soft(shape, 2.4, studio.ink, { opacity: 0.2 }))
  const put = (shape: readonly number[]): void => {
    drop(shape)
    pen.fill(shape, paint)
  }
  switch (kind % 7) {
    case 0:
      put(circle(0, 0, 14))
      pen.fill(dome(0, 14), other)
      break
    case 1:
      put(dome(7, 18))
      for (const r of [12, 6]) pen.fill(dome(7, r), r === 12 ? other : studio.surface)
      break
    case 2:
      put(roundRect(-6, -18, 12, 36, 6))
      for (let i = 0; i < 3; i++) pen.fill(circle(0, -10 + i * 10, 2.6), studio.surface)
      break
    case 3:
      put(star(0, 0, 8, 15, 10))
      pen.fill(circle(0, 0, 4.6), other)
      break
    case 4:
      put(ring(0, 0, 14, 7.6))
      break
    case 5:
      for (let i = 0; i < 4; i++) {
        pen.stroke(
          `M-16 ${-9 + i * 6}q4 -6 8 0q4 6 8 0q4 -6 8 0q4 6 8 0`,
          1.7,
          i % 2 === 0 ? color : other,
        )
      }
      break
    default:
      put(star(0, 2, 3, 17, 8.5))
      pen.stroke(
        line([
          [-9, 12],
          [9, 12],
        ]),
        1.4,
        other,
      )
  }
}
