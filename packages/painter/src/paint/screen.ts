import { lighten, mix } from '../raster/color.ts'
import { linear, radial } from '../raster/gradient.ts'
import { circle, rect } from '../raster/path.ts'
import { has } from '../scene/read-scene.ts'
import { paintBrowser } from './browser.ts'
import type { Stage } from './painter.ts'
import { paintPhone } from './phone-screen.ts'

/** Paints the screen of an app: a phone, or a browser window for a wide picture. */
export function paintScreen(stage: Stage): void {
  const { width, height, transparent, scene } = stage
  if (!transparent) paintBackdrop(stage)
  const things = scene.things.map(({ name }) => name)
  const phone = has(scene, 'phone', 'fitness', 'music') || height >= width
  if (phone) paintPhones(stage)
  else paintBrowser(stage, things.length)
}

function paintBackdrop({ pen, studio, width, height }: Stage): void {
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

/** Paints one phone, between two others in a wide picture. */
function paintPhones(stage: Stage): void {
  const { pen, width, height } = stage
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
}
