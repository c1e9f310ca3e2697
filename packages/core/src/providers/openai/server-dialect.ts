import type { ProviderSettings } from '../../manifest/manifest.ts'
import { extraFields, type MaskPolarity } from '../../models/servers.ts'
import { parseSize, type Size } from '../../models/size.ts'
import type { InputPicture } from '../provider.ts'
import type { ApiCall } from './images-call.ts'

/*
 * Puts a request, as OpenAI's Images API says it, into the manner of the server that is asked.
 * Pure: what is sent can be read off a value.
 */

/** One call as it goes over the wire. */
export type WireCall = {
  /** Relative to the base URL. */
  path: '/images/generations' | '/images/edits' | '/images/variations' | '/images/inpainting'
  /** What goes as JSON, or as text fields of a form. */
  fields: Record<string, unknown>
  /** Files of a form, in order; `null`: the call is JSON. */
  files: WireFile[] | null
}

export type WireFile = { field: string; name: string; bytes: Uint8Array; type: string }

export type Manner = Pick<ProviderSettings, 'quirks' | 'body' | 'names'>

/** The call that a server wants in the place of the one that OpenAI would be sent. */
export function inManner(call: ApiCall, manner: Manner): WireCall {
  const { endpoint, pictures } = call
  const fields = inOwnWords(call, manner)
  if (pictures.length === 0) return { path: '/images/generations', fields, files: null }
  const mask = call.mask === undefined ? undefined : maskFor(call.mask, manner)
  switch (manner.quirks.editStyle) {
    case 'json':
      return {
        path: '/images/edits',
        fields: {
          ...fields,
          images: pictures.map((picture) => ({ image_url: dataUrl(picture) })),
          ...(mask === undefined ? {} : { mask: { image_url: dataUrl(mask) } }),
        },
        files: null,
      }
    case 'image-object': {
      const objects = pictures.map((picture) => ({ url: dataUrl(picture), type: 'image_url' }))
      return {
        path: '/images/edits',
        fields: {
          ...fields,
          ...(objects.length === 1 ? { image: objects[0] } : { images: objects }),
        },
        files: null,
      }
    }
    case 'image-url':
      return {
        path: '/images/generations',
        fields: {
          ...fields,
          ...(pictures.length === 1
            ? { image_url: dataUrl(pictures[0]!) }
            : { reference_images: pictures.map(dataUrl) }),
        },
        files: null,
      }
    case 'files':
      if (mask !== undefined) {
        return { path: '/images/inpainting', fields, files: formFiles(pictures.slice(0, 1), mask) }
      }
      return {
        path: '/images/generations',
        fields: { ...fields, ...base64Fields(pictures) },
        files: null,
      }
    default:
      return {
        path: endpoint === 'variations' ? '/images/variations' : '/images/edits',
        fields,
        files: formFiles(pictures, mask),
      }
  }
}

/** The fields under the names and with the values that the server knows. */
function inOwnWords(
  { fields: { model, size, n, ...fields }, pictures }: ApiCall,
  { quirks, body, names }: Manner,
): Record<string, unknown> {
  const { responseFormat, defaultFormat, compressionIsInverse, omit, maxImages } = quirks
  const compression = fields['output_compression']
  const said: Record<string, unknown> = {
    model: Object.hasOwn(names, model) ? names[model] : model,
    ...fields,
    ...(n === undefined ? {} : { n: Math.min(n, maxImages ?? n) }),
    ...sizeFields(size, quirks.sizeStyle, pictures.length),
    ...(responseFormat === null ? {} : { response_format: responseFormat }),
    // A server that draws JPEG of itself has to be asked for PNG.
    ...(defaultFormat === 'png' || fields['output_format'] !== undefined
      ? {}
      : { output_format: 'png' }),
    ...(compressionIsInverse && typeof compression === 'number'
      ? { output_compression: 100 - compression }
      : {}),
  }
  return {
    ...extraFields(body, 'openai'),
    ...Object.fromEntries(Object.entries(said).filter(([name]) => !omit.includes(name))),
  }
}

/** Shapes that servers take by name, in the order of how common they are. */
const RATIOS = ['1:1', '16:9', '9:16', '4:3', '3:4', '3:2', '2:3', '2:1', '1:2'] as const
/** Pixels that the resolution `1k` gives at most; a larger picture is asked for as `2k`. */
const PIXELS_OF_1K = 1_150_000

function sizeFields(
  size: unknown,
  style: Manner['quirks']['sizeStyle'],
  pictures: number,
): Record<string, unknown> {
  const wanted = typeof size === 'string' ? parseSize(size) : undefined
  if (style === 'size' || wanted === undefined) {
    return style === 'size' && size !== undefined ? { size } : {}
  }
  if (style === 'width-height') return wanted
  // The edit of one picture keeps that one's shape.
  const shape = pictures === 1 ? {} : { aspect_ratio: nearestRatio(wanted, RATIOS) }
  return { ...shape, resolution: wanted.width * wanted.height > PIXELS_OF_1K ? '2k' : '1k' }
}

/** The ratio, `W:H`, whose shape is nearest to a size. */
export function nearestRatio({ width, height }: Size, ratios: readonly string[]): string {
  const distance = (ratio: string): number => {
    const [w, h] = ratio.split(':').map(Number) as [number, number]
    return Math.abs(Math.log((width / height) * (h / w)))
  }
  return ratios.reduce((best, ratio) => (distance(ratio) < distance(best) ? ratio : best))
}

/** A mask in the form that the server goes by. */
function maskFor(mask: InputPicture, { quirks: { maskPolarity } }: Manner): InputPicture {
  return { ...mask, bytes: mask.masks?.[maskPolarity as MaskPolarity] ?? mask.bytes }
}

/** The picture to change first, then what to go by. */
function base64Fields(pictures: readonly InputPicture[]): Record<string, unknown> {
  const base64 = ({ bytes }: InputPicture): string => Buffer.from(bytes).toString('base64')
  const files = pictures.filter(({ role }) => role === 'image').map(base64)
  const references = pictures.filter(({ role }) => role === 'reference').map(base64)
  return {
    ...(files.length === 0 ? {} : { files }),
    ...(references.length === 0 ? {} : { ref_images: references }),
  }
}

function formFiles(pictures: readonly InputPicture[], mask: InputPicture | undefined): WireFile[] {
  // A wrong content type is refused, so each file names its own.
  const fileOf = (field: string, stem: string, { bytes, format }: InputPicture): WireFile => ({
    field,
    name: `${stem}.${format === 'jpeg' ? 'jpg' : format}`,
    bytes,
    type: `image/${format}`,
  })
  const field = pictures.length === 1 ? 'image' : 'image[]'
  return [
    ...pictures.map((picture, index) => fileOf(field, `image-${index + 1}`, picture)),
    ...(mask === undefined ? [] : [fileOf('mask', 'mask', mask)]),
  ]
}

function dataUrl({ bytes, format }: InputPicture): string {
  return `data:image/${format};base64,${Buffer.from(bytes).toString('base64')}`
}
