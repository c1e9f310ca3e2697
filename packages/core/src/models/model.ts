/** What one image model can do and what it costs: data, never code in an `if`. */
export type Model = {
  id: string
  sizes: SizeRule
  /** Quality names it takes, `auto` left out; empty where it has no such knob. */
  qualities: readonly string[]
  /** Whether it draws on a transparent ground. */
  transparent: boolean
  /** File formats it can be asked for; empty where it always gives PNG and takes no such field. */
  formats: readonly string[]
  /** Whether it gives a link that soon expires unless it is asked for `b64_json`. */
  linksByDefault?: true
  /** Whether it takes pictures with the prompt: edits, references, variations. */
  edits: boolean
  /** Most pictures that one request can ask for. */
  maxImages: number
  /** Longest prompt, in characters. */
  promptLimit: number
  price: PriceRule
  /** When the official endpoint stops serving it, and what takes its place. */
  shutdown?: { date: string; replacement: string }
}

export type SizeRule =
  /** Only these sizes, in px. */
  | { kind: 'fixed'; sizes: readonly (readonly [width: number, height: number])[] }
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
  | { kind: 'formula'; base: Readonly<Record<string, number>>; usdPerMillion: TokenPrices; scale?: Readonly<Record<string, number>> }
  /** Output tokens by quality for [square, portrait, landscape]. */
  | { kind: 'table'; tokens: Readonly<Record<string, readonly [number, number, number]>>; usdPerMillion: TokenPrices }
  /** USD an image by quality for [square, other shapes]. */
  | { kind: 'image'; usd: Readonly<Record<string, readonly [number, number]>> }

/** USD for a million tokens. */
export type TokenPrices = { textIn: number; imageIn: number; imageOut: number; textOut?: number }
