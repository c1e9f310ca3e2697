import { cutOut } from './effects/cut-out.ts'
import { keepMasked } from './effects/keep-masked.ts'
import { pencil, woodcut } from './effects/line-art.ts'
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
import { readRedrawn, readScene } from './scene/read-scene.ts'
import type { Scene } from './scene/read-scene.ts'
import { readSheet } from './scene/read-sheet.ts'
import { normalizePrompt } from './scene/read-words.ts'
import { chooseStudio } from './scene/studio.ts'
import { paintSheet } from './sheet.ts'
import type { Font } from './text/font.ts'
import { LATIN } from './text/latin.ts'
import { joinFonts } from './text/typeset.ts'

/** What to draw. */
export interface PaintOptions {
  /**
   * What the picture shows, in English or Chinese. Leading, trailing and repeated white space makes
   * no difference.
   */
  readonly prompt: string
  /** px, 1..8192. */
  readonly width: number
  /** px, 1..8192. */
  readonly height: number
  /**
   * Whether only the subject is drawn, on a transparent ground. Pictures without a single subject
   * are cut to a rounded shape.
   */
  readonly transparent: boolean
  /** Another composition of the same prompt; an integer, default 0. */
  readonly variant?: number
  /** A picture to edit. Its composition stays; its light and colours follow the prompt. */
  readonly base?: RawPicture
  /**
   * Where its alpha is 0, `base` may change; elsewhere it is kept. It may have any size and is
   * stretched over the picture.
   */
  readonly mask?: RawPicture
  /**
   * Letters beyond Latin, see `readFont`. Without it, words in other scripts are left out, and step
   * diagrams show their numbers alone.
   */
  readonly font?: Font
}

/** Longest edge, px. */
const MAX_EDGE = 8192

/** Short edge of the picture that pixel art enlarges, px. */
const PIXEL_ART_EDGE = 84

/**
 * Composes the pixels of a picture, straight RGBA, before they are encoded. Pure.
 *
 * @throws RangeError if width or height is not an integer from 1 to 8192, or if the data of `base`
 *   or `mask` does not fit its size.
 */
export function composePicture(options: PaintOptions): RawPicture {
  checkOptions(options)
  const { prompt, width, height, base, mask } = options
  const sheet = base === undefined ? readSheet(normalizePrompt(prompt)) : null
  if (sheet !== null) {
    return paintSheet(sheet, options, (own, size) =>
      composePicture({ ...options, ...size, prompt: own, transparent: true }),
    )
  }
  const seed = `${normalizePrompt(prompt)}\n${options.variant ?? 0}`
  if (base === undefined) return paintPicture(options, readScene(prompt), seed)
  const redrawn = readRedrawn(prompt)
  if (redrawn === null) {
    const scene = readScene(prompt)
    return relight({ base, mask: mask ?? null, scene, seed, width, height })
  }
  const picture = paintPicture(options, redrawn, seed)
  return mask === undefined ? picture : keepMasked(picture, base, mask)
}

/** Paints a scene; as pixel art, it is painted small and enlarged. */
function paintPicture(options: PaintOptions, scene: Scene, seed: string): RawPicture {
  const { width, height, transparent } = options
  const font = joinFonts(options.font === undefined ? [LATIN] : [LATIN, options.font])
  const short = Math.min(width, height)
  if (!scene.styles.includes('pixel') || short <= PIXEL_ART_EDGE * 2) {
    return paintScene({ scene, seed, width, height, transparent, font })
  }
  const factor = Math.round(short / PIXEL_ART_EDGE)
  const small = paintScene({
    scene,
    seed,
    width: Math.ceil(width / factor),
    height: Math.ceil(height / factor),
    transparent,
    font,
  })
  return enlarge(quantize(small), width, height, factor)
}

function checkOptions({ width, height, base, mask }: PaintOptions): void {
  for (const [name, edge] of Object.entries({ width, height })) {
    if (!Number.isInteger(edge) || edge < 1 || edge > MAX_EDGE) {
      throw new RangeError(`${name} is ${edge}. Pass an integer from 1 to ${MAX_EDGE} (px).`)
    }
  }
  for (const [name, input] of Object.entries({ base, mask })) {
    if (input === undefined) continue
    const size = input.width * input.height * 4
    if (input.data.length !== size) {
      throw new RangeError(
        `The data of ${name} has ${input.data.length} bytes, but its size requires ${size}. ` +
          'Pass 4 bytes per px.',
      )
    }
  }
}

/** What {@link paintScene} paints; sizes in px. */
interface SceneOptions {
  readonly scene: Scene
  readonly seed: string
  readonly width: number
  readonly height: number
  readonly transparent: boolean
  readonly font: Font
}

function paintScene({ scene, seed, width, height, transparent, font }: SceneOptions): RawPicture {
  const random = createRandom(seed)
  const canvas = createCanvas(width, height)
  const wrap = wrapOf(scene)
  const pen = createPen(canvas, wrap, scene.styles.includes('vector'))
  const cutout = CUTOUTS.has(scene.kind)
  PAINTERS[scene.kind]({
    pen,
    scene,
    random: random.fork('picture'),
    font,
    transparent: transparent && cutout,
    light: chooseLight(scene, random.fork('light')),
    studio: chooseStudio(scene, random.fork('studio')),
    width: pen.width,
    height: pen.height,
  })
  if (scene.styles.includes('watercolor')) watercolor(canvas, random.fork('paper'))
  if (scene.styles.includes('pencil')) pencil(canvas, random.fork('paper'))
  else if (scene.styles.includes('woodcut')) woodcut(canvas, random.fork('block'))
  if (transparent && !cutout && wrap === 'none') cutOut(canvas)
  return finish(canvas, { opaque: !transparent })
}

/** Returns across which edges a scene continues: none, the sides (`x`), or all four (`both`). */
function wrapOf(scene: Scene): 'none' | 'x' | 'both' {
  if (!scene.tile && scene.kind !== 'pattern') return 'none'
  return scene.kind === 'islands' ? 'x' : 'both'
}
