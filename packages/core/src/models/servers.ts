/*
 * What servers that speak OpenAI's Images API do in their own way, as of 2026-11-22: from the
 * types of the `openai` package for Azure, the sources of LocalAI, stable-diffusion.cpp and
 * vLLM-omni, and the documents of Together, xAI, Google and relays.
 */

/** A server's manner, where it is not OpenAI's. */
export type Quirks = {
  /** What `response_format` is sent; `null`: none, but for models that give links without it. */
  responseFormat: 'b64_json' | 'base64' | 'url' | null
  /** How a mask says where the picture may change: by alpha 0, or as a grey picture in white or in black. */
  maskPolarity: 'alpha' | 'white' | 'black'
  /** How the size is said: `size`, `width` and `height`, or `aspect_ratio` and `resolution`. */
  sizeStyle: 'size' | 'width-height' | 'aspect-ratio'
  /** How input pictures are sent: as a form, as JSON with data URLs, or as `image_url` of a generation. */
  editStyle: 'multipart' | 'json' | 'image-url'
  /** Whether `output_compression` 100 is the smallest file, and not the best. */
  compressionIsInverse: boolean
  /** Fields that it refuses: never sent. */
  omit: readonly string[]
  /** Most pictures that one request can ask for, whatever the model; `null` for no limit of its own. */
  maxImages: number | null
}

export type Server = {
  /** Where it is reached; `null`: OpenAI's own, or what the manifest says. */
  baseURL: string | null
  /** The variable that holds its key. */
  key: string
  /** Whether it may be asked without a key. */
  isKeyOptional: boolean
  quirks: Quirks
}

const openaiQuirks: Quirks = { responseFormat: null, maskPolarity: 'alpha', sizeStyle: 'size', editStyle: 'multipart', compressionIsInverse: false, omit: [], maxImages: null }
const openai: Server = { baseURL: null, key: 'OPENAI_API_KEY', isKeyOptional: false, quirks: openaiQuirks }

/** Servers whose manners are known, by the name that a manifest gives them. */
export const servers = {
  openai,
  azure: { ...openai, key: 'AZURE_OPENAI_API_KEY', quirks: { ...openaiQuirks, compressionIsInverse: true } },
  localai: { baseURL: 'http://localhost:8080/v1', key: 'LOCALAI_API_KEY', isKeyOptional: true, quirks: { ...openaiQuirks, responseFormat: 'b64_json' } },
  'stable-diffusion.cpp': { baseURL: 'http://localhost:1234/v1', key: 'SD_API_KEY', isKeyOptional: true, quirks: { ...openaiQuirks, maskPolarity: 'white' } },
  'vllm-omni': { baseURL: 'http://localhost:8000/v1', key: 'VLLM_API_KEY', isKeyOptional: true, quirks: { ...openaiQuirks, responseFormat: 'b64_json', omit: ['quality', 'background', 'moderation', 'output_format', 'output_compression'] } },
  together: { baseURL: 'https://api.together.xyz/v1', key: 'TOGETHER_API_KEY', isKeyOptional: false, quirks: { ...openaiQuirks, responseFormat: 'base64', sizeStyle: 'width-height', editStyle: 'image-url', omit: ['quality', 'background', 'moderation', 'output_compression'] } },
  xai: { baseURL: 'https://api.x.ai/v1', key: 'XAI_API_KEY', isKeyOptional: false, quirks: { ...openaiQuirks, responseFormat: 'b64_json', sizeStyle: 'aspect-ratio', editStyle: 'json', omit: ['background', 'moderation', 'output_format', 'output_compression'] } },
  gemini: { baseURL: 'https://generativelanguage.googleapis.com/v1beta/openai', key: 'GEMINI_API_KEY', isKeyOptional: false, quirks: { ...openaiQuirks, responseFormat: 'b64_json', omit: ['quality', 'background', 'moderation', 'output_format', 'output_compression'], maxImages: 1 } },
  'new-api': openai,
  'ai-sdk': { ...openai, isKeyOptional: true },
} as const satisfies Record<string, Server>

export type ServerId = keyof typeof servers

/** Images a minute by tier, as OpenAI's model pages give them for the GPT image models. */
export const imagesPerMinuteByTier = { 1: 5, 2: 20, 3: 50, 4: 150, 5: 250 } as const satisfies Record<number, number>
