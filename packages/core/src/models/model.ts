/** What one image model can do and what it costs: data, never code in an `if`. */
export type Model = {
  id: string
  /**
   * What it can be asked to do. A variation where it is not among them is asked as an edit with a
   * prompt.
   */
  operations: readonly Operation[]
  sizes: SizeRule
  /** Quality names it takes, `auto` left out; empty where it has no such knob. */
  qualities: readonly string[]
  /** Whether it draws on a transparent ground. */
  transparent: boolean
  /** File formats it can be asked for; empty where it always gives PNG and takes no such field. */
  formats: readonly RequestFormat[]
  /** Whether JPEG and WebP can be asked for smaller, from 0 to 100. */
  compression: boolean
  /** How much it may put into a picture; empty where it has no such knob. */
  complexities: readonly string[]
  /** Whether moderation can be asked to be less strict. */
  moderation: boolean
  /** How closely edits can be asked to keep to their pictures; empty where it has no such knob. */
  fidelities: readonly Fidelity[]
  /** Pictures that one request can hold besides its mask; 0 where it takes none. */
  references: number
  /** Whether an edit can say where, by a mask. */
  masks: boolean
  /** What input pictures have to be, where PNG, JPEG and WebP of less than 50 MB are not all right. */
  inputRule?: { formats: readonly ['png']; maxBytes: number; square: true }
  /** Whether it sends unfinished pictures: only one picture a request (`single`), or any number. */
  streaming: 'none' | 'single' | 'any'
  /** Whether the Batch API takes it, at half the price. */
  batch: boolean
  /** The field that says, as a hash, who is behind a request. */
  identifierField: 'safety_identifier' | 'user'
  /** Whether it gives a link that soon expires unless it is asked for `b64_json`. */
  linksByDefault?: true
  /** Most pictures that one request can ask for. */
  maxImages: number
  /** Longest prompt, in characters. */
  promptLimit: number
  /** `null` where nobody knows it: never to be counted as zero. */
  price: PriceRule | null
  /** When the official endpoint stops serving it, and what takes its place. */
  shutdown?: { date: string; replacement: string }
}

export type Operation = 'generate' | 'edit' | 'variation'
export type Fidelity = 'low' | 'high'
/** File formats that a model can be asked for. */
export type RequestFormat = 'png' | 'webp' | 'jpeg' | 'gif' | 'svg'

export type SizeRule =
  /** Only these sizes, in px; with `isOpen`, others are not refused. */
  | { kind: 'fixed'; sizes: readonly (readonly [width: number, height: number])[]; isOpen?: true }
  /** Any size whose edges are multiples of `step` px, within the bounds. */
  | {
      kind: 'stepped'
      step: number
      minPixels: number
      maxPixels: number
      maxEdge: number
      /** Longest edge over shortest. */
      maxRatio: number
    }

export type PriceRule =
  | { kind: 'free' }
  /** Output tokens from quality and size by the provider's published formula. */
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
      /** USD an image as the price page gives it, where that is above what the tokens come to. */
      published?: Readonly<Record<string, readonly [number, number, number]>>
    }
  /** USD an image by quality for [square, other shapes], or by size where `bySize` names it. */
  | {
      kind: 'image'
      usd: Readonly<Record<string, readonly [number, number]>>
      bySize?: Readonly<Record<string, number>>
    }
  /** The same USD for every image, as relays bill. */
  | { kind: 'flat'; usd: number }

/** USD for a million tokens. */
export type TokenPrices = { textIn: number; imageIn: number; imageOut: number; textOut?: number }
