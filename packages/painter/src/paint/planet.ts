import { darken, hex, lighten, mix } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import { linear, radial } from '../raster/gradient.ts'
import { arc, circle } from '../raster/path.ts'
import type { Pen } from '../raster/pen.ts'
import type { Stage } from './painter.ts'

/** A planet or moon about (x, y). */
interface Planet {
  x: number
  y: number
  r: number
  color: Color
  /** Colour of the air around it and of its rings. */
  glow: Color
  /** Side of the picture that it is on: 1 right, -1 left. */
  side: number
}

/** Paints a planet with rings. */
export function paintPlanet(stage: Stage, planet: Planet): void {
  const { pen } = stage
  const { x, y, r, color, glow } = planet
  pen.fill(
    circle(x, y, r * 1.5),
    radial(x, y, r * 1.5, [
      [0.6, glow, 0.45],
      [1, glow, 0],
    ]),
    { mode: 'screen' },
  )
  paintRings(pen, planet, 0.5, 1)
  pen.fill(
    circle(x, y, r),
    linear(0, y - r, 0, y + r, [
      [0, lighten(color, 0.12)],
      [1, darken(color, 0.1)],
    ]),
  )
  pen.clip(circle(x, y, r), () => {
    paintBands(stage, planet)
    paintShade(pen, planet)
  })
  paintRings(pen, planet, 0, 0.5)
}

/** Paints the part of the rings between two shares of a turn; the half from 0.5 is behind. */
function paintRings(
  pen: Pen,
  { x, y, r, color, glow, side }: Planet,
  from: number,
  to: number,
): void {
  const ringColor = mix(lighten(color, 0.4), glow, 0.25)
  pen.at({ x, y, turn: -0.05 * side, stretch: 0.26 }, () => {
    for (const [k, w, o] of [
      [1.92, 0.08, 0.35],
      [1.75, 0.2, 0.8],
      [1.53, 0.14, 0.55],
      [1.39, 0.05, 0.4],
    ] as const) {
      pen.stroke(arc(0, 0, r * k, from, to), r * w * 0.6, ringColor, { opacity: o })
    }
  })
}

function paintBands({ pen, random }: Stage, { x, y, r, color, side }: Planet): void {
  for (let i = 0; i < 10; i++) {
    const by = y - r + (i + random.next()) * r * 0.2
    const h = r * random.range(0.03, 0.11)
    pen.at({ x, y: by, turn: -0.03 * side }, () =>
      pen.fill(
        `M${-r * 1.1} 0Q${-r * 0.4} ${-h * 1.4} 0 0Q${r * 0.5} ${h} ${r * 1.1} 0V${h * 1.6}Q${r * 0.4} ${h * 2.6} 0 ${h * 1.6}Q${-r * 0.5} ${h * 0.4} ${-r * 1.1} ${h * 1.6}Z`,
        i % 2 === 0 ? darken(color, 0.26) : lighten(color, 0.4),
        { opacity: 0.5 },
      ),
    )
  }
}

function paintShade(pen: Pen, { x, y, r, side }: Planet): void {
  pen.fill(
    circle(x, y, r * 1.01),
    radial(x - side * r * 0.55, y - r * 0.5, r * 1.7, [
      [0, [1, 1, 1], 0.3],
      [0.4, [1, 1, 1], 0],
      [0.55, hex('#0b0d26'), 0.1],
      [1, hex('#0b0d26'), 0.9],
    ]),
  )
}

/** Paints a moon with craters. */
export function paintMoon(
  { pen, random }: Stage,
  { x, y, r, color, side }: Omit<Planet, 'glow'>,
): void {
  pen.fill(circle(x, y, r), color)
  pen.clip(circle(x, y, r), () => {
    for (let i = 0; i < 6; i++) {
      pen.fill(
        circle(x + random.range(-r, r), y + random.range(-r, r), r * random.range(0.1, 0.24)),
        darken(color, 0.24),
      )
    }
    pen.fill(
      circle(x, y, r),
      radial(x - side * r * 0.5, y - r * 0.5, r * 1.7, [
        [0.2, hex('#0b0d26'), 0],
        [1, hex('#0b0d26'), 0.85],
      ]),
    )
  })
}
