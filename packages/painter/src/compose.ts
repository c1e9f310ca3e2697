import { cutOut } from './effects/cut-out.ts'
import { enlarge, quantize } from './effects/pixelate.ts'
import { relight } from './effects/relight.ts'
import { watercolor } from './effects/watercolor.ts'
import { finish } from './finish.ts'
import { CUTOUTS, PAINTERS } from './painters.ts'
import { createCanvas } from './raster/canvas.ts'
import { createPen } from './raster/pen.ts'
import type { RawPicture } from './raster/png.ts'
import { createRandom } from './raster/random.ts'
import { chooseLight } from './scene/light.ts'
import { readScene } from './scene/read-scene.ts'
import type { Scene } from './scene/read-scene.ts'
import { normalizePrompt } from './scene/read-words.ts'
import { chooseStudio } from './scene/studio.ts'

/** What to draw. */
export interface PaintOptions {
  /** English or Chinese; white space at the ends and its amount don't matter. */
  readonly prompt: string
  /** px, 1..8192 */
  readonly width: number
  /** px, 1..8192 */
  readonly height: number
  /** Whether only the subject is wanted, the rest clear; scenery is cut to a rounded shape. */
  readonly transparent: boolean
  /** Another composition of the same prompt; whole number, default 0. */
  readonly variant?: number
  /** A picture to be changed: its composition stays, its light and colours follow the prompt. */
  readonly base?: RawPicture
  /**
   * Where its alpha is 0 the base may change; elsewhere it is kept. Any size; it is stretched over
   * the picture.
   */
  readonly mask?: RawPicture
}

const LARGEST = 8192
const PIXEL_ART_EDGE = 84

/**
 * The pixels of {@link PaintOptions}, straight RGBA, before they are encoded.
 *
 * @throws RangeError if width or height isn't a whole number from 1 to 8192, or an input's data
 *   doesn't fit its size.
 */
export function paint(options: PaintOptions): RawPicture {
  const { prompt, width, height, transparent, base, mask } = options
  for (const edge of [width, height]) {
    if (!Number.isInteger(edge) || edge < 1 || edge > LARGEST) {
      throw new RangeError(`width and height are whole numbers from 1 to ${LARGEST}`)
    }
  }
  for (const input of [base, mask]) {
    if (input !== undefined && input.data.length !== input.width * input.height * 4) {
      throw new RangeError('an input picture has 4 bytes a pixel')
    }
  }
  const scene = readScene(prompt)
  const seed = `${normalizePrompt(prompt)}\n${options.variant ?? 0}`
  if (base !== undefined) return relight({ base, mask: mask ?? null, scene, seed, width, height })
  const short = Math.min(width, height)
  if (scene.styles.includes('pixel') && short > PIXEL_ART_EDGE * 2) {
    const factor = Math.round(short / PIXEL_ART_EDGE)
    const small = compose(
      scene,
      seed,
      Math.ceil(width / factor),
      Math.ceil(height / factor),
      transparent,
    )
    return enlarge(quantize(small), width, height, factor)
  }
  return compose(scene, seed, width, height, transparent)
}

function compose(
  scene: Scene,
  seed: string,
  width: number,
  height: number,
  transparent: boolean,
): RawPicture {
  const random = createRandom(seed)
  const canvas = createCanvas(width, height)
  const wrap =
    !scene.tile && scene.kind !== 'pattern' ? 'none' : scene.kind === 'islands' ? 'x' : 'both'
  const pen = createPen(canvas, wrap)
  PAINTERS[scene.kind]({
    pen,
    scene,
    random: random.fork('picture'),
    transparent: transparent && CUTOUTS.has(scene.kind),
    light: chooseLight(scene, random.fork('light')),
    studio: chooseStudio(scene, random.fork('studio')),
    width: pen.width,
    height: pen.height,
  })
  if (scene.styles.includes('watercolor')) watercolor(canvas, random.fork('paper'))
  if (transparent && !CUTOUTS.has(scene.kind) && wrap === 'none') cutOut(canvas)
  return finish(canvas, { opaque: !transparent })
}
