import { sha256 } from '../../digest.ts'
import type { ImageRequest } from '../../identity/request.ts'
import { isOwnPicture } from '../../models/input-role.ts'
import type { Model } from '../../models/model.ts'
import type { InputPicture } from '../../pictures/input-picture.ts'

/** One call of OpenAI's Images API, before it is translated into a server's dialect. */
export type ImagesCall = {
  endpoint: 'generations' | 'edits' | 'variations'
  /** Fields of the body, without files. */
  fields: ImagesCallFields
  /** The picture to edit first, then references. */
  pictures: readonly InputPicture[]
  mask: InputPicture | undefined
  /** Drawings over the first picture. */
  markup: InputPicture | undefined
}

/** Fields of the body, under the API's names. */
export type ImagesCallFields = {
  model: string
  prompt?: string
  n?: number
  stream?: boolean
} & Record<string, unknown>

type CallOptions = {
  /** Capabilities of the model; `undefined` for an unknown model, for which all fields are sent. */
  row: Model | undefined
  inputs: readonly InputPicture[]
  /** Number of pictures, at least 1. The call requests fewer if the model has a lower maximum. */
  count: number
  /** Partial pictures to stream, 0 to 3; `undefined` for an answer without streaming. */
  partials?: number | undefined
  /** Identifies the end user. Only its hash is sent. */
  safetyIdentifier?: string | null | undefined
}

/** Creates the call for a request, with only the fields that the model supports at the endpoint. */
export function createImagesCall(
  request: ImageRequest,
  { row, inputs, count, partials, safetyIdentifier }: CallOptions,
): ImagesCall {
  const pictures = inputs.filter(isOwnPicture)
  const markup = inputs.find(({ role }) => role === 'markup')
  const mask = inputs.find(({ role }) => role === 'mask')
  const endpoint = endpointFor(request, row, pictures.length > 0)
  const streamed = canStream(request, row) ? partials : undefined
  const n = Math.min(count, maxPictures(request, row, streamed !== undefined))
  const fields: ImagesCallFields = {
    model: request.model,
    ...(endpoint === 'variations'
      ? {}
      : { prompt: request.prompt, ...pictureFields(request, row, endpoint) }),
    ...(endpoint === 'generations' || n > 1 ? { n } : {}),
    size: request.size,
    ...(row?.linksByDefault === true ? { response_format: 'b64_json' } : {}),
    ...(streamed === undefined ? {} : { stream: true, partial_images: streamed }),
    ...identifierField(row, safetyIdentifier),
  }
  return endpoint === 'variations'
    ? { endpoint, fields, pictures, mask: undefined, markup: undefined }
    : { endpoint, fields, pictures, mask, markup }
}

function endpointFor(
  { operation }: ImageRequest,
  row: Model | undefined,
  hasPictures: boolean,
): ImagesCall['endpoint'] {
  if (!hasPictures) return 'generations'
  const hasVariations = row?.operations.includes('variation') === true
  return operation === 'variation' && hasVariations ? 'variations' : 'edits'
}

/** Returns the fields that determine how the picture looks. */
function pictureFields(
  request: ImageRequest,
  row: Model | undefined,
  endpoint: 'generations' | 'edits',
): Record<string, unknown> {
  const { quality, background, format, compression } = request
  const { complexity, rendering, moderation, fidelity, frames, svg } = request
  const takesFormat = row === undefined || row.formats.includes(format)
  const isCompressible = format === 'jpeg' || format === 'webp'
  return {
    ...(quality === 'auto' || row?.qualities.length === 0 ? {} : { quality }),
    // Models with a fixed format have no `background` field.
    ...(background === 'auto' || row?.formats.length === 0 ? {} : { background }),
    ...(takesFormat && format !== 'png' ? { output_format: format } : {}),
    ...(compression !== undefined && isCompressible && row?.compression !== false
      ? { output_compression: compression }
      : {}),
    ...(complexity !== undefined && (row === undefined || row.complexities.includes(complexity))
      ? { complexity }
      : {}),
    ...(rendering !== undefined &&
    endpoint === 'generations' &&
    (row === undefined || row.renderings?.includes(rendering) === true)
      ? { style: rendering }
      : {}),
    // Edits have no `moderation` field.
    ...(moderation !== undefined && endpoint === 'generations' && row?.moderation !== false
      ? { moderation }
      : {}),
    ...(fidelity !== undefined &&
    endpoint === 'edits' &&
    (row === undefined || row.fidelities.includes(fidelity))
      ? { input_fidelity: fidelity }
      : {}),
    ...(svg !== undefined && format === 'svg' ? { svg: toWire(svg) } : {}),
    ...(frames !== undefined && format === 'gif'
      ? { frame_count: frames.count, frame_duration_ms: frames.ms }
      : {}),
  }
}

/** The settings of an SVG under the API's names. */
function toWire({ model, effort }: NonNullable<ImageRequest['svg']>): Record<string, unknown> {
  return {
    ...(model === undefined ? {} : { model }),
    ...(effort === undefined ? {} : { reasoning: { effort } }),
  }
}

/** Whether the model can stream the picture. */
export function canStream(
  { format }: Pick<ImageRequest, 'format'>,
  row: Model | undefined,
): boolean {
  return format !== 'gif' && format !== 'svg' && row?.streaming !== 'none'
}

/** Returns the most pictures that one request may ask for. */
export function maxPictures(
  { format }: ImageRequest,
  row: Model | undefined,
  isStreamed: boolean,
): number {
  if (format === 'svg') return 1
  return isStreamed && row?.streaming !== 'any' ? 1 : (row?.maxImages ?? 10)
}

/** Identifies the end user by 32 hex digits of a hash, which cannot be reversed. */
function identifierField(
  row: Model | undefined,
  identifier: string | null | undefined,
): Record<string, string> {
  if (identifier === undefined || identifier === null || identifier === '') return {}
  return { [row?.identifierField ?? 'safety_identifier']: sha256(identifier).slice(0, 32) }
}
