/** The capabilities and prices of one image model, as data. */
export type Model = {
  id: string
  /** Supported operations. Where `variation` is missing, Limn sends an edit with a prompt instead. */
  operations: readonly Operation[]
  sizes: SizeRule
  /** Supported values of `quality`, without `auto`; empty if the model has no such setting. */
  qualities: readonly string[]
  /** Whether it supports a transparent background. */
  transparent: boolean
  /** Values of `output_format`; empty if the model has no such setting and always returns PNG. */
  formats: readonly RequestFormat[]
  /** Whether it supports `output_compression`, 0 to 100, for JPEG and WebP. */
  compression: boolean
  /** Supported values of `complexity`; empty if the model has no such setting. */
  complexities: readonly string[]
  /** Supported values of `rendering`, which the API calls `style`. Default: none. */
  renderings?: readonly string[]
  /** Whether it supports less strict moderation. */
  moderation: boolean
  /** Supported values of `input_fidelity` for edits; empty if the model has no such setting. */
  fidelities: readonly Fidelity[]
  /** Maximum number of input pictures per request, without the mask; 0 if it accepts none. */
  references: number
  /** Whether it accepts a mask for edits. */
  masks: boolean
  /** Whether it accepts markup for edits: drawings over the picture. Default false. */
  markups?: boolean
  /** Requirements for input pictures. Default: PNG, JPEG or WebP of less than 50 MB. */
  inputRule?: { formats: readonly ['png']; maxBytes: number; square: true }
  /** Whether it streams partials, for requests with one picture (`single`) or any number. */
  streaming: 'none' | 'single' | 'any'
  /** Whether the Batch API accepts it, at half the price or at `batchUsd`. */
  batch: boolean
  /** USD per picture in a batch, if that is not half the price. */
  batchUsd?: number
  /** The request field for the hash that identifies the end user. */
  identifierField: 'safety_identifier' | 'user'
  /** Present if it returns a link that expires, unless the request asks for `b64_json`. */
  linksByDefault?: true
  /** Maximum number of pictures per request. */
  maxImages: number
  /** Maximum length of a prompt in characters. */
  promptLimit: number
  /** `null` if it is unknown, which never counts as zero. */
  price: PriceRule | null
  /** When OpenAI retires the model, as an ISO 8601 date, and the model that replaces it. */
  shutdown?: { date: string; replacement: string }
}

/** What a request does: generate from a prompt, edit input pictures, or vary one. */
type Operation = 'generate' | 'edit' | 'variation'
/** How closely an edit keeps to its input pictures. */
export type Fidelity = 'low' | 'high'
/** File formats that a request can specify. */
export type RequestFormat = 'png' | 'webp' | 'jpeg' | 'gif' | 'svg'

/** The picture sizes that a model supports. */
export type SizeRule =
  /** Only these sizes, px. With `isOpen`, Limn chooses from them but accepts others. */
  | { kind: 'fixed'; sizes: readonly (readonly [width: number, height: number])[]; isOpen?: true }
  /** Any size whose edges are multiples of `step` px, within the bounds. */
  | {
      kind: 'stepped'
      step: number
      minPixels: number
      maxPixels: number
      maxEdge: number
      /** Maximum ratio of the longer to the shorter edge. */
      maxRatio: number
    }

/** How the price of a picture is computed. */
export type PriceRule =
  | { kind: 'free' }
  /** Output tokens by the provider's published formula, from `base` by quality, times `scale`. */
  | {
      kind: 'formula'
      base: Readonly<Record<string, number>>
      usdPerMillion: TokenPrices
      scale?: Readonly<Record<string, number>>
    }
  /** Output tokens by quality for [square, portrait, landscape]. */
  | {
      kind: 'table'
      tokens: Readonly<Record<string, readonly [number, number, number]>>
      usdPerMillion: TokenPrices
      /** Published USD per picture, where that is more than its tokens cost. */
      published?: Readonly<Record<string, readonly [number, number, number]>>
    }
  /**
   * USD per picture by quality for [square, other shapes]; `bySize`, by `WIDTHxHEIGHT`, overrides
   * it.
   */
  | {
      kind: 'image'
      usd: Readonly<Record<string, readonly [number, number]>>
      bySize?: Readonly<Record<string, number>>
    }
  /** The same USD for each picture, as relays bill. */
  | { kind: 'flat'; usd: number }

/** USD per million tokens. `textOut` defaults to `imageOut`. */
export type TokenPrices = { textIn: number; imageIn: number; imageOut: number; textOut?: number }
