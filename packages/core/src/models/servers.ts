/*
 * How compatible servers differ from OpenAI's Images API, as of 2026-11-22. Sources: the types of the
 * `openai` package for Azure; the source code of LocalAI, stable-diffusion.cpp, vLLM-omni and New
 * API; the AI SDK's clients and the documentation for Together and xAI; the documentation of Google.
 */

/** The differences of a server from OpenAI's API. */
export type Quirks = {
  /**
   * The value of `response_format`. With `null`, Limn sends it only for models that return links by
   * default.
   */
  responseFormat: 'b64_json' | 'base64' | 'url' | null
  /**
   * How a mask marks the area to edit: transparent (`alpha`), or `white` or `black` in a grayscale
   * picture. With `none`, the server does not accept masks.
   */
  maskPolarity: MaskPolarity | 'none'
  /** The fields for the size: `size`, `width` and `height`, or `aspect_ratio` and `resolution`. */
  sizeStyle: 'size' | 'width-height' | 'aspect-ratio'
  /** How input pictures are sent. */
  editStyle: EditStyle
  /** Whether `output_compression: 100` gives the smallest file instead of the best quality. */
  compressionIsInverse: boolean
  /** The format of the picture if `output_format` is not sent. */
  defaultFormat: 'png' | 'jpeg'
  /** Supported file formats, whatever the model; `null` for those of the model. */
  formats: readonly string[] | null
  /** Request fields that it rejects or ignores. Limn does not send them. */
  omit: readonly string[]
  /** Maximum number of pictures per request; `null` for the limit of the model. */
  maxImages: number | null
  /** Maximum number of input pictures per request, without the mask; `null` for the model's limit. */
  maxInputs: number | null
  /**
   * Whether the server generates and bills a request once, however often it arrives with the same
   * `Idempotency-Key`.
   */
  idempotencyKeys: boolean
  /** The API with which the judge looks at pictures: `/responses` or `/chat/completions`. */
  judgeApi: 'responses' | 'chat'
}

/** What marks the area to edit in a mask. */
export type MaskPolarity = 'alpha' | 'white' | 'black'

/**
 * How input pictures are sent. To `/images/edits`: as a form (`multipart`), or as JSON with
 * `images` (`json`) or `image` (`image-object`). To `/images/generations`: as `image_url`
 * (`image-url`) or as base64 in `files` (`files`). With `none`, the server does not accept input
 * pictures.
 */
export type EditStyle = 'multipart' | 'json' | 'image-object' | 'image-url' | 'files' | 'none'

/** A server that is compatible with OpenAI's Images API. */
export type Server = {
  /** Default base URL; `null` for OpenAI's, or if the manifest has to specify it. */
  baseURL: string | null
  /** The environment variable that contains the key. */
  key: string
  /** The hosts that the key is for, with their subdomains; `null` for self-hosted servers. */
  hosts: readonly string[] | null
  /**
   * Hosts of the service where its customers run code that sees the key: an entry for one names a
   * variable of its own. Default: none.
   */
  customerHosts?: readonly string[]
  /** Whether requests may be sent without a key. */
  isKeyOptional: boolean
  quirks: Quirks
}

/** Base URL of OpenAI's API. */
export const OPENAI_URL = 'https://api.openai.com/v1'

const openaiQuirks: Quirks = {
  responseFormat: null,
  maskPolarity: 'alpha',
  sizeStyle: 'size',
  editStyle: 'multipart',
  compressionIsInverse: false,
  defaultFormat: 'png',
  formats: null,
  omit: [],
  maxImages: null,
  maxInputs: null,
  idempotencyKeys: false,
  judgeApi: 'responses',
}
const openai: Server = {
  baseURL: null,
  key: 'OPENAI_API_KEY',
  hosts: ['openai.com', 'openai.azure.com'],
  isKeyOptional: false,
  quirks: openaiQuirks,
}
const ownServer: Pick<Server, 'hosts' | 'isKeyOptional'> = { hosts: null, isKeyOptional: true }

/** Name of a known server. */
export type ServerId =
  | 'openai'
  | 'azure'
  | 'localai'
  | 'stable-diffusion.cpp'
  | 'vllm-omni'
  | 'together'
  | 'xai'
  | 'gemini'
  | 'new-api'
  | 'ai-sdk'

/** Known servers by their name in a manifest. */
export const servers: Readonly<Record<ServerId, Server>> = {
  openai,
  azure: {
    ...openai,
    key: 'AZURE_OPENAI_API_KEY',
    hosts: ['openai.azure.com', 'cognitiveservices.azure.com', 'services.ai.azure.com'],
    customerHosts: ['azure-api.net'],
    quirks: { ...openaiQuirks, compressionIsInverse: true, formats: ['png', 'jpeg'] },
  },
  localai: {
    baseURL: 'http://localhost:8080/v1',
    key: 'LOCALAI_API_KEY',
    ...ownServer,
    quirks: {
      ...openaiQuirks,
      judgeApi: 'chat',
      responseFormat: 'b64_json',
      maskPolarity: 'white',
      editStyle: 'files',
      formats: ['png'],
      omit: ['background', 'moderation', 'output_format', 'output_compression'],
    },
  },
  'stable-diffusion.cpp': {
    baseURL: 'http://localhost:1234/v1',
    key: 'SD_API_KEY',
    ...ownServer,
    quirks: {
      ...openaiQuirks,
      judgeApi: 'chat',
      maskPolarity: 'white',
      formats: ['png', 'jpeg', 'webp'],
      omit: ['quality', 'background', 'moderation'],
    },
  },
  'vllm-omni': {
    baseURL: 'http://localhost:8000/v1',
    key: 'VLLM_API_KEY',
    ...ownServer,
    quirks: {
      ...openaiQuirks,
      judgeApi: 'chat',
      responseFormat: 'b64_json',
      maskPolarity: 'none',
      formats: ['png', 'jpeg', 'webp'],
      omit: ['quality', 'background', 'moderation', 'output_compression'],
    },
  },
  together: {
    baseURL: 'https://api.together.xyz/v1',
    key: 'TOGETHER_API_KEY',
    hosts: ['together.xyz', 'together.ai'],
    isKeyOptional: false,
    quirks: {
      ...openaiQuirks,
      judgeApi: 'chat',
      responseFormat: 'base64',
      maskPolarity: 'none',
      sizeStyle: 'width-height',
      editStyle: 'image-url',
      defaultFormat: 'jpeg',
      formats: ['png', 'jpeg'],
      omit: ['quality', 'background', 'moderation', 'output_compression'],
      maxImages: 4,
    },
  },
  xai: {
    baseURL: 'https://api.x.ai/v1',
    key: 'XAI_API_KEY',
    hosts: ['x.ai'],
    isKeyOptional: false,
    quirks: {
      ...openaiQuirks,
      responseFormat: 'b64_json',
      maskPolarity: 'none',
      sizeStyle: 'aspect-ratio',
      editStyle: 'image-object',
      defaultFormat: 'jpeg',
      formats: ['jpeg'],
      omit: ['quality', 'background', 'moderation', 'output_format', 'output_compression'],
      maxInputs: 3,
    },
  },
  gemini: {
    baseURL: 'https://generativelanguage.googleapis.com/v1beta/openai',
    key: 'GEMINI_API_KEY',
    hosts: ['googleapis.com'],
    isKeyOptional: false,
    quirks: {
      ...openaiQuirks,
      judgeApi: 'chat',
      responseFormat: 'b64_json',
      maskPolarity: 'none',
      editStyle: 'none',
      formats: ['png'],
      omit: ['quality', 'background', 'moderation', 'output_format', 'output_compression'],
      maxImages: 1,
    },
  },
  'new-api': { ...openai, quirks: { ...openaiQuirks, judgeApi: 'chat' } },
  'ai-sdk': { ...openai, hosts: null, isKeyOptional: true },
}

/** Whether Limn can send batches to a server of this kind. */
export function hasBatches(server: ServerId | 'local'): server is 'openai' | 'ai-sdk' {
  return server === 'openai' || server === 'ai-sdk'
}

/** Images per minute by tier, from OpenAI's pages about the GPT image models. */
export const imagesPerMinuteByTier: Readonly<Record<1 | 2 | 3 | 4 | 5, number>> = {
  1: 5,
  2: 20,
  3: 50,
  4: 150,
  5: 250,
}

/** The parts of a request that a server may not support. */
type RequestedFeatures = {
  inputs?: readonly { role: 'image' | 'mask' | 'reference' }[] | undefined
  format: string
  background: string
}

/** A part of a request that a server does not support, whatever the model. */
export type UnsupportedPart = {
  part: 'inputs' | 'mask' | 'format' | 'background'
  /** The predicate of a sentence: `does not accept masks`. */
  cannot: string
}

/**
 * Lists the parts of a request that a server does not support. PNG is never among them: if the
 * server returns another format, Limn reports that and uses the picture.
 */
export function findUnsupported(
  { editStyle, maskPolarity, formats, omit, maxInputs }: Quirks,
  { inputs = [], format, background }: RequestedFeatures,
): UnsupportedPart[] {
  const pictures = inputs.filter(({ role }) => role !== 'mask').length
  const found: UnsupportedPart[] = []
  if (inputs.length > 0 && editStyle === 'none') {
    found.push({ part: 'inputs', cannot: 'does not accept input pictures' })
  } else if (maxInputs !== null && pictures > maxInputs) {
    found.push({
      part: 'inputs',
      cannot: `accepts at most ${maxInputs} input pictures per request, not ${pictures}`,
    })
  } else if (inputs.length > pictures && maskPolarity === 'none') {
    found.push({ part: 'mask', cannot: 'does not accept masks' })
  }
  if (formats !== null && format !== 'png' && !formats.includes(format)) {
    found.push({ part: 'format', cannot: `does not return ${format.toUpperCase()}` })
  }
  if (background === 'transparent' && omit.includes('background')) {
    found.push({ part: 'background', cannot: 'does not support a transparent background' })
  }
  return found
}

const sizeKey =
  'Set `size` on an asset or in `defaults`; `quirks.sizeStyle` of the provider controls how it is sent.'
const inputKey = 'Set `edit`, `references` or `variation` on an asset.'
const framesKey = 'Set `frames` on an asset.'
const partialsKey = 'Set `partials` on an asset or in `defaults`.'
const keyOf = (key: string): string => `Set \`${key}\` on an asset or in \`defaults\`.`

/**
 * Request fields that determine the picture or its price, each with the hint for its setting in the
 * manifest. `body` may not contain them: the lockfile and the price would ignore them.
 */
const hintByReservedField: Readonly<Record<string, string>> = {
  model: keyOf('model'),
  prompt: 'Set `prompt` on an asset.',
  n: 'Set `candidates` on an asset.',
  size: sizeKey,
  width: sizeKey,
  height: sizeKey,
  aspect_ratio: sizeKey,
  resolution: sizeKey,
  quality: keyOf('quality'),
  background: keyOf('background'),
  output_format: keyOf('format'),
  output_compression: keyOf('compression'),
  complexity: keyOf('complexity'),
  moderation: keyOf('moderation'),
  input_fidelity: 'Set `fidelity` on an asset.',
  frame_count: framesKey,
  frame_duration_ms: framesKey,
  stream: partialsKey,
  partial_images: partialsKey,
  response_format: 'Set `quirks.responseFormat` on the provider.',
  safety_identifier: 'Set `safetyIdentifier` on the provider: Limn sends it as a hash.',
  image: inputKey,
  'image[]': inputKey,
  images: inputKey,
  image_url: inputKey,
  reference_images: inputKey,
  files: inputKey,
  ref_images: inputKey,
  mask: inputKey,
}

/** The reserved fields of models of the AI SDK. The other fields differ between vendors. */
const fieldsReservedInAiSdk: readonly string[] = [
  'model',
  'prompt',
  'n',
  'stream',
  'partial_images',
  'image',
  'images',
  'mask',
]

/** Returns the hint for a field that `body` may not contain; `undefined` if it may. */
export function hintForReservedField(field: string, server: ServerId): string | undefined {
  if (server === 'ai-sdk' && !fieldsReservedInAiSdk.includes(field)) return undefined
  return Object.hasOwn(hintByReservedField, field) ? hintByReservedField[field] : undefined
}

/** Copies the fields of `body` that may be sent. */
export function extraFields(
  body: Readonly<Record<string, unknown>>,
  server: ServerId,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(body).filter(([field]) => hintForReservedField(field, server) === undefined),
  )
}
