import { darken, hex, lighten, mix } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import { ellipse } from '../raster/path.ts'
import type { Noun } from '../scene/read-words.ts'
import type { AnimalOptions } from './animal-options.ts'
import { paintMap } from './held-map.ts'
import { tone } from './painter.ts'
import type { Stage } from './painter.ts'
import { paintSideAnimal } from './side-animals.ts'
import { paintSitting } from './sitting-animal.ts'
import type { Coat } from './sitting-animal.ts'

const COATS: Readonly<
  Record<string, readonly [string, string, string, Coat['ears'], Coat['tail'], Coat['mask']]>
> = {
  fox: ['#e4702f', '#fff1e0', '#4a2a2a', 'pointed', 'brush', 'fox'],
  cat: ['#e79a4b', '#fff0dc', '#8a4f2c', 'pointed', 'thin', 'plain'],
  dog: ['#d79a5a', '#fff2e0', '#5e3b2b', 'flop', 'thin', 'plain'],
  bear: ['#8a5a3c', '#d9aa7c', '#3a2620', 'round', 'none', 'plain'],
  panda: ['#fbf8f2', '#ffffff', '#2c2c36', 'round', 'none', 'panda'],
  rabbit: ['#d9c3ad', '#fff7ee', '#8a6a58', 'long', 'puff', 'plain'],
  deer: ['#c0834f', '#f8e3c8', '#5a3a2a', 'wide', 'none', 'deer'],
}

/** Paints an animal that sits or stands at (x, y), about 60 `scale` units high. */
export function paintAnimal(stage: Stage, name: Noun, options: AnimalOptions): void {
  const { pen, light } = stage
  const { x, y, scale } = options
  pen.soft(
    ellipse(x, y + 0.5, 21 * scale, 3.2 * scale),
    2 * scale,
    stage.transparent ? [0.15, 0.12, 0.2] : darken(light.near, 0.4),
    { opacity: stage.transparent ? 0.26 : 0.5 },
  )
  pen.at({ x, y, scale }, () => {
    const row = COATS[name]
    if (row === undefined) return paintSideAnimal(stage, name, options)
    const shade = (color: string): Color =>
      options.lit ? mix(tone(stage, hex(color)), hex(color), 0.25) : hex(color)
    const named = options.color
    const fur = shade(named ?? row[0])
    paintSitting(stage, name, {
      fur,
      pale: named === null ? shade(row[1]) : lighten(fur, 0.72),
      dark: named === null ? shade(row[2]) : darken(fur, 0.75),
      ears: row[3],
      tail: row[4],
      mask: row[5],
    })
    if (options.map) paintMap(stage, shade)
  })
}
