import { LimnError } from '../errors.ts'
import type { Output } from '../manifest/manifest.ts'
import { fromPixels, type Pixels } from '../pictures/decode.ts'
import type { Master } from '../pictures/read-master.ts'
import { findRegion, type Region } from './crop.ts'
import { encode, encodeAnimation } from './encode.ts'
import { packIco } from './pack-ico.ts'
import { markAsAiMade, markGif, markSvg } from './provenance.ts'
import { resize } from './resize.ts'

/** One finished file. */
export type Derived = { bytes: Buffer; width: number; height: number }

/**
 * Cuts outputs from one master; the part to crop is looked for once a shape.
 *
 * @throws LimnError `output/too-large` where no quality fits an output's limit
 */
export type Cutter = (output: Output) => Promise<Derived>

/**
 * Makes a picture ready to be cut. Of one that stands still the pixels are kept and the file is let
 * go.
 */
export function cutterOf(picture: Master): Cutter {
  const { format, bytes, animation, width, height, pixels } = picture
  const isMore = format === 'svg' || format === 'gif' || format === 'webp'
  return createCutter(pixels, isMore ? { format, bytes, animation, width, height } : undefined)
}

/**
 * Makes pixels ready to be cut. They are shared, never changed; `whole` is for what moves or is
 * drawn at any size.
 */
export function createCutter(
  master: Pixels,
  whole?: Pick<Master, 'format' | 'bytes' | 'animation' | 'width' | 'height'>,
): Cutter {
  const regionByShape = new Map<string, Promise<Region>>()
  return async (output) => {
    if (output.format === 'ico') return cutIcon(output)
    if (output.format === 'svg') return drawSvg(output)
    return cut(output)
  }

  async function cut(output: Output): Promise<Derived> {
    const first = await encodeAt(output, output.quality)
    return output.maxBytes === null || first.bytes.length <= output.maxBytes
      ? first
      : fitBytes(output, output.maxBytes, first)
  }

  async function encodeAt(output: Output, quality: number | null): Promise<Derived> {
    const region = output.fit === 'cover' ? await regionOf(output) : undefined
    const animation =
      output.format === 'gif' || output.format === 'webp' ? await whole?.animation() : undefined
    const encoded =
      animation === undefined
        ? encode(resize(master, output, region), output, quality)
        : await encodeAnimation(animation, output, region, quality)
    const { data, info } = await (output.provenance ? markAsAiMade(encoded) : encoded).toBuffer({
      resolveWithObject: true,
    })
    return {
      bytes: output.provenance && output.format === 'gif' ? markGif(data) : data,
      width: info.width,
      height: info.pageHeight ?? info.height,
    }
  }

  /** The best quality whose file is small enough, found by halving. */
  async function fitBytes(output: Output, maxBytes: number, tooLarge: Derived): Promise<Derived> {
    let [low, high] = [1, output.quality ?? 100]
    let best: Derived | undefined
    let smallest = tooLarge.bytes.length
    while (low < high) {
      const quality = Math.floor((low + high) / 2)
      const tried = await encodeAt(output, quality)
      smallest = Math.min(smallest, tried.bytes.length)
      if (tried.bytes.length > maxBytes) high = quality
      else [low, best] = [quality + 1, tried]
    }
    if (best !== undefined) return best
    throw new LimnError(
      'output/too-large',
      `${output.file} can't be made smaller than ${smallest} bytes, and its limit is ${maxBytes}.`,
      { hint: 'Raise maxBytes, choose another format, or a smaller size.' },
    )
  }

  /**
   * An SVG as it is; of a master made of pixels, those in an SVG, so that a stand-in fits where a
   * drawing is wanted.
   */
  async function drawSvg(output: Output): Promise<Derived> {
    const { width, height } = whole ?? master
    const { formatPixelsAsSvg } = await import('../pictures/sanitize-svg.ts')
    const svg =
      whole?.format === 'svg'
        ? new TextDecoder().decode(whole.bytes)
        : formatPixelsAsSvg(await fromPixels(master).png().toBuffer(), { width, height })
    return { bytes: Buffer.from(output.provenance ? markSvg(svg) : svg), width, height }
  }

  async function cutIcon(output: Output): Promise<Derived> {
    const pictures = await Promise.all(
      output.icons.map(async (size) => ({
        size,
        png: (await encodeAt({ ...output, format: 'png', width: size, height: size }, null)).bytes,
      })),
    )
    return { bytes: packIco(pictures), width: output.width, height: output.height }
  }

  function regionOf(output: Output): Promise<Region> {
    const key = `${output.width / output.height} ${output.position}`
    const known = regionByShape.get(key)
    if (known !== undefined) return known
    const region = findRegion(master, output)
    regionByShape.set(key, region)
    return region
  }
}
