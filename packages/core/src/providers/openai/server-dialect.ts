import type { ProviderSettings } from '../../manifest/manifest.ts'
import { extraFields, type MaskPolarity } from '../../models/servers.ts'
import { parseSize, type Size } from '../../models/size.ts'
import type { InputPicture } from '../../pictures/input-picture.ts'
import type { ImagesCall } from './images-call.ts'

/** One call as it goes over the wire. */
export type WireCall = {
  /** Relative to the base URL. */
  path: '/images/generations' | '/images/edits' | '/images/variations' | '/images/inpainting'
  /** The JSON body, or the text fields of a form. */
  fields: Record<string, unknown>
  /** Files of a form, in order; `null` for a JSON call. */
  files: WireFile[] | null
}

type WireFile = { field: string; name: string; bytes: Uint8Array; type: string }

/** A server's differences from OpenAI's API. */
export type ServerDialect = Pick<ProviderSettings, 'quirks' | 'body' | 'names'>

/** Translates a call of OpenAI's Images API into a server's dialect. Pure. */
export function toServerDialect(call: ImagesCall, dialect: ServerDialect): WireCall {
  const { endpoint, pictures } = call
  const fields = toDialectFields(call, dialect)
  const json = (path: WireCall['path'], inputs: Record<string, unknown>): WireCall => ({
    path,
    fields: { ...fields, ...inputs },
    files: null,
  })
  if (pictures.length === 0) return json('/images/generations', {})
  const mask = call.mask === undefined ? undefined : toDialectMask(call.mask, dialect)
  switch (dialect.quirks.editStyle) {
    case 'json':
      return json('/images/edits', editImagesFields(pictures, mask))
    case 'image-object':
      return json('/images/edits', imageObjectFields(pictures))
    case 'image-url':
      return json('/images/generations', imageUrlFields(pictures))
    case 'files':
      return mask === undefined
        ? json('/images/generations', base64Fields(pictures))
        : { path: '/images/inpainting', fields, files: formFiles(pictures.slice(0, 1), { mask }) }
    default:
      return {
        path: endpoint === 'variations' ? '/images/variations' : '/images/edits',
        fields,
        files: formFiles(pictures, { mask, markup: call.markup }),
      }
  }
}

/** Renames the fields and converts their values to those that the server knows. */
function toDialectFields(
  { fields: { model, size, n, ...others }, pictures }: ImagesCall,
  { quirks, body, names }: ServerDialect,
): Record<string, unknown> {
  const { responseFormat, defaultFormat, compressionIsInverse, omit, maxImages } = quirks
  const compression = others['output_compression']
  const fields: Record<string, unknown> = {
    model: Object.hasOwn(names, model) ? names[model] : model,
    ...others,
    ...(n === undefined ? {} : { n: Math.min(n, maxImages ?? n) }),
    ...sizeFields(size, quirks.sizeStyle, pictures.length),
    ...(responseFormat === null ? {} : { response_format: responseFormat }),
    // A server that defaults to JPEG must receive a request for PNG.
    ...(defaultFormat === 'png' || others['output_format'] !== undefined
      ? {}
      : { output_format: 'png' }),
    ...(compressionIsInverse && typeof compression === 'number'
      ? { output_compression: 100 - compression }
      : {}),
  }
  return {
    ...extraFields(body, 'openai'),
    ...Object.fromEntries(Object.entries(fields).filter(([name]) => !omit.includes(name))),
  }
}

/** Ratios that servers accept by name, the most common first. */
const RATIOS = ['1:1', '16:9', '9:16', '4:3', '3:4', '3:2', '2:3', '2:1', '1:2'] as const
/** Largest picture of the resolution `1k`, px; `2k` is requested for larger ones. */
const PIXELS_OF_1K = 1_150_000

function sizeFields(
  size: unknown,
  style: ServerDialect['quirks']['sizeStyle'],
  pictureCount: number,
): Record<string, unknown> {
  if (style === 'size') return size === undefined ? {} : { size }
  const parsed = typeof size === 'string' ? parseSize(size) : undefined
  if (parsed === undefined) return {}
  if (style === 'width-height') return parsed
  // The edit of a single picture keeps the shape of that picture.
  const shape = pictureCount === 1 ? {} : { aspect_ratio: nearestRatio(parsed, RATIOS) }
  return { ...shape, resolution: parsed.width * parsed.height > PIXELS_OF_1K ? '2k' : '1k' }
}

/** Returns the ratio, `W:H`, whose shape is nearest to a size. */
export function nearestRatio({ width, height }: Size, ratios: readonly string[]): string {
  const distance = (ratio: string): number => {
    const [w, h] = ratio.split(':').map(Number) as [number, number]
    return Math.abs(Math.log((width / height) * (h / w)))
  }
  return ratios.reduce((best, ratio) => (distance(ratio) < distance(best) ? ratio : best))
}

/** Converts a mask to the polarity that the server expects. */
function toDialectMask(
  mask: InputPicture,
  { quirks: { maskPolarity } }: ServerDialect,
): InputPicture {
  return { ...mask, bytes: mask.masks?.[maskPolarity as MaskPolarity] ?? mask.bytes }
}

/** `editStyle: json` */
function editImagesFields(
  pictures: readonly InputPicture[],
  mask: InputPicture | undefined,
): Record<string, unknown> {
  return {
    images: pictures.map((picture) => ({ image_url: dataUrl(picture) })),
    ...(mask === undefined ? {} : { mask: { image_url: dataUrl(mask) } }),
  }
}

/** `editStyle: image-object` */
function imageObjectFields(pictures: readonly InputPicture[]): Record<string, unknown> {
  const objects = pictures.map((picture) => ({ url: dataUrl(picture), type: 'image_url' }))
  return objects.length === 1 ? { image: objects[0] } : { images: objects }
}

/** `editStyle: image-url` */
function imageUrlFields(pictures: readonly InputPicture[]): Record<string, unknown> {
  return pictures.length === 1
    ? { image_url: dataUrl(pictures[0]!) }
    : { reference_images: pictures.map(dataUrl) }
}

/** `editStyle: files`, without a mask. */
function base64Fields(pictures: readonly InputPicture[]): Record<string, unknown> {
  const base64 = ({ bytes }: InputPicture): string => Buffer.from(bytes).toString('base64')
  const files = pictures.filter(({ role }) => role === 'image').map(base64)
  const references = pictures.filter(({ role }) => role === 'reference').map(base64)
  return {
    ...(files.length === 0 ? {} : { files }),
    ...(references.length === 0 ? {} : { ref_images: references }),
  }
}

function formFiles(
  pictures: readonly InputPicture[],
  overlays: Readonly<Partial<Record<'mask' | 'markup', InputPicture | undefined>>>,
): WireFile[] {
  // Servers reject a wrong content type, so each file states its own.
  const toFile = (field: string, stem: string, { bytes, format }: InputPicture): WireFile => ({
    field,
    name: `${stem}.${format === 'jpeg' ? 'jpg' : format}`,
    bytes,
    type: `image/${format}`,
  })
  const field = pictures.length === 1 ? 'image' : 'image[]'
  return [
    ...pictures.map((picture, index) => toFile(field, `image-${index + 1}`, picture)),
    ...Object.entries(overlays).flatMap(([name, overlay]) =>
      overlay === undefined ? [] : [toFile(name, name, overlay)],
    ),
  ]
}

function dataUrl({ bytes, format }: InputPicture): string {
  return `data:image/${format};base64,${Buffer.from(bytes).toString('base64')}`
}
