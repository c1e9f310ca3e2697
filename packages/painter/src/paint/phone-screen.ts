import { darken, lighten, mix } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import { linear } from '../raster/gradient.ts'
import { arc, circle, rect, roundRect } from '../raster/path.ts'
import type { Stage } from './painter.ts'
import { paintBar, paintCurve, paintPanel } from './widgets.ts'

/** Paints a phone about the origin, 100 units high. `page`: 0 home, 1 charts, 2 list. */
export function paintPhone(stage: Stage, page: number): void {
  const { pen, studio } = stage
  pen.soft(roundRect(-22, -46, 44, 98, 7), 6, studio.ink, { opacity: 0.34 })
  pen.fill(roundRect(-23, -50, 46, 100, 7.5), darken(studio.ink, 0.3))
  const glass = roundRect(-21.4, -48.4, 42.8, 96.8, 6)
  pen.fill(glass, lighten(studio.surface, 0.15))
  pen.clip(glass, () => {
    if (page === 0) paintHome(stage)
    else if (page === 1) paintChartPage(stage)
    else paintListPage(stage)
    pen.fill(rect(-22, 38.4, 44, 12), lighten(studio.surface, 0.5))
    for (let i = 0; i < 4; i++) {
      pen.fill(
        i === 0 ? roundRect(-15.6, 41.6, 3.6, 3.6, 1.2) : circle(-13.8 + i * 9.2, 43.4, 1.7),
        i === page ? studio.main : mix(studio.ink, studio.surface, 0.72),
      )
    }
  })
  pen.fill(roundRect(-6, -46.8, 12, 2.8, 1.4), darken(studio.ink, 0.3))
  pen.fill(roundRect(-6, 46.6, 12, 0.8, 0.4), studio.ink, { opacity: 0.5 })
}

function paintHome(stage: Stage): void {
  const { pen, studio, random } = stage
  const soft = mix(studio.ink, studio.surface, 0.62)
  pen.fill(
    rect(-22, -49, 44, 40),
    linear(-20, -48, 20, -10, [
      [0, studio.main],
      [1, mix(studio.main, studio.accents[1], 0.45)],
    ]),
  )
  paintBar(stage, { x: -17, y: -41, w: 13, h: 2 }, lighten(studio.main, 0.8))
  paintBar(stage, { x: -17, y: -37.4, w: 20, h: 1.4 }, lighten(studio.main, 0.45))
  pen.fill(circle(15, -39, 3), lighten(studio.accents[0], 0.5))
  for (const [r, share, color] of [
    [12, 0.78, [1, 1, 1]],
    [8.6, 0.55, studio.accents[0]],
  ] as const) {
    pen.stroke(arc(0, -20, r, 0, 1), 2, [1, 1, 1], { opacity: 0.2 })
    pen.stroke(arc(0, -20, r, -0.25, share - 0.25), 2, color as Color)
  }
  pen.fill(
    'M0 -16.6C-4.6 -20 -3.6 -23.6 -1.6 -23.6C-0.6 -23.6 0 -22.6 0 -22C0 -22.6 0.6 -23.6 1.6 -23.6C3.6 -23.6 4.6 -20 0 -16.6Z',
    [1, 1, 1],
  )
  const tints = [studio.accents[0], studio.accents[2], studio.accents[1]]
  for (let i = 0; i < 3; i++) {
    const x = -18.4 + i * 12.6
    paintPanel(stage, { x, y: -4, w: 11.4, h: 13 }, lighten(studio.surface, 0.6))
    pen.fill(circle(x + 3.4, -0.4, 1.9), tints[i]!)
    paintBar(stage, { x: x + 1.6, y: 3.2, w: 6.6, h: 1.5 }, studio.ink)
    paintBar(stage, { x: x + 1.6, y: 5.8, w: 4.6, h: 1 }, soft)
  }
  paintPanel(stage, { x: -18.4, y: 12, w: 36.8, h: 23.6 }, lighten(studio.surface, 0.6))
  paintBar(stage, { x: -15.6, y: 14.6, w: 11, h: 1.5 }, studio.ink)
  for (let i = 0; i < 7; i++) {
    const h = random.range(4, 13)
    pen.fill(roundRect(-15 + i * 4.5, 19, 2.6, 14, 1.3), mix(studio.main, studio.surface, 0.86))
    pen.fill(
      roundRect(-15 + i * 4.5, 33 - h, 2.6, h, 1.3),
      linear(0, 33 - h, 0, 33, [
        [0, i === 4 ? studio.accents[0] : studio.main],
        [1, mix(i === 4 ? studio.accents[0] : studio.main, studio.surface, 0.4)],
      ]),
    )
  }
}

function paintChartPage(stage: Stage): void {
  const { pen, studio } = stage
  paintBar(stage, { x: -17, y: -40, w: 16, h: 2.2 }, studio.ink)
  paintPanel(stage, { x: -18.4, y: -34, w: 36.8, h: 30 }, lighten(studio.surface, 0.6))
  paintCurve(stage, { x: -16, y: -30, w: 32, h: 22 }, studio.accents[1])
  for (let i = 0; i < 3; i++) {
    paintPanel(stage, { x: -18.4, y: 0 + i * 12.4, w: 36.8, h: 10.4 }, lighten(studio.surface, 0.6))
    pen.stroke(arc(-13, 5.2 + i * 12.4, 2.9, 0, 0.4 + i * 0.2), 1.1, studio.accents[i]!)
    paintBar(stage, { x: -7, y: 3.2 + i * 12.4, w: 14, h: 1.4 }, studio.ink)
    paintBar(stage, { x: -7, y: 6.2 + i * 12.4, w: 9, h: 1 }, mix(studio.ink, studio.surface, 0.62))
  }
}

function paintListPage(stage: Stage): void {
  const { pen, studio } = stage
  pen.fill(
    rect(-22, -49, 44, 38),
    linear(-20, -48, 20, -12, [
      [0, studio.accents[0]],
      [1, mix(studio.accents[0], studio.main, 0.5)],
    ]),
  )
  pen.fill('M-22 -18C-12 -28 -4 -18 4 -23C10 -27 16 -24 22 -28V-10H-22Z', [1, 1, 1], {
    opacity: 0.24,
  })
  pen.fill(circle(10, -33, 5), [1, 1, 1], { opacity: 0.6 })
  paintBar(stage, { x: -17, y: -7, w: 22, h: 2.2 }, studio.ink)
  paintBar(stage, { x: -17, y: -3, w: 30, h: 1.2 }, mix(studio.ink, studio.surface, 0.62))
  for (let i = 0; i < 3; i++) {
    paintPanel(stage, { x: -18.4, y: 2 + i * 11.6, w: 36.8, h: 9.8 }, lighten(studio.surface, 0.6))
    pen.fill(roundRect(-16.4, 3.8 + i * 11.6, 6.2, 6.2, 1.6), studio.accents[i]!)
    paintBar(stage, { x: -7.6, y: 5 + i * 11.6, w: 15, h: 1.4 }, studio.ink)
    paintBar(
      stage,
      { x: -7.6, y: 7.8 + i * 11.6, w: 10, h: 1 },
      mix(studio.ink, studio.surface, 0.62),
    )
    pen.fill(circle(14.6, 6.9 + i * 11.6, 1.6), studio.main)
  }
}
