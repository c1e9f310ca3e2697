/*
 * What servers that speak OpenAI's Images API do in their own way, as of 2026-11-22: from the
 * types of the `openai` package for Azure, the sources of LocalAI, stable-diffusion.cpp,
 * vLLM-omni and New API, the AI SDK's own clients of Together and xAI, and the documents of
 * those two and of Google.
 */

/** A server's manner, where it is not OpenAI's. */
export type Quirks = {
  /** What `response_format` is sent; `null`: none, but for models that give links without it. */
  responseFormat: 'b64_json' | 'base64' | 'url' | null
  /**
   * How a mask says where the picture may change: by alpha 0, or as a grey picture in white or in
   * black; `none`: it takes no mask.
   */
  maskPolarity: MaskPolarity | 'none'
  /** How the size is said: `size`, `width` and `height`, or `aspect_ratio` and `resolution`. */
  sizeStyle: 'size' | 'width-height' | 'aspect-ratio'
  editStyle: EditStyle
  /** Whether `output_compression` 100 is the smallest file, and not the best. */
  compressionIsInverse: boolean
  /** What it draws where no `output_format` is sent. */
  defaultFormat: 'png' | 'jpeg'
  /** File formats it can be asked for, whatever the model; `null` for what the model can. */
  formats: readonly string[] | null
  /** Fields that it refuses or knows nothing of: never sent. */
  omit: readonly string[]
  /** Most pictures that one request can ask for, whatever the model; `null` for no limit of its own. */
  maxImages: number | null
  /**
   * Most pictures that one request can hold besides its mask, whatever the model; `null` for no
   * limit of its own.
   */
  maxInputs: number | null
}

export type MaskPolarity = 'alpha' | 'white' | 'black'

/**
 * How input pictures are sent: as a form to `/images/edits` (`multipart`), as JSON to the same,
 * with `images` (`json`) or with `image` (`image-object`), or with a generation, as `image_url`
 * (`image-url`) or as bare base64 in `files` (`files`); `none`: it takes no pictures.
 */
export type EditStyle = 'multipart' | 'json' | 'image-object' | 'image-url' | 'files' | 'none'

export type Server = {
  /** Where it is reached; `null`: OpenAI's own, or what the manifest says. */
  baseURL: string | null
  /** The variable that holds its key. */
  key: string
  /**
   * The hosts that the key is meant for, each with its subdomains; `null` where everybody runs
   * their own.
   */
  hosts: readonly string[] | null
  /** Whether it may be asked without a key. */
  isKeyOptional: boolean
  quirks: Quirks
}

/** Where OpenAI itself is asked. */
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
}
const openai: Server = {
  baseURL: null,
  key: 'OPENAI_API_KEY',
  hosts: ['openai.com', 'openai.azure.com'],
  isKeyOptional: false,
  quirks: openaiQuirks,
}
const ownServer: Pick<Server, 'hosts' | 'isKeyOptional'> = { hosts: null, isKeyOptional: true }

/** Servers whose manners are known, by the name that a manifest gives them. */
export const servers = {
  openai,
  azure: {
    ...openai,
    key: 'AZURE_OPENAI_API_KEY',
    hosts: [
      'openai.azure.com',
      'cognitiveservices.azure.com',
      'services.ai.azure.com',
      'azure-api.net',
    ],
    quirks: { ...openaiQuirks, compressionIsInverse: true, formats: ['png', 'jpeg'] },
  },
  localai: {
    baseURL: 'http://localhost:8080/v1',
    key: 'LOCALAI_API_KEY',
    ...ownServer,
    quirks: {
      ...openaiQuirks,
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
      responseFormat: 'b64_json',
      maskPolarity: 'none',
      editStyle: 'none',
      formats: ['png'],
      omit: ['quality', 'background', 'moderation', 'output_format', 'output_compression'],
      maxImages: 1,
    },
  },
  'new-api': openai,
  'ai-sdk': { ...openai, hosts: null, isKeyOptional: true },
} as const satisfies Record<string, Server>

export type ServerId = keyof typeof servers

/** Images a minute by tier, as OpenAI's model pages give them for the GPT image models. */
export const imagesPerMinuteByTier = {
  1: 5,
  2: 20,
  3: 50,
  4: 150,
  5: 250,
} as const satisfies Record<number, number>

/** What decides whether a server can be asked for a picture. */
export type ServerNeed = {
  inputs?: readonly { role: 'image' | 'mask' | 'reference' }[] | undefined
  format: string
  background: string
}

/** Something that a server can't do, whatever the model. */
export type Inability = {
  /** What of the request is in the way. */
  part: 'inputs' | 'mask' | 'format' | 'background'
  /** The end of a sentence: `takes no mask`. */
  cannot: string
}

/**
 * What stands in the way of asking a server for a picture; empty where nothing does. A PNG may come
 * as something else: that is told, and used.
 */
export function whatServerCannot(
  { editStyle, maskPolarity, formats, omit, maxInputs }: Quirks,
  { inputs = [], format, background }: ServerNeed,
): Inability[] {
  const pictures = inputs.filter(({ role }) => role !== 'mask').length
  const found: Inability[] = []
  if (inputs.length > 0 && editStyle === 'none') {
    found.push({ part: 'inputs', cannot: "takes no pictures: it can't edit, vary or go by one" })
  } else if (maxInputs !== null && pictures > maxInputs) {
    found.push({
      part: 'inputs',
      cannot: `takes at most ${maxInputs} pictures a request, and here are ${pictures}`,
    })
  } else if (inputs.length > pictures && maskPolarity === 'none') {
    found.push({ part: 'mask', cannot: 'takes no mask' })
  }
  if (formats !== null && format !== 'png' && !formats.includes(format)) {
    found.push({ part: 'format', cannot: `does not send ${format.toUpperCase()}` })
  }
  if (background === 'transparent' && omit.includes('background')) {
    found.push({ part: 'background', cannot: "can't be asked for a transparent ground" })
  }
  return found
}

const sizeKey =
  'Write `size` at an asset or in `defaults`; `quirks.sizeStyle` of the provider says how it is sent.'
const inputKey = 'Write `edit`, `references` or `variation` at an asset.'
const framesKey = 'Write `frames` at an asset.'
const partialsKey = 'Write `partials` at an asset or in `defaults`.'
const keyOf = (key: string): string => `Write \`${key}\` at an asset or in \`defaults\`.`

/**
 * Fields of a request that say what is drawn, how often and from what, each with what to write in
 * the manifest. None of them may come from `body`: the lock and the price would not know.
 */
const ownFields: Readonly<Record<string, string>> = {
  model: keyOf('model'),
  prompt: 'Write `prompt` at an asset.',
  n: 'Write `candidates` at an asset.',
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
  input_fidelity: 'Write `fidelity` at an asset.',
  frame_count: framesKey,
  frame_duration_ms: framesKey,
  stream: partialsKey,
  partial_images: partialsKey,
  response_format: 'Write `quirks.responseFormat` at the provider.',
  safety_identifier: 'Write `safetyIdentifier` at the provider: it is sent as a hash.',
  image: inputKey,
  'image[]': inputKey,
  images: inputKey,
  image_url: inputKey,
  reference_images: inputKey,
  files: inputKey,
  ref_images: inputKey,
  mask: inputKey,
}
/**
 * Those of them that Limn says also to models of the AI SDK, where every vendor names the rest in
 * its own way.
 */
const ownFieldsOfAiSdk: readonly string[] = [
  'model',
  'prompt',
  'n',
  'stream',
  'partial_images',
  'image',
  'images',
  'mask',
]

/**
 * What to write in the place of a field of `body` that is not its to set; `undefined` where it may
 * stand there.
 */
export function insteadOfBody(field: string, server: ServerId): string | undefined {
  if (server === 'ai-sdk' && !ownFieldsOfAiSdk.includes(field)) return undefined
  return Object.hasOwn(ownFields, field) ? ownFields[field] : undefined
}

/** The fields of `body` that may be sent. */
export function extraFields(
  body: Readonly<Record<string, unknown>>,
  server: ServerId,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(body).filter(([field]) => insteadOfBody(field, server) === undefined),
  )
}
