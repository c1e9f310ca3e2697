import { darken, lighten, mix } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import { linear, radial } from '../raster/gradient.ts'
import { arc, circle, join, line, rect, roundRect, smooth } from '../raster/path.ts'
import type { Point } from '../raster/path.ts'
import { has } from '../scene/read-scene.ts'
import type { Stage } from './painter.ts'

/** A screen of an app: a phone, or a browser window for sites and dashboards. */
export function paintScreen(stage: Stage): void {
  const { pen, studio, width, height, transparent, scene } = stage
  if (!transparent) {
    pen.fill(
      rect(-1, -1, width + 2, height + 2),
      linear(0, 0, width, height, [
        [0, lighten(mix(studio.ground, studio.main, 0.16), 0.2)],
        [1, mix(studio.ground, studio.main, 0.34)],
      ]),
    )
    pen.fill(
      circle(width * 0.2, height * 0.85, 46),
      radial(width * 0.2, height * 0.85, 46, [
        [0, studio.accents[0], 0.4],
        [1, studio.accents[0], 0],
      ]),
    )
    pen.fill(
      circle(width * 0.82, height * 0.15, 50),
      radial(width * 0.82, height * 0.15, 50, [
        [0, studio.accents[2], 0.5],
        [1, studio.accents[2], 0],
      ]),
    )
  }
  const things = scene.things.map(({ name }) => name)
  const phone = has(scene, 'phone', 'fitness', 'music') || height >= width
  if (phone) {
    const h = Math.min(92, height * 0.9)
    if (width > 150) {
      for (const side of [-1, 1]) {
        pen.at(
          {
            x: width / 2 + side * 52,
            y: height / 2 + 5,
            scale: (h / 100) * 0.84,
            turn: side * 0.012,
          },
          () => paintPhone(stage, side < 0 ? 1 : 2),
        )
      }
    }
    pen.at(
      {
        x: width / 2,
        y: height / 2,
        scale: height > 130 ? Math.min(height / 112, width / 56) : h / 100,
      },
      () => paintPhone(stage, 0),
    )
  } else paintBrowser(stage, things.length)
}

function paintPhone(stage: Stage, page: number): void {
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

function bar(stage: Stage, x: number, y: number, w: number, h: number, color: Color): void {
  stage.pen.fill(roundRect(x, y, w, h, h / 2), color)
}

function card(stage: Stage, x: number, y: number, w: number, h: number, color: Color): void {
  stage.pen.soft(roundRect(x, y + 0.7, w, h, 2.6), 1.2, stage.studio.ink, { opacity: 0.13 })
  stage.pen.fill(roundRect(x, y, w, h, 2.6), color)
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
  bar(stage, -17, -41, 13, 2, lighten(studio.main, 0.8))
  bar(stage, -17, -37.4, 20, 1.4, lighten(studio.main, 0.45))
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
    card(stage, x, -4, 11.4, 13, lighten(studio.surface, 0.6))
    pen.fill(circle(x + 3.4, -0.4, 1.9), tints[i]!)
    bar(stage, x + 1.6, 3.2, 6.6, 1.5, studio.ink)
    bar(stage, x + 1.6, 5.8, 4.6, 1, soft)
  }
  card(stage, -18.4, 12, 36.8, 23.6, lighten(studio.surface, 0.6))
  bar(stage, -15.6, 14.6, 11, 1.5, studio.ink)
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
  bar(stage, -17, -40, 16, 2.2, studio.ink)
  card(stage, -18.4, -34, 36.8, 30, lighten(studio.surface, 0.6))
  paintCurve(stage, -16, -30, 32, 22, studio.accents[1])
  for (let i = 0; i < 3; i++) {
    card(stage, -18.4, 0 + i * 12.4, 36.8, 10.4, lighten(studio.surface, 0.6))
    pen.stroke(arc(-13, 5.2 + i * 12.4, 2.9, 0, 0.4 + i * 0.2), 1.1, studio.accents[i]!)
    bar(stage, -7, 3.2 + i * 12.4, 14, 1.4, studio.ink)
    bar(stage, -7, 6.2 + i * 12.4, 9, 1, mix(studio.ink, studio.surface, 0.62))
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
  bar(stage, -17, -7, 22, 2.2, studio.ink)
  bar(stage, -17, -3, 30, 1.2, mix(studio.ink, studio.surface, 0.62))
  for (let i = 0; i < 3; i++) {
    card(stage, -18.4, 2 + i * 11.6, 36.8, 9.8, lighten(studio.surface, 0.6))
    pen.fill(roundRect(-16.4, 3.8 + i * 11.6, 6.2, 6.2, 1.6), studio.accents[i]!)
    bar(stage, -7.6, 5 + i * 11.6, 15, 1.4, studio.ink)
    bar(stage, -7.6, 7.8 + i * 11.6, 10, 1, mix(studio.ink, studio.surface, 0.62))
    pen.fill(circle(14.6, 6.9 + i * 11.6, 1.6), studio.main)
  }
}

function paintCurve(
  { pen, random }: Stage,
  x: number,
  y: number,
  w: number,
  h: number,
  color: Color,
): void {
  const points: Point[] = Array.from({ length: 8 }, (_, i): Point => [
    x + (i / 7) * w,
    y + h * (0.75 - (i / 7) * 0.5 + random.range(-0.2, 0.2)),
  ])
  const curve = smooth(points, false)
  pen.fill(
    join(curve, [1, x + w, y + h, 1, x, y + h, 4]),
    linear(0, y, 0, y + h, [
      [0, color, 0.5],
      [1, color, 0],
    ]),
  )
  pen.stroke(curve, 0.9, color)
  const [px, py] = points[5]!
  pen.fill(circle(px, py, 1.7), [1, 1, 1])
  pen.stroke(circle(px, py, 1.7), 0.7, color)
}

function paintBrowser(stage: Stage, seed: number): void {
  const { pen, studio, width, height, random } = stage
  const w = Math.min(width * 0.86, 140)
  const h = Math.min(height * 0.82, w * 0.66)
  const [x, y] = [(width - w) / 2, (height - h) / 2]
  const soft = mix(studio.ink, studio.surface, 0.62)
  pen.soft(roundRect(x, y + 2, w, h, 3), 6, studio.ink, { opacity: 0.34 })
  pen.fill(roundRect(x, y, w, h, 3), lighten(studio.surface, 0.2))
  pen.clip(roundRect(x, y, w, h, 3), () => {
    pen.fill(rect(x, y, w, 6), mix(studio.ground, studio.ink, 0.08))
    for (const [i, color] of [studio.main, studio.accents[0], studio.accents[2]].entries()) {
      pen.fill(circle(x + 4 + i * 3.4, y + 3, 1.1), color)
    }
    bar(stage, x + w * 0.28, y + 1.6, w * 0.44, 2.8, studio.surface)
    pen.fill(rect(x, y + 6, w * 0.17, h), darken(studio.ink, 0.1))
    for (let i = 0; i < 6; i++) {
      pen.fill(
        roundRect(x + 3, y + 12 + i * 6.4, 2.6, 2.6, 0.8),
        i === seed % 3 ? studio.accents[0] : soft,
      )
      bar(stage, x + 7, y + 12.6 + i * 6.4, w * 0.085, 1.3, i === seed % 3 ? studio.surface : soft)
    }
    const left = x + w * 0.2
    const inner = w * 0.77
    bar(stage, left, y + 10, inner * 0.26, 2.2, studio.ink)
    for (let i = 0; i < 3; i++) {
      const cw = (inner - 6) / 3
      card(stage, left + i * (cw + 3), y + 15, cw, h * 0.2, lighten(studio.surface, 0.6))
      pen.stroke(
        arc(left + i * (cw + 3) + cw - 6, y + 15 + h * 0.1, 3.4, -0.25, 0.15 + i * 0.18),
        1.2,
        [studio.main, ...studio.accents][i]!,
      )
      bar(stage, left + i * (cw + 3) + 2.6, y + 18.4, cw * 0.34, 1.2, soft)
      bar(stage, left + i * (cw + 3) + 2.6, y + 21.4, cw * 0.44, 2.6, studio.ink)
    }
    const top = y + 18 + h * 0.2
    const ch = y + h - top - 4
    card(stage, left, top, inner * 0.63, ch, lighten(studio.surface, 0.6))
    for (let i = 1; i < 5; i++) {
      pen.stroke(
        line([
          [left + 3, top + (ch * i) / 5],
          [left + inner * 0.63 - 3, top + (ch * i) / 5],
        ]),
        0.2,
        soft,
        { opacity: 0.5 },
      )
    }
    paintCurve(stage, left + 3, top + 4, inner * 0.63 - 6, ch - 7, studio.main)
    paintCurve(stage, left + 3, top + 9, inner * 0.63 - 6, ch - 12, studio.accents[0])
    card(stage, left + inner * 0.66, top, inner * 0.34, ch, lighten(studio.surface, 0.6))
    for (let i = 0; i < 8; i++) {
      const bh = ch * random.range(0.2, 0.72)
      pen.fill(
        roundRect(
          left + inner * 0.68 + i * inner * 0.038,
          top + ch - 3 - bh,
          inner * 0.024,
          bh,
          0.8,
        ),
        i % 3 === 0 ? studio.accents[1] : studio.main,
      )
    }
  })
}
