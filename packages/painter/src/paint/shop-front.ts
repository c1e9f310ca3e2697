import { darken, hex, lighten, mix } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import { linear, radial } from '../raster/gradient.ts'
import { circle, ellipse, rect, roundRect } from '../raster/path.ts'
import { colorOf } from '../scene/read-scene.ts'
import { tone } from './painter.ts'
import type { Stage } from './painter.ts'
import { paintPlant } from './plant.ts'
import { NEON } from './towers.ts'

/** Paints the front of a shop with its left edge at `x`, on the pavement at `base`. */
export function paintShopFront(stage: Stage, x: number, base: number, w: number): void {
  const { pen, studio, light, scene, random } = stage
  const trim = mix(tone(stage, hex(colorOf(scene, 'shop') ?? '#2f5d57')), studio.main, 0.14)
  const top = base - 33
  const [gx, gw] = [x + 3, w * 0.62]
  pen.fill(
    rect(x, top, w, 33),
    linear(0, top, 0, base, [
      [0, lighten(trim, 0.1)],
      [1, darken(trim, 0.35)],
    ]),
  )
  pen.fill(
    rect(gx, top + 8, gw, 19),
    linear(0, top + 8, 0, base - 6, [
      [0, lighten(light.lamp, 0.3)],
      [1, mix(light.lamp, hex('#d98a45'), 0.35)],
    ]),
  )
  pen.clip(rect(gx, top + 8, gw, 19), () => paintShelves(stage, gx, top + 8, gw))
  for (const t of [0, 0.33, 0.66, 1]) pen.fill(rect(gx + gw * t - 0.5, top + 8, 1, 19), trim)
  paintDoor(stage, { x, base, w, trim })
  pen.fill(roundRect(x + 4, top + 0.8, w - 8, 4.6, 0.8), darken(trim, 0.5))
  for (let i = 0; i < 7; i++) {
    pen.fill(roundRect(x + w * 0.3 + i * w * 0.06, top + 2.2, w * 0.04, 1.8, 0.5), hex('#f2cf85'))
  }
  paintAwning(stage, x, top, w)
  pen.fill(
    ellipse(x + w / 2, base - 6, w * 0.9, 30),
    radial(x + w / 2, base - 8, w * 0.72, [
      [0, light.lamp, light.time === 'day' ? 0.08 : 0.38],
      [1, light.lamp, 0],
    ]),
    { mode: 'screen' },
  )
  if (scene.styles.includes('neon')) {
    pen.soft(rect(x, top + 4, w, 1), 2, random.pick(NEON), { mode: 'screen' })
  }
  paintPlant(stage, x + w * 0.68, base + 0.6, 0.4)
}

function paintAwning(stage: Stage, x: number, top: number, w: number): void {
  const { pen, studio, light } = stage
  const stripes = 10
  const colors = [mix(tone(stage, studio.main), light.lamp, 0.08), tone(stage, hex('#fff4e2'))]
  for (let i = 0; i < stripes; i++) {
    const [a, b] = [x + (i * w) / stripes, x + ((i + 1) * w) / stripes]
    const lean = ((i + 0.5) / stripes - 0.5) * 3
    pen.fill(
      `M${a} ${top + 5}H${b}L${b + lean} ${top + 11}Q${(a + b) / 2 + lean} ${top + 14} ${a + lean} ${top + 11}Z`,
      colors[i % 2]!,
    )
  }
}

/** A shop front; `trim` is the colour of its woodwork. */
interface Front {
  x: number
  base: number
  w: number
  trim: Color
}

function paintDoor({ pen, light }: Stage, { x, base, w, trim }: Front): void {
  const top = base - 33
  const dx = x + w * 0.72
  pen.fill(rect(dx, top + 7, w * 0.2, 26), darken(trim, 0.3))
  pen.fill(rect(dx + 1.4, top + 9, w * 0.2 - 2.8, 15), lighten(light.lamp, 0.1))
  pen.fill(circle(dx + w * 0.2 - 2, base - 7, 0.6), hex('#f2cf85'))
}

function paintShelves({ pen, random, studio }: Stage, x: number, y: number, w: number): void {
  const covers: Color[] = [studio.main, ...studio.accents, hex('#8a4f3a'), hex('#35586b')]
  for (const shelf of [6.6, 13.4, 19.4]) {
    for (let bx = x + 1; bx < x + w;) {
      const [bw, bh] = [random.range(0.8, 1.8), random.range(3.4, 5.4)]
      if (random.chance(0.88)) {
        pen.fill(rect(bx, y + shelf - bh, bw, bh), darken(random.pick(covers), 0.15))
      }
      bx += bw + 0.1
    }
    pen.fill(rect(x, y + shelf, w, 0.7), hex('#7a4a2e'))
  }
  pen.fill(
    rect(x, y, w, 19),
    linear(0, y, 0, y + 19, [
      [0, hex('#fff0c0'), 0.4],
      [1, hex('#ffb45a'), 0.12],
    ]),
  )
}
