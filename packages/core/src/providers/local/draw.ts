import { finish } from './finish.ts'
import { PAINTERS } from './painters.ts'
import { createCanvas } from './raster/canvas.ts'
import { createPen } from './raster/pen.ts'
import { encodePng } from './raster/png.ts'
import type { RawPicture } from './raster/png.ts'
import { createRandom } from './raster/random.ts'
import { chooseLight } from './scene/light.ts'
import { readScene } from './scene/read-scene.ts'
import { normalizePrompt } from './scene/read-words.ts'
import { chooseStudio } from './scene/studio.ts'
import { paintScenery } from './paint/scenery.ts'

/** What to draw. */
export interface DrawOptions {
  readonly prompt: string
  readonly width: number
  readonly height: number
  readonly transparent: boolean
  readonly variant?: number
}

export function drawPicture(options: DrawOptions): Uint8Array {
  return encodePng(paint(options), options.transparent)
}

export function paint({ prompt, width, height, transparent, variant = 0 }: DrawOptions): RawPicture {
  const scene = readScene(prompt)
  const random = createRandom(`${normalizePrompt(prompt)}\n${variant}`)
  const canvas = createCanvas(width, height)
  const pen = createPen(canvas, 'none')
  const painter = PAINTERS[scene.kind] ?? paintScenery
  painter({ pen, scene, random, transparent, light: chooseLight(scene, random.fork('light')), studio: chooseStudio(scene, random.fork('studio')), width: pen.width, height: pen.height })
  return finish(canvas, { grain: 1.2, opaque: !transparent })
}
