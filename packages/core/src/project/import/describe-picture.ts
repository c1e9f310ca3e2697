import { posix } from 'node:path'
import type { NewEntry } from '../../manifest/edit/add-asset.ts'
import type { Format } from '../../manifest/presets.ts'
import { toOneLine } from '../../safe-text.ts'
import type { PictureUse } from './find-uses.ts'
import type { FoundPicture } from './read-pictures.ts'

/** What an imported picture becomes: an asset with it as source, or with a copy as its master. */
export type ImportKind = 'sources' | 'masters'

/** Most widths of an output, and longest edge that every format allows, px. */
const MAX_WIDTHS = 8
const MAX_EDGE = 16_383
/** Longest alt text that is taken over, characters. */
const MAX_ALT = 500

/** Returns the entry of the manifest for a picture. */
export function describePicture(
  picture: FoundPicture,
  { name, use, kind }: { name: string; use: PictureUse; kind: ImportKind },
): NewEntry {
  const alt = altOf(use)
  const words = posix.basename(name).replaceAll(/[-_]+/g, ' ').trim()
  return {
    key: name,
    fields: [
      kind === 'sources' ? ['source', picture.path] : ['prompt', alt || words || name],
      ...(alt === undefined
        ? []
        : [alt === '' ? (['decorative', { flow: 'true' }] as const) : (['alt', alt] as const)]),
      ['outputs', { flow: formatOutputs(picture, use, kind) }],
    ],
  }
}

/** Returns the most frequent alt text; empty if the picture is only decorative. */
function altOf({ alts }: PictureUse): string | undefined {
  const [most] = [...alts]
    .filter(([alt]) => alt !== '' && !alt.includes('${'))
    .sort(([, a], [, b]) => b - a)
  if (most !== undefined) return toOneLine(most[0]).trim().slice(0, MAX_ALT)
  return alts.has('') ? '' : undefined
}

function formatOutputs(picture: FoundPicture, use: PictureUse, kind: ImportKind): string {
  const formats = formatsOf(picture, kind).join(', ')
  if (formats === 'svg') return `[{ name: web, formats: [svg] }]`
  const widths = widthsOf(picture, use)
  const shape = kind === 'masters' ? `${shapeOf(picture, widths.at(-1)!)}, ` : ''
  return `[{ name: web, ${shape}widths: [${widths.join(', ')}], formats: [${formats}] }]`
}

/** Returns the size that keeps the shape of a picture: without it, a prompt has the default one. */
function shapeOf(picture: FoundPicture, width: number): string {
  const height = Math.max(1, Math.round((width * picture.height) / picture.width))
  return `width: ${width}, height: ${height}`
}

/** Returns the formats that suit a picture, the best first, the one for every browser last. */
function formatsOf(
  { path, format, hasAlpha, isAnimated }: FoundPicture,
  kind: ImportKind,
): Format[] {
  if (format === 'svg') {
    // An SVG output requires a source that is named as one, and a prompt does not make one.
    return kind === 'sources' && /\.svg$/i.test(path) ? ['svg'] : ['webp', 'png']
  }
  if (isAnimated) return ['webp', 'gif']
  const isLossless = format === 'png' || format === 'gif' || hasAlpha
  return ['avif', 'webp', isLossless ? 'png' : 'jpeg']
}

/** Returns the widths in use, none wider than the picture; its own if code states none. */
function widthsOf({ width, height }: FoundPicture, use: PictureUse): number[] {
  const widest = Math.max(1, Math.floor(Math.min(width, MAX_EDGE, (MAX_EDGE * width) / height)))
  const fromHeights = [...use.heights].flatMap((each) => {
    const shown = Math.round((each * width) / height)
    return [shown, shown * 2]
  })
  const wanted = [...use.widths, ...fromHeights]
    .filter((each) => each > 0)
    .map((each) => Math.min(each, widest))
  const sorted = [...new Set(wanted)].sort((a, b) => a - b)
  if (sorted.length === 0) return [widest]
  return sorted.length <= MAX_WIDTHS ? sorted : thin(sorted)
}

/** Keeps the smallest, the largest and evenly spread widths between them. */
function thin(widths: readonly number[]): number[] {
  const step = (widths.length - 1) / (MAX_WIDTHS - 1)
  return Array.from({ length: MAX_WIDTHS }, (_, index) => widths[Math.round(index * step)]!)
}
