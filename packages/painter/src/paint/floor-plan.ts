import { hex, lighten, mix } from '../raster/color.ts'
import { arc, circle, line, rect, roundRect } from '../raster/path.ts'
import type { Box } from './box.ts'
import type { Stage } from './painter.ts'

const INK = hex('#3a4048')

/** Paints the plan of a flat seen from above: walls, doors, windows and furniture in outline. */
export function paintFloorPlan({ pen, studio, random, width, height }: Stage): void {
  pen.fill(rect(-1, -1, width + 2, height + 2), hex('#fbfaf6'))
  const aspect = 1.5
  const w = Math.min(width * 0.86, height * 0.86 * aspect)
  const scale = w / 120
  const flip = random.chance(0.5)
  pen.at({ x: width / 2, y: height / 2, scale, flip }, () => {
    const tint = mix(studio.main, [1, 1, 1], 0.84)
    pen.fill(rect(-60, -40, 66, 80), tint)
    pen.fill(rect(6, -40, 54, 36), lighten(mix(studio.accents[0], [1, 1, 1], 0.82), 0.1))
    pen.fill(rect(6, -4, 54, 44), lighten(mix(studio.accents[2], [1, 1, 1], 0.82), 0.1))
    paintLiving(pen)
    paintRooms(pen)
    paintWalls(pen)
  })
}

type Pen = Stage['pen']

function outlined(pen: Pen, { x, y, w, h }: Box, corner: number): void {
  pen.fill(roundRect(x, y, w, h, corner), [1, 1, 1])
  pen.stroke(roundRect(x, y, w, h, corner), 0.6, INK)
}

/** Paints a sofa, a rug with a round table, a dining table and shelves. */
function paintLiving(pen: Pen): void {
  pen.fill(roundRect(-50, -12, 40, 30, 2), [1, 1, 1], { opacity: 0.55 })
  outlined(pen, { x: -46, y: 14, w: 32, h: 13 }, 2)
  outlined(pen, { x: -43, y: 14, w: 12.6, h: 9.4 }, 1.4)
  outlined(pen, { x: -29.6, y: 14, w: 12.6, h: 9.4 }, 1.4)
  pen.fill(circle(-30, 2, 6.4), [1, 1, 1])
  pen.stroke(circle(-30, 2, 6.4), 0.6, INK)
  outlined(pen, { x: -58, y: -34, w: 5, h: 24 }, 0.6)
  outlined(pen, { x: -28, y: -34, w: 24, h: 11 }, 1.4)
  for (const x of [-24, -15]) {
    outlined(pen, { x, y: -38.4, w: 5.4, h: 3.4 }, 1)
    outlined(pen, { x, y: -22.2, w: 5.4, h: 3.4 }, 1)
  }
}

/** Paints a bed with two pillows, a wardrobe, and the kitchen counter with its hob. */
function paintRooms(pen: Pen): void {
  outlined(pen, { x: 28, y: 8, w: 26, h: 24 }, 1.4)
  for (const y of [10.4, 21]) outlined(pen, { x: 47, y, w: 5.4, h: 8.4 }, 1.4)
  pen.stroke('M40 8V32', 0.5, INK)
  outlined(pen, { x: 10, y: 33, w: 30, h: 5.4 }, 0.6)
  outlined(pen, { x: 20, y: -38.4, w: 38, h: 8 }, 0.6)
  for (const [x, y] of [
    [26, -36],
    [30.6, -36],
    [26, -32.6],
    [30.6, -32.6],
  ] as const) {
    pen.stroke(circle(x, y, 1.3), 0.5, INK)
  }
  pen.stroke(roundRect(44, -37, 9, 5, 1), 0.5, INK)
}

/** Paints the walls with gaps for windows (two thin lines) and doors (a leaf and its swing). */
function paintWalls(pen: Pen): void {
  const wall = (points: readonly (readonly [number, number])[]): void =>
    pen.stroke(line(points), 2.4, INK)
  pen.stroke(rect(-60, -40, 120, 80), 2.4, INK)
  wall([
    [6, -40],
    [6, -22],
  ])
  wall([
    [6, -10],
    [6, 12],
  ])
  wall([
    [6, 24],
    [6, 40],
  ])
  wall([
    [6, -4],
    [60, -4],
  ])
  for (const [x, y, turn] of [
    [-40, 40, 0],
    [34, -40, 0],
    [60, 20, 0.25],
    [-60, 4, 0.25],
  ] as const) {
    pen.at({ x, y, turn }, () => {
      pen.fill(rect(-9, -1.5, 18, 3), [1, 1, 1])
      pen.stroke('M-9 -0.9H9M-9 0.9H9', 0.5, INK)
    })
  }
  for (const y of [-22, 12]) {
    pen.stroke(
      line([
        [6, y],
        [18, y],
      ]),
      0.6,
      INK,
    )
    pen.stroke(arc(6, y, 12, 0, 0.25), 0.4, INK)
  }
}
