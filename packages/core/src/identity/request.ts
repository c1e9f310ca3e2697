import { canonicalJson, sha256 } from '../digest.ts'
import type { Asset, Input, RequestSettings } from '../manifest/manifest.ts'
import type { RequestFormat } from '../models/model.ts'

/** Everything that determines the request to a model. Its hash is the request hash. */
export type ImageRequest = {
  operation: Asset['operation']
  prompt: string
  model: string
  /** `WIDTHxHEIGHT` in px. */
  size: string
  quality: string
  background: 'auto' | 'opaque' | 'transparent'
  format: RequestFormat
  /** The input pictures in order; absent if there are none. */
  inputs?: RequestInput[]
} & RequestSettings

/**
 * An input picture of a request. `sha256` is the digest of its bytes, `null` in a plan that
 * generates the picture first.
 */
type RequestInput = { role: Input['role']; sha256: string | null }

/** What the lockfile records in place of a request for an asset with a `source` file. */
export type SourceRequest = { operation: 'source'; source: string }

/**
 * Builds the request of an asset. `digestOf` returns the digest of an input picture, or `null` if
 * it does not exist yet; default `null` for all.
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

/** Version of the request format: raise it when the meaning of a field changes. */
const REQUEST_VERSION = 1

/** Computes the request hash, 64 hex digits. */
export function hashRequest(request: ImageRequest): string {
  return sha256(canonicalJson({ v: REQUEST_VERSION, request }))
}

/** Whether a journal key belongs to a picture that answers the request. */
export function isKeyOf(key: string, request: ImageRequest): boolean {
  return requestHashOf(key) === hashRequest(request)
}

/** Returns the request hash in a journal key: `<request hash>` or `<request hash>+2`. */
export function requestHashOf(key: string): string {
  return key.split('+', 1)[0]!
}

/** A field that differs between two requests; `null` where a request does not have it. */
export type FieldChange = { field: string; from: string | null; to: string | null }

/** Lists the fields in which two requests differ: the prompt first, then in the order of `to`. */
export function compareRequests(
  from: ImageRequest | SourceRequest,
  to: ImageRequest,
): FieldChange[] {
  const order = Object.keys(to)
  const fields = [...new Set(['prompt', ...order, ...Object.keys(from)])]
  return fields.flatMap((field) => {
    const change = { field, from: textOf(from, field), to: textOf(to, field) }
    return change.from === change.to ? [] : [change]
  })
}

function textOf(request: ImageRequest | SourceRequest, field: string): string | null {
  const value = (request as Readonly<Record<string, unknown>>)[field]
  return value === undefined ? null : typeof value === 'string' ? value : canonicalJson(value)
}
