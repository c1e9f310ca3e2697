import { z } from 'zod'
import { sha256 } from '../digest.ts'
import { hashRequest, type ImageRequest } from '../identity/request.ts'
import { isAssetName, isDigest, parseImageRequest } from '../lock/codec.ts'
import { flips } from '../manifest/finish.ts'
import type { Output } from '../manifest/manifest.ts'
import { fits, formats, positions } from '../manifest/presets.ts'
import type { InputRole } from '../models/input-role.ts'
import { parseSize } from '../models/size.ts'

/*
 * The jobs of a queue. Whoever can write to the Redis server can write one, so a worker trusts none:
 * a job names no server, no key and no path, and the id of a job must be that of its request.
 */

/** Version of the jobs and results. */
const JOB_VERSION = 1

/** Bytes that the remote store has by their digest. */
export type StoredBytes = { sha256: string; bytes: number }

/** An input picture as it is sent to the model. */
export type JobInput = StoredBytes & {
  role: InputRole
  format: 'png' | 'jpeg' | 'webp'
  /** The forms of a mask for servers that do not read alpha. */
  masks: { polarity: 'white' | 'black'; picture: StoredBytes }[]
}

/** What a worker needs to do a job. */
export type Job = {
  /** The asset as messages name it. */
  asset: string
  request: ImageRequest
  inputs: JobInput[]
  images: number
  /** The worst-case cost that was confirmed, USD; `null` if the price is unknown. */
  usd: number | null
  /** The master that is replaced on purpose. @see Order */
  replaces: string | null
  /** Without those that have an overlay. */
  outputs: Output[]
}

/** A file that a worker derived. */
export type DerivedFile = StoredBytes & { recipe: string }

/** What a worker returns: the pictures and files are in the remote store. */
export type JobResult = {
  /** The digest of the first picture. */
  master: string
  /** What the job paid, USD; 0 if the pictures were there, `null` if it is unknown. */
  usd: number | null
  isFound: boolean
  /** ms. */
  ms: number
  files: DerivedFile[]
}

/** What a worker reports while it does a job. */
export type JobProgress =
  | { type: 'started' }
  | { type: 'limited'; ms: number; limit: 'images' | 'inputImages' | 'refusal' }
  | { type: 'retrying'; attempt: number; ms: number; error: string }

/**
 * Returns the id of a job: the request hash, so that a request is placed only once. A picture that
 * is replaced on purpose has a job of its own, until the lockfile names another master.
 */
export function jobIdOf({ request, replaces }: Pick<Job, 'request' | 'replaces'>): string {
  const hash = hashRequest(request)
  return replaces === null ? hash : `${hash}-${sha256(replaces).slice(0, 16)}`
}

const digest = z.custom<string>(isDigest)
const bytes = z.number().int().min(1).max(1e9)
const amount = z.number().min(0).max(1e9)
const edge = z.number().int().min(1).max(100_000)
const stored = z.strictObject({ sha256: digest, bytes })
const share = z.number().min(0).max(1)

const colour = z.string().regex(/^#[\da-f]{6}$/i)
const radius = z.number().min(0).max(2000)
const finish = z.strictObject({
  trim: z.number().min(0).max(255).exactOptional(),
  rotate: z.union([z.literal(90), z.literal(180), z.literal(270)]).exactOptional(),
  flip: z.enum(flips).exactOptional(),
  heal: z.literal('seam').exactOptional(),
  grayscale: z.literal(true).exactOptional(),
  tint: colour.exactOptional(),
  duotone: z.tuple([colour, colour]).exactOptional(),
  blur: radius.exactOptional(),
  sharpen: z.number().min(0.3).max(10).exactOptional(),
  round: radius.exactOptional(),
  circle: z.literal(true).exactOptional(),
})

const output = z.strictObject({
  file: z.string().regex(/^[\p{L}\p{M}\p{N}_-]{1,200}\.[a-z0-9]{2,5}$/u),
  preset: z.string().max(200),
  width: edge,
  height: edge,
  format: z.enum(formats),
  quality: z.number().min(1).max(100).nullable(),
  fit: z.enum(fits),
  position: z.union([z.enum(positions), z.strictObject({ x: share, y: share })]),
  background: colour.nullable(),
  maxBytes: bytes.nullable(),
  dpi: z.number().min(1).max(100_000).nullable(),
  padding: z.number().min(0).max(0.5),
  icons: z.array(edge).max(50),
  provenance: z.boolean(),
  finish: finish.exactOptional(),
  isForPages: z.literal(false).exactOptional(),
})

const input = z.strictObject({
  ...stored.shape,
  role: z.enum(['image', 'mask', 'markup', 'reference']),
  format: z.enum(['png', 'jpeg', 'webp']),
  masks: z.array(z.strictObject({ polarity: z.enum(['white', 'black']), picture: stored })).max(2),
})

/** What prices and calls read of a request; the lockfile's codec checks the rest of it. */
const request = z.looseObject({
  operation: z.enum(['generate', 'edit', 'variation']),
  prompt: z.string().max(200_000),
  model: z.string().min(1).max(200),
  size: z.string().refine((size) => parseSize(size) !== undefined),
  quality: z.string().max(100),
  background: z.enum(['auto', 'opaque', 'transparent']),
  format: z.string().max(20),
})

const job = z.strictObject({
  version: z.literal(JOB_VERSION),
  asset: z.custom<string>(isAssetName),
  request,
  inputs: z.array(input).max(50),
  images: z.number().int().min(1).max(10),
  usd: amount.nullable(),
  replaces: z.union([digest, z.literal('none')]).nullable(),
  outputs: z.array(output).max(500),
})

const result = z.strictObject({
  version: z.literal(JOB_VERSION),
  master: digest,
  usd: amount.nullable(),
  isFound: z.boolean(),
  ms: amount,
  files: z.array(z.strictObject({ ...stored.shape, recipe: digest })).max(500),
})

const wait = { ms: amount }
const progress = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('started') }),
  z.strictObject({
    type: z.literal('limited'),
    ...wait,
    limit: z.enum(['images', 'inputImages', 'refusal']),
  }),
  z.strictObject({
    type: z.literal('retrying'),
    ...wait,
    attempt: z.number().int().min(1).max(1000),
    error: z.string().max(10_000),
  }),
])

/** Returns a job as the queue contains it. */
export function toJobData(data: Job): object {
  return { version: JOB_VERSION, ...data }
}

/** Parses a job; `undefined` if a part is invalid, or its id is not that of its request. */
export function parseJob(data: unknown, id: string | undefined): Job | undefined {
  const parsed = job.safeParse(data)
  if (!parsed.success) return undefined
  const { version: _, ...rest } = parsed.data
  const asked = parseImageRequest(rest.request)
  if (asked === undefined || asked.inputs?.some((each) => each.sha256 === null) === true) {
    return undefined
  }
  const valid: Job = { ...rest, request: asked }
  const roles = (asked.inputs ?? []).map(({ role }) => role).join(' ')
  const hasItsInputs = valid.inputs.map(({ role }) => role).join(' ') === roles
  return hasItsInputs && jobIdOf(valid) === id ? valid : undefined
}

/** Returns a result as the queue contains it. */
export function toResultData(data: JobResult): object {
  return { version: JOB_VERSION, ...data }
}

/** Parses a result; `undefined` if a part is invalid. */
export function parseResult(data: unknown): JobResult | undefined {
  const parsed = result.safeParse(data)
  if (!parsed.success) return undefined
  const { version: _, ...rest } = parsed.data
  return rest
}

/** Parses what a worker reports; `undefined` if it is invalid. */
export function parseProgress(data: unknown): JobProgress | undefined {
  const parsed = progress.safeParse(data)
  return parsed.success ? parsed.data : undefined
}
