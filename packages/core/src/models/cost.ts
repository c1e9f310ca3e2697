import type { Fidelity, Model, PriceRule, RequestFormat, TokenPrices } from './model.ts'
import { formatSize, type Size } from './size.ts'

/** Tokens as the API reports them. */
export type Usage = {
  inputTextTokens?: number
  inputImageTokens?: number
  /** All output tokens, text included. */
  outputTokens: number
  /** Text among the output tokens, which some models bill at a different price. */
  outputTextTokens?: number
  /** Tokens of the separate model that wrote an SVG, whose price is not published. */
  authorTokens?: number
}

/** Maximum tokens of one input picture: 1536 patches of 32 px. From third-party measurements. */
const MAX_INPUT_TOKENS = 1536
/** Maximum additional tokens of one input picture at high fidelity. From OpenAI's older documents. */
const FIDELITY_TOKENS = 6144
/** Additional output tokens of each partial. */
const PARTIAL_TOKENS = 100
/** The price in the Batch API as a part of the regular price. */
const BATCH_SHARE = 0.5

/** What determines the price of one picture. */
type PricedRequest = {
  size: Size
  quality: string
  prompt: string
  /** Number of input pictures, without the mask. Default 0. */
  inputPictures?: number
  fidelity?: Fidelity | undefined
  format?: RequestFormat
  /** Number of partials that are streamed. Default 0. */
  partials?: number
  /** Whether the request is sent to the Batch API. Default false. */
  batch?: boolean
}

/** How the price of one picture is computed, before the request. Plain data, prices in USD. */
export type PriceBreakdown = {
  /** The most that it costs; `null` if the price is unknown, which never counts as zero. */
  usd: number | null
  /** What it probably costs: the prompt has fewer tokens than characters. */
  likelyUsd: number | null
  rule: 'free' | 'picture' | 'tokens' | 'unknown'
  /** The quality that the price is of: the most expensive one if the model chooses. */
  quality: string | null
  /** Present if tokens are billed: the most of each kind. */
  tokens?: { inputText: number; inputImage: number; output: number; usdPerMillion: TokenPrices }
  /** The published price of a picture, where its tokens cost less. */
  published?: number
  /** The part of the regular price that a batch costs; absent outside a batch. */
  batchShare?: number
}

/**
 * Estimates the price of one picture at most, USD, before the request; `null` if it is unknown,
 * which never counts as zero. A prompt counts as 16 tokens plus one per character, more than was
 * measured.
 */
export function estimateUsd(model: Model | undefined, request: PricedRequest): number | null {
  return explainPrice(model, request).usd
}

const unknownPrice: PriceBreakdown = { usd: null, likelyUsd: null, rule: 'unknown', quality: null }

/** Explains what `estimateUsd` returns. */
export function explainPrice(model: Model | undefined, request: PricedRequest): PriceBreakdown {
  const fixed = (usd: number): PriceBreakdown => ({
    usd,
    likelyUsd: usd,
    rule: usd === 0 ? 'free' : 'picture',
    quality: null,
  })
  if (request.batch === true && model?.batchUsd !== undefined) return fixed(model.batchUsd)
  const price = model?.price ?? null
  if (price === null) return unknownPrice
  if (price.kind === 'free') return fixed(0)
  if (price.kind === 'flat') return fixed(price.usd)
  // The prices of GIF frames and SVG drawings are not published.
  if (request.format === 'gif' || request.format === 'svg') return unknownPrice
  const quality = knownQuality(price, request.quality)
  if (quality === undefined) return unknownPrice
  if (price.kind !== 'image') return explainTokens(price, quality, request)
  const [square, other] = price.usd[quality]!
  const usd =
    price.bySize?.[formatSize(request.size)] ??
    (request.size.width === request.size.height ? square : other)
  return { ...fixed(usd), quality }
}

function explainTokens(
  price: Extract<PriceRule, { kind: 'formula' | 'table' }>,
  quality: string,
  request: PricedRequest,
): PriceBreakdown {
  const { usdPerMillion } = price
  const share = request.batch === true ? BATCH_SHARE : 1
  const tokens = {
    inputTextTokens: 16 + request.prompt.length,
    inputImageTokens:
      (request.inputPictures ?? 0) *
      (MAX_INPUT_TOKENS + (request.fidelity === 'high' ? FIDELITY_TOKENS : 0)),
    outputTokens:
      outputTokens(price, quality, request.size) + PARTIAL_TOKENS * (request.partials ?? 0),
  }
  const published =
    price.kind === 'table' ? (price.published?.[quality]?.[shapeOf(request.size)] ?? 0) : 0
  const usdOf = (all: typeof tokens): number =>
    Math.max(
      tokensToUsd(all, usdPerMillion),
      published + tokensToUsd({ ...all, outputTokens: 0 }, usdPerMillion),
    )
  return {
    usd: usdOf(tokens) * share,
    likelyUsd: usdOf({ ...tokens, inputTextTokens: likelyTextTokens(request.prompt) }) * share,
    rule: 'tokens',
    quality,
    tokens: {
      inputText: tokens.inputTextTokens,
      inputImage: tokens.inputImageTokens,
      output: tokens.outputTokens,
      usdPerMillion,
    },
    ...(published > 0 ? { published } : {}),
    ...(share < 1 ? { batchShare: share } : {}),
  }
}

/** Estimates the tokens of a prompt: one for four characters of Latin text, one for any other. */
function likelyTextTokens(prompt: string): number {
  const others = [...prompt].filter((character) => character > '\u024F').join('').length
  return 16 + Math.ceil((prompt.length - others) / 4) + others
}

/** Computes the price of a picture from the tokens that the server reported; `null` if unknown. */
export function actualUsd(
  model: Model | undefined,
  usage: Usage | undefined,
  { batch = false }: { batch?: boolean } = {},
): number | null {
  const price = model?.price ?? null
  if (price === null || (batch && model?.batchUsd !== undefined)) return null
  if (price.kind === 'free') return 0
  if (
    usage === undefined ||
    usage.authorTokens !== undefined ||
    price.kind === 'image' ||
    price.kind === 'flat'
  ) {
    return null
  }
  return tokensToUsd(usage, price.usdPerMillion) * (batch ? BATCH_SHARE : 1)
}

/** Adds the tokens of two responses. */
export function addUsage(a: Usage, b: Usage): Usage {
  const text = (a.outputTextTokens ?? 0) + (b.outputTextTokens ?? 0)
  const author = (a.authorTokens ?? 0) + (b.authorTokens ?? 0)
  return {
    inputTextTokens: (a.inputTextTokens ?? 0) + (b.inputTextTokens ?? 0),
    inputImageTokens: (a.inputImageTokens ?? 0) + (b.inputImageTokens ?? 0),
    outputTokens: a.outputTokens + b.outputTokens,
    ...(text === 0 ? {} : { outputTextTokens: text }),
    ...(author === 0 ? {} : { authorTokens: author }),
  }
}

/**
 * Computes the output tokens of one picture. The formula of OpenAI's calculator: base ×
 * round-half-to-even(base × short/long) × (2,000,000 + w·h) / 4,000,000, rounded up.
 */
export function outputTokens(
  price: Extract<PriceRule, { kind: 'formula' | 'table' }>,
  quality: string,
  size: Size,
): number {
  const { width, height } = size
  if (price.kind === 'table') {
    return price.tokens[quality]![shapeOf(size)]
  }
  const base = price.base[quality]!
  const short = roundHalfToEven((base * Math.min(width, height)) / Math.max(width, height))
  return (
    Math.ceil((base * short * (2_000_000 + width * height)) / 4_000_000) *
    (price.scale?.[quality] ?? 1)
  )
}

/** The index of a size in a table of [square, portrait, landscape]. */
function shapeOf({ width, height }: Size): 0 | 1 | 2 {
  return width === height ? 0 : width < height ? 1 : 2
}

/** The quality itself if it has a price; otherwise (`auto`, unknown names) the most expensive one. */
function knownQuality(
  price: Exclude<PriceRule, { kind: 'free' | 'flat' }>,
  quality: string,
): string | undefined {
  const table: Readonly<Record<string, unknown>> =
    price.kind === 'formula' ? price.base : price.kind === 'table' ? price.tokens : price.usd
  return Object.hasOwn(table, quality) ? quality : Object.keys(table).at(-1)
}

function tokensToUsd(
  {
    inputTextTokens = 0,
    inputImageTokens = 0,
    outputTokens: out,
    outputTextTokens: text = 0,
  }: Usage,
  prices: TokenPrices,
): number {
  return (
    (inputTextTokens * prices.textIn +
      inputImageTokens * prices.imageIn +
      (out - text) * prices.imageOut +
      text * (prices.textOut ?? prices.imageOut)) /
    1e6
  )
}

function roundHalfToEven(value: number): number {
  const floor = Math.floor(value)
  const rest = value - floor
  if (rest !== 0.5) return Math.round(value)
  return floor % 2 === 0 ? floor : floor + 1
}

/** A currency other than USD in which prices are shown. */
export type Currency = {
  /** ISO 4217 code, `CNY`. */
  code: string
  /** The price of one US dollar in this currency. */
  perUsd: number
}

/**
 * Formats a price: `$0.013`, `$1.20`, `$0`, or `CNY 0.092`; `price unknown` for `null`. Shows three
 * decimals below 1, two from 1 on.
 */
export function formatUsd(usd: number | null, currency: Currency | null = null): string {
  if (usd === null) return 'price unknown'
  const sign = currency === null ? '$' : `${currency.code} `
  const sum = usd * (currency?.perUsd ?? 1)
  if (sum === 0) return `${sign}0`
  if (sum < 0.0005) return `<${sign}0.001`
  return sum < 1 ? `${sign}${sum.toFixed(3)}` : `${sign}${sum.toFixed(2)}`
}

/** Rounds a price as `formatUsd` does. Returns USD. */
export function roundUsd(usd: number, currency: Currency | null = null): number {
  const perUsd = currency?.perUsd ?? 1
  const sum = usd * perUsd
  return Number(sum.toFixed(sum < 1 ? 3 : 2)) / perUsd
}

/** Adds costs, USD; `null` if one is unknown. */
export function addUsd(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b
}

/** Sums up costs, USD; `null` if one is unknown. */
export function sumUsd(costs: readonly { usd: number | null }[]): number | null {
  return costs.reduce<number | null>((sum, { usd }) => addUsd(sum, usd), 0)
}

/** Tolerance for the rounding errors of sums, USD. */
export const USD_TOLERANCE = 1e-9
