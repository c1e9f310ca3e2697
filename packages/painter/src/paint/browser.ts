import { darken, lighten, mix } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import { arc, circle, line, rect, roundRect } from '../raster/path.ts'
import type { Box } from './box.ts'
import type { Stage } from './painter.ts'
import { paintBar, paintCurve, paintPanel } from './widgets.ts'

/** Paints a browser window with a dashboard. `seed` picks the active entry of the side bar. */
export function paintBrowser(stage: Stage, seed: number): void {
  const { pen, studio, width, height } = stage
  const w = Math.min(width * 0.86, 140)
  const h = Math.min(height * 0.82, w * 0.66)
  const [x, y] = [(width - w) / 2, (height - h) / 2]
  pen.soft(roundRect(x, y + 2, w, h, 3), 6, studio.ink, { opacity: 0.34 })
  pen.fill(roundRect(x, y, w, h, 3), lighten(studio.surface, 0.2))
  pen.clip(roundRect(x, y, w, h, 3), () => {
    paintTitleBar(stage, { x, y, w, h })
    paintSideBar(stage, { x, y, w, h }, seed % 3)
    const left = x + w * 0.2
    const inner = w * 0.77
    paintBar(stage, { x: left, y: y + 10, w: inner * 0.26, h: 2.2 }, studio.ink)
    for (let i = 0; i < 3; i++) {
      const cw = (inner - 6) / 3
      paintFigureCard(stage, { x: left + i * (cw + 3), y, w: cw, h }, i)
    }
    const top = y + 18 + h * 0.2
    const ch = y + h - top - 4
    paintLineChart(stage, { x: left, y: top, w: inner * 0.63, h: ch })
    paintBarChart(stage, { x: left, y: top, w: inner, h: ch })
  })
}

function softInk({ studio }: Stage): Color {
  return mix(studio.ink, studio.surface, 0.62)
}

function paintTitleBar(stage: Stage, { x, y, w }: Box): void {
  const { pen, studio } = stage
  pen.fill(rect(x, y, w, 6), mix(studio.ground, studio.ink, 0.08))
  for (const [i, color] of [studio.main, studio.accents[0], studio.accents[2]].entries()) {
    pen.fill(circle(x + 4 + i * 3.4, y + 3, 1.1), color)
  }
  paintBar(stage, { x: x + w * 0.28, y: y + 1.6, w: w * 0.44, h: 2.8 }, studio.surface)
}

function paintSideBar(stage: Stage, { x, y, w, h }: Box, active: number): void {
  const { pen, studio } = stage
  const soft = softInk(stage)
  pen.fill(rect(x, y + 6, w * 0.17, h), darken(studio.ink, 0.1))
  for (let i = 0; i < 6; i++) {
    const mark = roundRect(x + 3, y + 12 + i * 6.4, 2.6, 2.6, 0.8)
    pen.fill(mark, i === active ? studio.accents[0] : soft)
    const label = i === active ? studio.surface : soft
    paintBar(stage, { x: x + 7, y: y + 12.6 + i * 6.4, w: w * 0.085, h: 1.3 }, label)
  }
}

/** Paints a card with a figure and a ring that shows a share. `y` and `h` are the window's. */
function paintFigureCard(stage: Stage, { x, y, w, h }: Box, index: number): void {
  const { pen, studio } = stage
  paintPanel(stage, { x, y: y + 15, w, h: h * 0.2 }, lighten(studio.surface, 0.6))
  pen.stroke(
    arc(x + w - 6, y + 15 + h * 0.1, 3.4, -0.25, 0.15 + index * 0.18),
    1.2,
    [studio.main, ...studio.accents][index]!,
  )
  paintBar(stage, { x: x + 2.6, y: y + 18.4, w: w * 0.34, h: 1.2 }, softInk(stage))
  paintBar(stage, { x: x + 2.6, y: y + 21.4, w: w * 0.44, h: 2.6 }, studio.ink)
}

function paintLineChart(stage: Stage, { x, y, w, h }: Box): void {
  const { pen, studio } = stage
  paintPanel(stage, { x, y, w, h }, lighten(studio.surface, 0.6))
  for (let i = 1; i < 5; i++) {
    pen.stroke(
      line([
        [x + 3, y + (h * i) / 5],
        [x + w - 3, y + (h * i) / 5],
      ]),
      0.2,
      softInk(stage),
      { opacity: 0.5 },
    )
  }
  paintCurve(stage, { x: x + 3, y: y + 4, w: w - 6, h: h - 7 }, studio.main)
  paintCurve(stage, { x: x + 3, y: y + 9, w: w - 6, h: h - 12 }, studio.accents[0])
}

/** Paints a bar chart in the right third of a box. */
function paintBarChart(stage: Stage, { x, y, w, h }: Box): void {
  const { pen, studio, random } = stage
  paintPanel(stage, { x: x + w * 0.66, y, w: w * 0.34, h }, lighten(studio.surface, 0.6))
  for (let i = 0; i < 8; i++) {
    const bh = h * random.range(0.2, 0.72)
    pen.fill(
      roundRect(x + w * 0.68 + i * w * 0.038, y + h - 3 - bh, w * 0.024, bh, 0.8),
      i % 3 === 0 ? studio.accents[1] : studio.main,
    )
  }
}
