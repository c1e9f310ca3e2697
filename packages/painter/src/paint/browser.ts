import { darken, lighten, mix } from '../raster/color.ts'
import { arc, circle, line, rect, roundRect } from '../raster/path.ts'
import type { Stage } from './painter.ts'
import { bar, card, paintCurve } from './widgets.ts'

export function paintBrowser(stage: Stage, seed: number): void {
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
