import { darken, hex, lighten, mix } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import { linear, radial, vertical } from '../raster/gradient.ts'
import { circle, ellipse, line, polygon, rect, roundRect } from '../raster/path.ts'
import { ANIMALS, colorOf, firstOf, has } from '../scene/read-scene.ts'
import { paintAnimal } from './animals.ts'
import type { Box } from './box.ts'
import type { Stage } from './painter.ts'
import { PRODUCT_PAINTERS } from './products.ts'
import { cloudShape } from './sky.ts'
import { paintRoundTree } from './trees.ts'

/** Paints a window with curtains and the view outside. */
export function paintWindow(stage: Stage, { x, y, w, h }: Box, wall: Color): void {
  const { pen, light } = stage
  const frame = light.dark ? lighten(wall, 0.2) : hex('#fffaf2')
  pen.soft(roundRect(x - 4, y - 4, w + 8, h + 8, 2), 5, light.dark ? hex('#6f8fd0') : [1, 1, 1], {
    opacity: 0.55,
  })
  pen.fill(roundRect(x - 2, y - 2, w + 4, h + 4, 1), frame)
  pen.clip(rect(x, y, w, h), () => paintOutlook(stage, { x, y, w, h }))
  pen.fill(rect(x + w / 2 - 0.8, y, 1.6, h), frame)
  pen.fill(rect(x, y + h * 0.36, w, 1.2), frame)
  pen.fill(roundRect(x - 4, y + h + 1, w + 8, 2.6, 0.6), lighten(frame, 0.4))
  pen.fill(rect(x - 4, y + h + 3.6, w + 8, 1.2), darken(wall, 0.4), { opacity: 0.3 })
  paintCurtains(stage, { x, y, w, h }, wall)
}

function paintCurtains({ pen, studio }: Stage, { x, y, w, h }: Box, wall: Color): void {
  const cloth = mix(wall, studio.accents[0], 0.3)
  for (const side of [-1, 1]) {
    const edge = side < 0 ? x - 10 : x + w + 10
    const inner = side < 0 ? x + 3 : x + w - 3
    pen.fill(
      `M${edge} ${y - 6}H${inner}C${inner + side * 1} ${y + h * 0.5} ${inner + side * 6} ${y + h * 0.7} ${inner + side * 5} ${y + h + 13}H${edge}Z`,
      linear(edge, 0, inner, 0, [
        [0, darken(cloth, 0.14)],
        [0.3, lighten(cloth, 0.3)],
        [0.55, cloth],
        [0.8, lighten(cloth, 0.3)],
        [1, darken(cloth, 0.06)],
      ]),
      { opacity: 0.94 },
    )
  }
  pen.stroke(
    line([
      [x - 13, y - 6],
      [x + w + 13, y - 6],
    ]),
    1,
    hex('#a9794c'),
  )
}

/** Paints what is seen through the window: sky, hills, and a tree or rain. */
function paintOutlook(stage: Stage, { x, y, w, h }: Box): void {
  const { pen, light, random, scene } = stage
  pen.fill(rect(x, y, w, h), vertical(y, y + h, light.sky))
  const sunX = x + w * random.range(0.25, 0.75)
  if (light.dark) paintStarsBehind(stage, { x, y, w, h })
  pen.fill(
    circle(sunX, y + h * 0.32, 20),
    radial(sunX, y + h * 0.32, 20, [
      [0, light.glow, 0.8],
      [1, light.glow, 0],
    ]),
  )
  pen.fill(circle(sunX, y + h * 0.32, 4.6), light.sun)
  if (!light.dark) {
    pen.fill(cloudShape(x + w * 0.7, y + h * 0.46, w * 0.34, random), [1, 1, 1], { opacity: 0.7 })
  }
  paintHillsBehind(stage, { x, y, w, h })
  if (scene.weather !== 'rain') {
    paintRoundTree(pen, {
      x: x + w * 0.2,
      y: y + h,
      h: h * 0.55,
      color: mix(light.foliage[0]!, light.near, light.dark ? 0.6 : 0.05),
      sun: 1,
      random,
    })
  } else {
    paintRainBehind(stage, { x, y, w, h })
  }
  pen.fill(
    polygon([
      [x, y],
      [x + w * 0.35, y],
      [x, y + h * 0.6],
    ]),
    [1, 1, 1],
    { opacity: 0.13 },
  )
}

function paintStarsBehind({ pen, light, random }: Stage, { x, y, w, h }: Box): void {
  for (let i = 0; i < 40; i++) {
    pen.fill(
      circle(x + random.next() * w, y + random.next() * h * 0.7, random.range(0.1, 0.28)),
      light.sun,
      { opacity: random.range(0.4, 1) },
    )
  }
}

function paintHillsBehind({ pen, light }: Stage, { x, y, w, h }: Box): void {
  for (const [i, k] of [0.55, 0.25, 0].entries()) {
    const tone = mix(mix(light.foliage[i % 2]!, light.near, light.dark ? 0.6 : 0.1), light.haze, k)
    pen.fill(
      `M${x - 2} ${y + h * (0.66 + i * 0.11)}Q${x + w * 0.3} ${y + h * (0.52 + i * 0.13)} ${x + w * 0.6} ${y + h * (0.68 + i * 0.09)}L${x + w + 2} ${y + h * (0.6 + i * 0.13)}V${y + h + 2}H${x - 2}Z`,
      tone,
    )
  }
}

function paintRainBehind({ pen, random }: Stage, { x, y, w, h }: Box): void {
  for (let i = 0; i < 60; i++) {
    const [left, top] = [x + random.next() * w, y + random.next() * h]
    // Two numbers are skipped: pictures keep their bytes only while each draw keeps its place.
    random.next()
    random.next()
    const drop = line([
      [left, top],
      [left - 0.6, top + 3],
    ])
    pen.stroke(drop, 0.16, [1, 1, 1], { opacity: 0.5 })
  }
}

/** Paints the sill below a window, with an animal on a cushion, a vase and books. */
export function paintSill(stage: Stage, glass: Box, wood: Color, wall: Color): void {
  const { pen, scene, width, height, studio, light } = stage
  const y = glass.y + glass.h + 1
  pen.fill(
    rect(-1, y + 1, width + 2, height),
    linear(0, y, 0, height, [
      [0, darken(wall, 0.1)],
      [1, darken(wall, 0.35)],
    ]),
  )
  pen.fill(
    roundRect(glass.x - 16, y, glass.w + 32, 6, 1),
    linear(0, y, 0, y + 6, [
      [0, lighten(wood, 0.3)],
      [1, darken(wood, 0.2)],
    ]),
  )
  pen.fill(rect(glass.x - 16, y + 6, glass.w + 32, 3), darken(wall, 0.6), { opacity: 0.3 })
  const cushion = mix(studio.accents[0], wall, 0.15)
  pen.fill(
    roundRect(width / 2 - 26, y - 3, 52, 6, 3),
    linear(0, y - 3, 0, y + 3, [
      [0, lighten(cushion, 0.2)],
      [1, darken(cushion, 0.2)],
    ]),
  )
  const animal = firstOf(scene, ANIMALS) ?? 'cat'
  pen.soft(ellipse(width / 2, y - 26, 22, 28), 6, light.glow, { opacity: light.dark ? 0.12 : 0.35 })
  paintAnimal(stage, animal, {
    x: width / 2,
    y: y - 1,
    scale: 0.82,
    map: has(scene, 'map', 'book'),
    color: colorOf(scene, animal),
    lit: false,
  })
  pen.at({ x: width / 2 + 34, y: y + 0.6, scale: 0.42 }, () =>
    PRODUCT_PAINTERS.vase!(pen, studio.main, studio.accents[1]),
  )
  pen.at({ x: width / 2 - 35, y: y + 0.6, scale: 0.4 }, () =>
    PRODUCT_PAINTERS.book!(pen, studio.accents[0], studio.accents[2]),
  )
}
