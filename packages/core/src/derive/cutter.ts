import type { Sharp } from 'sharp'
import { beforeFinish, scaleFinish } from '../manifest/finish.ts'
import type { Output } from '../manifest/manifest.ts'
import type { Animation } from '../pictures/animation.ts'
import { isLarge } from '../pictures/decode-raster.ts'
import { fromPixels, type Pixels } from '../pictures/decode.ts'
import type { Master } from '../pictures/read-master.ts'
import type { Region } from './crop.ts'
import { drawFrame } from './draw-frame.ts'
import { type Derived, type Effort, encode, encodeAnimation, type EncodeOptions } from './encode.ts'
import { explainEncoder } from './explain-encoder.ts'
import { createRegionFinder, type RegionFinder } from './find-shown.ts'
import { fitBytes } from './fit-bytes.ts'
import type { OverlayDrawer } from './overlay/draw-overlay.ts'
import { packIco } from './pack-ico.ts'
import { markAsAiMade, markGif, markSvg } from './provenance.ts'
import { readDetail } from './read-detail.ts'
import { withAttributes } from './svg-attributes.ts'

/**
 * Cuts outputs from one master. The crop region is computed once per shape and position.
 *
 * @param effort `full` by default
 * @throws LimnError `output/too-large` if no quality fits an output's `maxBytes`
 */
export type Cutter = (output: Output, effort?: Effort) => Promise<Derived>

/** The master's file, for outputs that need more than its pixels: animations, SVG, large pictures. */
type Original = Pick<Master, 'format' | 'bytes' | 'animation' | 'vector' | 'width' | 'height'>

/** What outputs are cut from. Outputs share the pixels and never change them. */
type Source = {
  pixels: Pixels
  original: Original | undefined
  regionOf: RegionFinder
  /** Of the project, absolute; `undefined` where overlays can't be drawn. */
  root: string | undefined
}

/**
 * Creates the cutter of a master. It keeps the file of an SVG, a GIF, a WebP and a large picture,
 * and otherwise only the pixels.
 *
 * @param root of the project, absolute, for overlays; without it, a file with one can't be derived
 */
export function createMasterCutter(master: Master, root?: string): Cutter {
  const { format, bytes, animation, vector, width, height, pixels } = master
  const needsOriginal = format === 'svg' || master.frames > 1 || isLarge(master)
  return createCutter(pixels, {
    root,
    original: needsOriginal ? { format, bytes, animation, vector, width, height } : undefined,
  })
}

/**
 * Creates a cutter of decoded pixels. `original` is the file of an animation or an SVG; `root` is
 * that of the project, for overlays.
 */
export function createCutter(
  pixels: Pixels,
  { original, root }: { original?: Original | undefined; root?: string | undefined } = {},
): Cutter {
  const regionOf = createRegionFinder(pixels, original && (() => original.animation()))
  const source: Source = { pixels, original, regionOf, root }
  return async (output, effort = 'full') => {
    if (output.format === 'ico') return cutIcon(source, output)
    if (output.format === 'svg') return cutSvg(source, output)
    return cutRaster(source, output, effort)
  }
}

async function cutRaster(source: Source, output: Output, effort: Effort): Promise<Derived> {
  const picture = await openPicture(source, output)
  const first = await encodePicture(picture, output, { quality: output.quality, effort })
  return output.maxBytes === null || first.bytes.length <= output.maxBytes
    ? first
    : fitBytes(output, first, (quality) => encodePicture(picture, output, { quality, effort }))
}

/** What one output is encoded from, as often as its size limit requires. */
type OpenPicture = {
  pixels: Pixels
  /** The part of the pixels to show; `undefined` for all of them. */
  region: Region | undefined
  animation: Animation | undefined
  /** The file of a large picture, of which outputs may need more than the pixels have. */
  original: Original | undefined
  drawOverlay: OverlayDrawer | undefined
}

async function openPicture(
  { pixels, original, regionOf, root }: Source,
  output: Output,
): Promise<OpenPicture> {
  const region = await regionOf(output)
  const drawOverlay = await openOverlay(output, root)
  if (original?.vector !== undefined) {
    const { drawFor } = await import('./draw-vector.ts')
    const crop = region && { region, within: pixels }
    const drawn = await drawFor(original.vector, beforeFinish(output), crop)
    return {
      pixels: drawn,
      region: { left: 0, top: 0, width: drawn.width, height: drawn.height },
      animation: undefined,
      original: undefined,
      drawOverlay,
    }
  }
  const animation =
    output.format === 'gif' || output.format === 'webp' ? await original?.animation() : undefined
  return { pixels, region, animation, original, drawOverlay }
}

async function openOverlay(
  output: Output,
  root: string | undefined,
): Promise<OverlayDrawer | undefined> {
  if (output.overlay === undefined) return undefined
  if (root === undefined) throw new TypeError(`${output.file} has an overlay, but no project.`)
  const { createOverlayDrawer } = await import('./overlay/draw-overlay.ts')
  return createOverlayDrawer(output, root)
}

async function encodePicture(
  picture: OpenPicture,
  output: Output,
  options: EncodeOptions,
): Promise<Derived> {
  const { animation } = picture
  const encoded =
    animation === undefined
      ? encode(await resizeDetailed(picture, output), output, options)
      : await encodeAnimation(animation, output, { ...picture, quality: options.quality })
  const marked = output.provenance ? markAsAiMade(encoded) : encoded
  const { data, info } = await marked
    .toBuffer({ resolveWithObject: true })
    .catch((error: unknown) => Promise.reject(explainEncoder(error, output)))
  return {
    bytes: output.provenance && output.format === 'gif' ? markGif(data) : data,
    width: info.width,
    height: info.pageHeight ?? info.height,
  }
}

/** Resizes the decoded pixels, or more of the file's if the output needs them. */
async function resizeDetailed(
  { pixels, region, original, drawOverlay }: OpenPicture,
  output: Output,
): Promise<Sharp> {
  const detail = original && (await readDetail(original, beforeFinish(output), { pixels, region }))
  return detail === undefined
    ? drawFrame(pixels, output, { region, drawOverlay })
    : drawFrame(detail.pixels, output, { region: detail.region, drawOverlay })
}

/**
 * Returns an SVG master as it is, and the pixels of any other master embedded in an SVG: a draft is
 * never an SVG, but its output may have to be one.
 */
async function cutSvg({ pixels, original }: Source, { provenance }: Output): Promise<Derived> {
  const { width, height } = original ?? pixels
  const { formatPixelsAsSvg } = await import('../pictures/sanitize-svg.ts')
  const svg =
    original?.vector === undefined
      ? formatPixelsAsSvg(await fromPixels(pixels).png().toBuffer(), { width, height })
      : withAttributes(
          // Git may rewrite the line endings of a master.
          new TextDecoder().decode(original.bytes).replaceAll('\r\n', '\n'),
          original.vector.missingAttributes,
        )
  return { bytes: Buffer.from(provenance ? markSvg(svg) : svg), width, height }
}

async function cutIcon(source: Source, output: Output): Promise<Derived> {
  const pictures = await Promise.all(
    output.icons.map(async (size) => {
      const icon: Output = {
        ...output,
        format: 'png',
        width: size,
        height: size,
        quality: null,
        maxBytes: null,
        ...(output.finish && { finish: scaleFinish(output.finish, size / output.width) }),
      }
      return { size, png: (await cutRaster(source, icon, 'full')).bytes }
    }),
  )
  return { bytes: packIco(pictures), width: output.width, height: output.height }
}
