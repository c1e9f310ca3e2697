import { sha256 } from '../../digest.ts'
import type { ImageRequest } from '../../identity/request.ts'
import type { Model } from '../../models/model.ts'
import type { InputPicture } from '../../pictures/input-picture.ts'

/** One call of the Images API as it stands before it is put on the wire. */
export type ApiCall = {
  endpoint: 'generations' | 'edits' | 'variations'
  /** Fields of the body besides files. */
  fields: ApiFields
  /** The picture to change first, then references. */
  pictures: readonly InputPicture[]
  mask: InputPicture | undefined
}

/** Fields of a body by the names that the API gives them. */
export type ApiFields = { model: string; prompt?: string; n?: number; stream?: boolean } & Record<
  string,
  unknown
>

export type CallOptions = {
  /** What the model can do; `undefined`: nothing is known, and what is asked is sent. */
  row: Model | undefined
  inputs: readonly InputPicture[]
  /** Pictures that are wanted; where the model can't give so many at once, fewer are asked for. */
  count: number
  /** Unfinished pictures to send on the way; `undefined`: no stream. */
  partials?: number | undefined
  /** Who is behind the requests. Only its hash is sent. */
  safetyIdentifier?: string | null | undefined
}

/**
 * The call that a request stands for, with only the fields that the model's row allows at that
 * endpoint.
 */
export function callOf(
  request: ImageRequest,
  { row, inputs, count, partials, safetyIdentifier }: CallOptions,
): ApiCall {
  const pictures = inputs.filter(({ role }) => role !== 'mask')
  const mask = inputs.find(({ role }) => role === 'mask')
  const endpoint =
    pictures.length === 0
      ? 'generations'
      : request.operation === 'variation' && row?.operations.includes('variation') === true
        ? 'variations'
        : 'edits'
  const streamed = streams(request, row) ? partials : undefined
  const n = Math.min(count, mostAtOnce(request, row, streamed !== undefined))
  const fields: ApiFields = {
    model: request.model,
    ...(endpoint === 'variations'
      ? {}
      : { prompt: request.prompt, ...drawingFields(request, row, endpoint) }),
    ...(endpoint === 'generations' || n > 1 ? { n } : {}),
    size: request.size,
    ...(row?.linksByDefault === true ? { response_format: 'b64_json' } : {}),
    ...(streamed === undefined ? {} : { stream: true, partial_images: streamed }),
    ...identifierField(row, safetyIdentifier),
  }
  return { endpoint, fields, pictures, mask: endpoint === 'variations' ? undefined : mask }
}

/** How the picture is drawn. */
function drawingFields(
  {
    quality,
    background,
    format,
    compression,
    complexity,
    moderation,
    fidelity,
    frames,
  }: ImageRequest,
  row: Model | undefined,
  endpoint: 'generations' | 'edits',
): Record<string, unknown> {
  const takesFormat = row === undefined || row.formats.includes(format)
  const isCompressible = format === 'jpeg' || format === 'webp'
  return {
    ...(quality === 'auto' || row?.qualities.length === 0 ? {} : { quality }),
    // Models of one format know no ground but their own.
    ...(background === 'auto' || row?.formats.length === 0 ? {} : { background }),
    ...(takesFormat && format !== 'png' ? { output_format: format } : {}),
    ...(compression !== undefined && isCompressible && row?.compression !== false
      ? { output_compression: compression }
      : {}),
    ...(complexity !== undefined && (row === undefined || row.complexities.includes(complexity))
      ? { complexity }
      : {}),
    // An edit's form has no such field.
    ...(moderation !== undefined && endpoint === 'generations' && row?.moderation !== false
      ? { moderation }
      : {}),
    ...(fidelity !== undefined &&
    endpoint === 'edits' &&
    (row === undefined || row.fidelities.includes(fidelity))
      ? { input_fidelity: fidelity }
      : {}),
    ...(frames !== undefined && format === 'gif'
      ? { frame_count: frames.count, frame_duration_ms: frames.ms }
      : {}),
  }
}

/** Whether the picture can come as a stream. */
export function streams({ format }: Pick<ImageRequest, 'format'>, row: Model | undefined): boolean {
  return format !== 'gif' && format !== 'svg' && row?.streaming !== 'none'
}

/** Most pictures that one request can ask for. */
function mostAtOnce({ format }: ImageRequest, row: Model | undefined, isStreamed: boolean): number {
  if (format === 'svg') return 1
  return isStreamed && row?.streaming !== 'any' ? 1 : (row?.maxImages ?? 10)
}

/**
 * 32 hex digits stand for who asks: enough to tell people apart, and nothing that could be read
 * back.
 */
function identifierField(
  row: Model | undefined,
  identifier: string | null | undefined,
): Record<string, string> {
  if (identifier === undefined || identifier === null || identifier === '') return {}
  return { [row?.identifierField ?? 'safety_identifier']: sha256(identifier).slice(0, 32) }
}
