import { describeReadError } from '../../disk/read-errors.ts'
import { maxBytes, readInside } from '../../disk/read-inside.ts'
import { LimnError } from '../../errors.ts'
import type { Output } from '../../manifest/manifest.ts'
import type { Overlay } from '../../manifest/overlay.ts'
import { decode, fromPixels, type Pixels } from '../../pictures/decode.ts'
import { createProcessPool } from '../../pictures/process-pool.ts'
import { nameUnreadable } from '../../pictures/unreadable-picture.ts'
import { type Card, createCard, logoHeight } from './card.ts'
import { notInstalled } from './not-installed.ts'
import type { OverlayOrder, OverlayResult } from './overlay-process.ts'
import { readFonts } from './read-fonts.ts'
import { visibleText } from './visible-text.ts'

type Size = { width: number; height: number }

/** Longest time to draw one overlay, ms: most take a hundredth of a second. */
const TIME_LIMIT = 20_000
/** The most memory that the process may use, bytes. */
const MEMORY_LIMIT = 1_500_000_000
/** Largest output with an overlay, pixels. */
const MAX_PIXELS = 40_000_000

const pool = createProcessPool<OverlayOrder, OverlayResult>('derive/overlay/overlay-process')

/** Draws the overlay of an output on a transparent picture of a size. */
export type OverlayDrawer = (size: Size) => Promise<Pixels>

/**
 * Creates the drawer of an output's overlay. It draws each size once.
 *
 * @param root of the project, absolute: what the overlay is made from is read below it
 */
export function createOverlayDrawer(output: Output, root: string): OverlayDrawer {
  const drawnBySize = new Map<string, Promise<Pixels>>()
  return (size) => {
    const key = `${size.width} ${size.height}`
    const drawn = drawnBySize.get(key) ?? drawOverlay(output, size, root)
    drawnBySize.set(key, drawn)
    return drawn
  }
}

async function drawOverlay(
  { file, overlay }: Output,
  { width, height }: Size,
  root: string,
): Promise<Pixels> {
  if (width * height > MAX_PIXELS) throw failed(file, `it is too large (${width}x${height} px)`)
  const order = await createOrder(overlay!, { width, height }, root)
  const result = await pool.run(
    order,
    {
      timeLimit: TIME_LIMIT,
      tooSlow: () => failed(file, `it takes more than ${TIME_LIMIT / 1000} s`),
      ended: (cause) => failed(file, 'the process that draws it has ended', cause),
    },
    (drawn) => !('failure' in drawn && drawn.failure === 'memory'),
  )
  if ('failure' in result) throw explain(result, file, overlay!)
  const { pixels } = result
  const data = Buffer.from(pixels.buffer, pixels.byteOffset, pixels.byteLength)
  return { data, width, height, channels: 4 }
}

async function createOrder(overlay: Overlay, size: Size, root: string): Promise<OverlayOrder> {
  const { template, html = '', text, lang, files } = overlay
  const fonts = readFonts(overlay, { root, text: text ?? visibleText(html) })
  const content: OverlayOrder['content'] =
    template === null
      ? { kind: 'card', card: createCard(overlay, size, await readLogo(overlay, size, root)) }
      : { kind: 'template', html, images: await readImages(files, root) }
  return { fonts, content, ...size, lang, memoryLimit: MEMORY_LIMIT }
}

async function readLogo({ logo }: Overlay, size: Size, root: string): Promise<Card['logo']> {
  if (logo === null) return null
  const { data, info } = await fromPixels(await readPicture(logo, root))
    .resize({ height: logoHeight(size) })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, data }
}

/** Reads the pictures of a template. It names them by their paths, with or without `./`. */
async function readImages(
  files: readonly string[],
  root: string,
): Promise<{ src: string; data: Uint8Array }[]> {
  const images = await Promise.all(
    files.map(async (file) => {
      const data = await fromPixels(await readPicture(file, root))
        .png({ compressionLevel: 1 })
        .toBuffer()
      return [file, `./${file}`].map((src) => ({ src, data }))
    }),
  )
  return images.flat()
}

async function readPicture(path: string, root: string): Promise<Pixels> {
  let bytes: Buffer
  try {
    bytes = readInside(root, path, maxBytes.picture)
  } catch (error) {
    throw new LimnError('overlay/failed', `${path} can't be read: ${describeReadError(error)}.`, {
      hint: 'Check its path in the overlay.',
      cause: error,
    })
  }
  try {
    return await decode(bytes)
  } catch (error) {
    throw nameUnreadable(error, path, 'Replace it with a good copy.')
  }
}

function explain(
  result: Extract<OverlayResult, { failure: string }>,
  file: string,
  { size }: Overlay,
): LimnError {
  switch (result.failure) {
    case 'not-installed':
      return notInstalled()
    case 'too-long':
      return new LimnError('overlay/too-long', `The text of ${file} does not fit.`, {
        hint:
          size === null
            ? 'Shorten it, or make the output larger.'
            : 'Shorten it, or remove `size`: without it, the text shrinks until it fits.',
      })
    case 'memory':
      return failed(file, `it takes more than ${MEMORY_LIMIT / 1e6} MB of memory`)
    case 'engine':
      return failed(file, result.message)
  }
}

function failed(file: string, reason: string, cause?: unknown): LimnError {
  return new LimnError('overlay/failed', `The overlay of ${file} can't be drawn: ${reason}.`, {
    hint: 'Simplify its template, or make the output smaller.',
    cause,
  })
}
