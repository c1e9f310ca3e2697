import type { Flip } from '../../manifest/finish.ts'
import type { Format } from '../../manifest/presets.ts'
import type { FoundPicture } from '../import/read-pictures.ts'

/** The form in which code imports a picture from vite-imagetools. */
type ImportForm = 'url' | 'srcset' | 'img' | 'picture'

/** An output of Limn that equals what an import of vite-imagetools asks for. */
export type MigratedOutput = {
  name: string
  form: ImportForm
  /** As the manifest has it, in braces. */
  rule: string
  widths: readonly number[]
  formats: readonly Format[]
}

/** Directives that change nothing in what Limn makes. */
const WITHOUT_EFFECT = ['progressive', 'effort', 'kernel', 'basePixels']
const HANDLED = ['w', 'h', 'aspect', 'format', 'quality', 'fit', 'position', 'background', 'as']
/** Directives without a value that Limn has a finishing step for. */
const SWITCHES = ['grayscale', 'flip', 'flop']

const formatByName: Readonly<Record<string, Format>> = {
  avif: 'avif',
  webp: 'webp',
  jpg: 'jpeg',
  jpeg: 'jpeg',
  png: 'png',
  gif: 'gif',
}

const positionByName: Readonly<Record<string, string>> = {
  center: 'centre',
  centre: 'centre',
  entropy: 'entropy',
  attention: 'attention',
  top: 'top',
  north: 'top',
  right: 'right',
  east: 'right',
  bottom: 'bottom',
  south: 'bottom',
  left: 'left',
  west: 'left',
  'right top': 'top-right',
  northeast: 'top-right',
  'left top': 'top-left',
  northwest: 'top-left',
  'right bottom': 'bottom-right',
  southeast: 'bottom-right',
  'left bottom': 'bottom-left',
  southwest: 'bottom-left',
}

/** What has no counterpart in Limn: the end of a sentence. */
export class NoCounterpart extends Error {}

/**
 * Converts the directives of an import.
 *
 * @throws NoCounterpart if Limn would make something else
 */
export function convertDirectives(
  directives: URLSearchParams,
  picture: FoundPicture,
): MigratedOutput {
  requireKnown(directives)
  const form = formOf(directives)
  const formats = formatsOf(directives, picture)
  const { widths, height, fit } = sizeOf(directives, picture)
  requireForm(form, { widths, formats })
  const quality = number(one(directives, 'quality'))
  const crop = height === undefined ? {} : cropOf(directives, fit)
  const size = widths.length === 1 ? { width: widths[0]! } : { widths: `[${widths.join(', ')}]` }
  const finish = finishOf(directives)
  const rule = { ...size, height, formats: `[${formats.join(', ')}]`, quality, ...crop, ...finish }
  const written = Object.entries(rule).filter(([, value]) => value !== undefined)
  const name = [
    `w${widths.join('-')}` + (height === undefined ? '' : `x${height}`),
    ...(height !== undefined && fit !== 'cover' ? [fit] : []),
    ...(crop.position === undefined || crop.position === 'centre' ? [] : [crop.position]),
    ...(crop.background === undefined ? [] : [crop.background.replaceAll(/\W/g, '')]),
    ...formats,
    ...(quality === undefined ? [] : [`q${quality}`]),
    ...(finish.grayscale === undefined ? [] : ['grayscale']),
    ...(finish.flip === undefined ? [] : [finish.flip]),
  ].join('-')
  const fields = [['name', name], ...written].map(([key, value]) => `${key}: ${value}`)
  return { name, form, rule: `{ ${fields.join(', ')} }`, widths, formats }
}

function requireKnown(directives: URLSearchParams): void {
  for (const [key, value] of directives) {
    if (HANDLED.includes(key) || WITHOUT_EFFECT.includes(key)) continue
    if (SWITCHES.includes(key) && ['', 'true', 'false'].includes(value)) continue
    if (key === 'allowUpscale' && value === 'false') continue
    throw new NoCounterpart(`Limn has no counterpart of \`${key}\``)
  }
}

/** Returns the finishing steps of an output. vite-imagetools flips upside down and flops sideways. */
function finishOf(directives: URLSearchParams): { grayscale?: true; flip?: Flip } {
  const isOn = (key: string): boolean => ['', 'true'].includes(directives.get(key) ?? 'false')
  const [flip, flop] = [isOn('flip'), isOn('flop')]
  return {
    ...(isOn('grayscale') ? { grayscale: true } : {}),
    ...(flip || flop ? { flip: flip && flop ? 'both' : flip ? 'vertical' : 'horizontal' } : {}),
  }
}

function formOf(directives: URLSearchParams): ImportForm {
  const form = directives.get('as') ?? 'url'
  if (form === 'url' || form === 'srcset' || form === 'img' || form === 'picture') return form
  throw new NoCounterpart(`Limn has no counterpart of \`as=${form}\``)
}

/** @throws NoCounterpart if an import of Limn does not have this form */
function requireForm(
  form: ImportForm,
  { widths, formats }: Pick<MigratedOutput, 'widths' | 'formats'>,
): void {
  const files = widths.length * formats.length
  if (form === 'url' && files > 1) {
    throw new NoCounterpart('it imports several URLs as a list: import a srcset or a picture')
  }
  if (form === 'img' && (formats.length > 1 || files === 1)) {
    throw new NoCounterpart('an `img` of Limn has one format and several widths')
  }
  if (form === 'srcset' && formats.length > 1) {
    throw new NoCounterpart('a srcset of Limn has one format: import a picture')
  }
  if (form === 'picture' && files === 1) {
    throw new NoCounterpart('an output with one file is imported as its URL')
  }
}

function formatsOf(directives: URLSearchParams, { format, isAnimated }: FoundPicture): Format[] {
  const names = directives.get('format')?.split(';') ?? [format]
  const formats = names.map((name) => formatByName[name])
  const unknown = names.find((_, index) => formats[index] === undefined)
  if (unknown !== undefined) throw new NoCounterpart(`Limn writes no ${unknown} files`)
  if (formats.includes('gif') && !isAnimated) {
    throw new NoCounterpart('Limn writes GIF files only of animations')
  }
  if (isAnimated) throw new NoCounterpart('vite-imagetools keeps only the first frame of it')
  return [...new Set(formats as Format[])]
}

type WantedSize = { widths: number[]; height: number | undefined; fit: string }

/** Computes the sizes as vite-imagetools does, which never scales up. */
function sizeOf(directives: URLSearchParams, { width, height }: FoundPicture): WantedSize {
  const [ws, hs] = [clamped(directives, 'w', width), clamped(directives, 'h', height)]
  const aspect = aspectOf(one(directives, 'aspect'))
  const fit = directives.get('fit') ?? 'cover'
  const own = width / height
  if (hs.length > 1 || (hs.length === 1 && ws.length > 1)) {
    throw new NoCounterpart('it has several heights, or several widths of one height')
  }
  const [h] = hs
  if (aspect === undefined && h === undefined) {
    return { widths: ws.length === 0 ? [width] : ws, height: undefined, fit }
  }
  const shape = h !== undefined && ws.length === 1 ? ws[0]! / h : (aspect ?? own)
  const widest =
    ws.length > 0
      ? Math.max(...ws)
      : h === undefined
        ? shape > own
          ? width
          : height * shape
        : h * shape
  const full = h ?? widest / shape
  if (Math.round(full) > height || Math.round(widest) > width) {
    throw new NoCounterpart('the size would be larger than the picture')
  }
  if (fit !== 'cover' && fit !== 'contain' && fit !== 'inside') {
    throw new NoCounterpart(`Limn has no counterpart of \`fit=${fit}\``)
  }
  return { widths: ws.length === 0 ? [Math.round(widest)] : ws, height: Math.round(full), fit }
}

function clamped(directives: URLSearchParams, key: 'w' | 'h', most: number): number[] {
  const text = directives.get(key)
  if (text === null || text === '') return []
  const values = text.split(';').map(Number)
  if (!values.every((value) => Number.isInteger(value) && value > 0)) {
    throw new NoCounterpart(`\`${key}=${text}\` is not a number of pixels`)
  }
  return [...new Set(values.map((value) => Math.min(value, most)))].sort((a, b) => a - b)
}

function aspectOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const [, width, height = '1'] = /^(\d+(?:\.\d+)?)(?::(\d+(?:\.\d+)?))?$/.exec(text) ?? []
  const aspect = Number(width) / Number(height)
  if (Number.isFinite(aspect) && aspect > 0) return aspect
  throw new NoCounterpart(`\`aspect=${text}\` is not a ratio`)
}

/** How a crop or a padded picture is made: vite-imagetools keeps the centre by default. */
function cropOf(
  directives: URLSearchParams,
  fit: string,
): { fit?: string; position?: string; background?: string } {
  const name = one(directives, 'position') ?? 'centre'
  const position = positionByName[name]
  if (position === undefined) throw new NoCounterpart(`Limn has no position \`${name}\``)
  const background = one(directives, 'background')
  if (background === undefined) {
    return fit === 'cover' ? { position } : { fit, ...(fit === 'contain' ? { position } : {}) }
  }
  const [, hex] = /^#?([\da-f]{3}|[\da-f]{6}|[\da-f]{8})$/i.exec(background) ?? []
  if (hex === undefined) throw new NoCounterpart(`Limn has no colour \`${background}\``)
  return { ...(fit === 'cover' ? {} : { fit }), position, background: `'#${hex}'` }
}

/** Returns the value of a directive that may have only one. */
function one(directives: URLSearchParams, key: string): string | undefined {
  const value = directives.get(key)
  if (value === null || value === '') return undefined
  if (value.includes(';')) throw new NoCounterpart(`it has several values of \`${key}\``)
  return value
}

function number(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const value = Number.parseInt(text, 10)
  if (value >= 1 && value <= 100) return value
  throw new NoCounterpart(`\`quality=${text}\` is not between 1 and 100`)
}
