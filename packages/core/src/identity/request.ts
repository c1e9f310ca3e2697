import { canonicalJson, sha256 } from '../digest.ts'
import type { Asset, Input, RequestSettings } from '../manifest/manifest.ts'
import type { RequestFormat } from '../models/model.ts'

/** Everything that decides what a model is asked. Its hash is the request hash. */
export type ImageRequest = {
  operation: Asset['operation']
  prompt: string
  model: string
  /** `WIDTHxHEIGHT` in px. */
  size: string
  quality: string
  background: 'auto' | 'opaque' | 'transparent'
  format: RequestFormat
  /**
   * Pictures that go with the prompt, in order, by the digest of their bytes; absent where there
   * are none.
   */
  inputs?: RequestInput[]
} & RequestSettings

/**
 * One picture that goes to a model. `sha256` is `null` in a plan while the picture is itself still
 * to be made.
 */
export type RequestInput = { role: Input['role']; sha256: string | null }

/** What stands in the lock for a picture that was not asked for but brought: the file it is. */
export type SourceRequest = { operation: 'source'; source: string }

/**
 * The request that an asset of the manifest stands for. `digestOf` tells the digest of an input
 * picture, `null` where it is not made yet.
 */
export function requestOf(
  { operation, prompt, model, size, quality, background, format, settings, inputs }: Asset,
  digestOf: (input: Input) => string | null = () => null,
): ImageRequest {
  const request: ImageRequest = {
    operation,
    prompt,
    model,
    size,
    quality,
    background,
    format,
    ...settings,
  }
  return inputs.length === 0
    ? request
    : { ...request, inputs: inputs.map((input) => ({ role: input.role, sha256: digestOf(input) })) }
}

/** Rises when the meaning of a request's fields does. */
const REQUEST_VERSION = 1

/** The request hash, 64 hex digits. */
export function hashRequest(request: ImageRequest): string {
  return sha256(canonicalJson({ v: REQUEST_VERSION, request }))
}

/** Whether a key of the journal belongs to a picture that answers a request. */
export function isKeyOf(key: string, request: ImageRequest): boolean {
  return requestHashOf(key) === hashRequest(request)
}

/** The request hash in a key of the journal. */
export function requestHashOf(key: string): string {
  return key.split('+', 1)[0]!
}

/** One field of a request that is not what it was. */
export type FieldChange = { field: string; from: string | null; to: string | null }

/** The fields in which two requests differ, in the order people care for. */
export function compareRequests(
  from: ImageRequest | SourceRequest,
  to: ImageRequest,
): FieldChange[] {
  const order = Object.keys(to)
  const fields = [...new Set(['prompt', ...order, ...Object.keys(from)])]
  return fields.flatMap((field) => {
    const [was, is] = [textOf(from, field), textOf(to, field)]
    return was === is ? [] : [{ field, from: was, to: is }]
  })
}

function textOf(request: ImageRequest | SourceRequest, field: string): string | null {
  const value = (request as Readonly<Record<string, unknown>>)[field]
  return value === undefined ? null : typeof value === 'string' ? value : canonicalJson(value)
}
