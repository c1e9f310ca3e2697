import type { Asset, Output } from '@limn/core'
import { didYouMean, type Format } from '@limn/core/for-vite'
import { LimnError } from '@limn/core/for-vite/start'

/**
 * What a page needs to show a picture. Its `sources` and `img` are of the shape that `<picture>`
 * components take.
 */
export type Picture = {
  /** URL of the widest file of the format that every browser reads. */
  src: string
  /** Every width of that format, `URL 640w, URL 1280w`. */
  srcset: string
  /** Better formats, the best first: `srcset` by format (`avif`, `webp`). */
  sources: Record<string, string>
  /** Size of `src`, px. */
  width: number
  height: number
  alt: string
  /**
   * A tiny PNG as a data URL, to show until the picture is there; empty where there is no master
   * yet.
   */
  placeholder: string
  img: { src: string; w: number; h: number }
}

/**
 * An asset whose outputs have the sizes that they come to: a file that only shrinks a master has
 * the master's shape.
 */
export function withActualSizes(asset: Asset, master: { width: number; height: number }): Asset {
  const outputs = asset.outputs.map((output) => {
    if (output.fit !== 'inside') return output
    const scale = Math.min(1, output.width / master.width, output.height / master.height)
    return {
      ...output,
      width: Math.max(1, Math.round(master.width * scale)),
      height: Math.max(1, Math.round(master.height * scale)),
    }
  })
  return { ...asset, outputs }
}

/** Says where a file is had. */
export type UrlOf = (output: Output) => string

/** What `virtual:limn/<asset>` gives: the asset's first responsive preset, else its first output. */
export function pictureOf(asset: Asset, urlOf: UrlOf, placeholder: string): Picture {
  return createPicture(asset, mainOutputs(asset), urlOf, placeholder)
}

/**
 * What `virtual:limn/<asset>@<selector>` gives: the URL of one file (`og`, `card-640.webp`,
 * `card.webp` for the widest), or a Picture where a preset has several files.
 *
 * @throws LimnError `output/unknown`
 */
export function selectionOf(
  asset: Asset,
  selector: string,
  urlOf: UrlOf,
  placeholder: string,
): Picture | string {
  const outputs = outputsOf(asset, selector)
  return isPictureSelector(asset, selector)
    ? createPicture(asset, outputs, urlOf, placeholder)
    : urlOf(mainOutput(outputs))
}

/**
 * The files of an asset that stand for it where nothing is selected: its first responsive preset,
 * else its first output.
 */
export function mainOutputs(asset: Asset): Output[] {
  const groups = groupByPreset(asset.outputs)
  return groups.find((group) => group.length > 1) ?? groups[0]!
}

/**
 * The files that a selector stands for: one file, a preset's files, or a preset's files of one
 * format.
 *
 * @throws LimnError `output/unknown`
 */
export function outputsOf(asset: Asset, selector: string): Output[] {
  const exact = asset.outputs.find(({ file }) => file === selector)
  if (exact !== undefined) return [exact]
  const preset = asset.outputs.filter((output) => output.preset === selector)
  if (preset.length > 0) return preset
  const ofFormat = asset.outputs.filter(
    (output) => `${output.preset}${output.file.slice(output.file.lastIndexOf('.'))}` === selector,
  )
  if (ofFormat.length > 0) return ofFormat
  const known = selectorsOf(asset)
  throw new LimnError('output/unknown', `"${asset.name}" has no output "${selector}".`, {
    hint: didYouMean(selector, known) ?? `It has ${known.join(', ')}.`,
  })
}

/** Everything that can stand behind the `@` of an asset: presets, presets with a format, files. */
export function selectorsOf(asset: Asset): string[] {
  return [
    ...new Set(
      asset.outputs.flatMap(({ preset, file }) => [
        preset,
        `${preset}${file.slice(file.lastIndexOf('.'))}`,
        file,
      ]),
    ),
  ]
}

/** Whether a selector stands for several files, and so for a Picture. */
export function isPictureSelector(asset: Asset, selector: string): boolean {
  return (
    !asset.outputs.some(({ file }) => file === selector) &&
    asset.outputs.filter(({ preset }) => preset === selector).length > 1
  )
}

/** The file that stands for several: the widest of the last format that every browser reads. */
export function mainOutput(outputs: readonly Output[]): Output {
  const fallback = fallbackOf(formatsOf(outputs))
  return widest(outputs.filter(({ format }) => format === fallback))
}

/** A Picture of some of an asset's files. */
export function createPicture(
  asset: Asset,
  outputs: readonly Output[],
  urlOf: UrlOf,
  placeholder: string,
): Picture {
  const formats = formatsOf(outputs)
  const fallback = fallbackOf(formats)
  const ofFormat = (format: Format): Output[] =>
    outputs.filter((output) => output.format === format)
  const srcset = (format: Format): string =>
    ofFormat(format)
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

function groupByPreset(outputs: readonly Output[]): Output[][] {
  return [...new Set(outputs.map(({ preset }) => preset))].map((preset) =>
    outputs.filter((output) => output.preset === preset),
  )
}

/** The formats of some files, the best first. Icon files are linked to, not shown. */
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
