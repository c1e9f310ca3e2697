import { didYouMean } from '../../did-you-mean.ts'
import { LimnError } from '../../errors.ts'
import { hashRecipe } from '../../identity/recipe.ts'
import type { LockEntry } from '../../lock/lock.ts'
import type { Asset, Output } from '../../manifest/manifest.ts'
import { isVectorPath, sizeOfOutput } from '../../manifest/output-size.ts'
import type { Format } from '../../manifest/presets.ts'
import { presetWithFormat, selectorsOf } from '../types-file/selectors.ts'

/**
 * What a page needs to show an image. `sources` and `img` have the shape that `<picture>`
 * components of image plugins take.
 */
export type Picture = {
  /** URL of the widest file in the format that every browser reads. */
  src: string
  /** Every width in that format, `URL 640w, URL 1280w`. */
  srcset: string
  /** `srcset` by better format (`avif`, `webp`), the best first. */
  sources: Record<string, string>
  /** Width of `src`, px. */
  width: number
  /** Height of `src`, px. */
  height: number
  alt: string
  /** A tiny PNG as a data URL, to show until the image has loaded; empty before it is generated. */
  placeholder: string
  img: { src: string; w: number; h: number }
}

/** Returns the URL of an output. */
export type UrlOf = (output: Output) => string

/**
 * Returns an asset whose outputs have the sizes of their files: those in the lock entry of its
 * image, or those that the files will have.
 */
export function withActualSizes(
  asset: Asset,
  {
    master,
    outputs: locked,
  }: {
    master: Pick<LockEntry['master'], 'path' | 'sha256' | 'width' | 'height'>
    outputs: LockEntry['outputs']
  },
): Asset {
  const isVector = isVectorPath(master.path)
  const outputs = asset.outputs.map((output) => {
    if (output.fit !== 'inside') return output
    const file = Object.hasOwn(locked, output.file) ? locked[output.file]! : undefined
    const isCurrent = file !== undefined && file.recipe === hashRecipe(master, output)
    const { width, height } = isCurrent ? file : sizeOfOutput(output, { ...master, isVector })
    return { ...output, width, height }
  })
  return { ...asset, outputs }
}

/**
 * Returns the animated ones of some outputs of an animated image: a browser shows the first format
 * that it knows, and one that stands still must not be the first. Returns all if none is animated.
 */
export function animatedOutputs(outputs: Output[], { master }: LockEntry): Output[] {
  // Earlier versions did not record the number of frames.
  const isAnimated = master.frames === undefined ? /\.gif$/i.test(master.path) : master.frames > 1
  const moving = outputs.filter(({ format }) => format === 'webp' || format === 'gif')
  return isAnimated && moving.length > 0 ? moving : outputs
}

/**
 * Returns the outputs that a selector selects: one file, a preset's files, or a preset's files of
 * one format.
 *
 * @throws LimnError `output/unknown`
 */
export function outputsOf(asset: Asset, selector: string): Output[] {
  const exact = asset.outputs.find(({ file }) => file === selector)
  if (exact !== undefined) return [exact]
  const ofPreset = asset.outputs.filter(({ preset }) => preset === selector)
  if (ofPreset.length > 0) return ofPreset
  const ofFormat = asset.outputs.filter((output) => presetWithFormat(output) === selector)
  if (ofFormat.length > 0) return ofFormat
  const known = selectorsOf(asset)
  throw new LimnError('output/unknown', `"${asset.name}" has no output "${selector}".`, {
    hint: didYouMean(selector, known) ?? `Use one of its outputs: ${known.join(', ')}.`,
  })
}

/** Returns the output that represents several: the widest in the format that every browser reads. */
export function mainOutput(outputs: readonly Output[]): Output {
  const fallback = fallbackOf(formatsOf(outputs))
  return widest(outputs.filter(({ format }) => format === fallback))
}

export type PictureOptions = {
  /** The outputs to offer, at least one. */
  outputs: readonly Output[]
  urlOf: UrlOf
  /** A data URL, or empty. */
  placeholder: string
}

/** Creates the `Picture` of some of an asset's outputs. */
export function createPicture(
  asset: Asset,
  { outputs, urlOf, placeholder }: PictureOptions,
): Picture {
  const formats = formatsOf(outputs)
  const fallback = fallbackOf(formats)
  const srcset = (format: Format): string =>
    withDistinctWidths(outputs.filter((output) => output.format === format))
      .map((output) => `${urlOf(output)} ${output.width}w`)
      .join(', ')
  const main = mainOutput(outputs)
  const src = urlOf(main)
  return {
    src,
    srcset: srcset(fallback),
    sources: Object.fromEntries(
      formats.filter((format) => format !== fallback).map((format) => [format, srcset(format)]),
    ),
    width: main.width,
    height: main.height,
    alt: asset.alt,
    placeholder,
    img: { src, w: main.width, h: main.height },
  }
}

/** A master that is smaller than several widths has the same file for each of them. */
function withDistinctWidths(outputs: readonly Output[]): Output[] {
  return outputs.filter(
    ({ width }, index) => outputs.findIndex((other) => other.width === width) === index,
  )
}

/** Returns the formats of some outputs, the best first, without `ico` unless it is the only one. */
function formatsOf(outputs: readonly Output[]): Format[] {
  return [...new Set(outputs.map(({ format }) => format))].filter(
    (format, _, all) => format !== 'ico' || all.length === 1,
  )
}

function fallbackOf(formats: readonly Format[]): Format {
  return (
    formats.findLast((format) => format === 'jpeg' || format === 'png') ??
    formats.find((format) => format === 'gif') ??
    formats.at(-1)!
  )
}

function widest(outputs: readonly Output[]): Output {
  return outputs.reduce((a, b) => (b.width > a.width ? b : a))
}
