import type { Fidelity, Model, PriceRule, RequestFormat, TokenPrices } from './model.ts'
import { formatSize, type Size } from './size.ts'

/** Tokens as the API counts them. Absent where a server does not say. */
export type Usage = {
  inputTextTokens?: number
  inputImageTokens?: number
  /** All that came out, text included. */
  outputTokens: number
  /** Text among what came out, which some models bill at a price of its own. */
  outputTextTokens?: number
  /** What another model counted that wrote the drawing, at a price that nobody gives. */
  authorTokens?: number
}

/**
 * Tokens that one input picture counts as at most: 1536 patches of 32 px. Measured by others, not
 * official.
 */
const MOST_INPUT_TOKENS = 1536
/** What keeping close to an input picture adds at most, from OpenAI's older documents. */
const FIDELITY_TOKENS = 6144
/** Output tokens that each unfinished picture adds. */
const PARTIAL_TOKENS = 100
/** What the Batch API takes of the price. */
const BATCH_SHARE = 0.5

/** What decides the price of one picture. */
export type PricedRequest = {
  size: Size
  quality: string
  prompt: string
  /** Pictures that go with the prompt, the mask not counted. Default 0. */
  inputPictures?: number
  fidelity?: Fidelity | undefined
  format?: RequestFormat
  /** Unfinished pictures that are sent on the way. Default 0. */
  partials?: number
  /** Whether it goes through the Batch API. Default false. */
  batch?: boolean
}

/**
 * What one picture will cost at most, in USD, before it is asked for. `null` where the price is not
 * known: never to be counted as zero. Prompts are counted at 16 + one token a character, which is
 * above what was measured.
 */
export function estimateUsd(model: Model | undefined, ask: PricedRequest): number | null {
  const price = model?.price ?? null
  if (price === null) return null
  if (price.kind === 'free') return 0
  if (price.kind === 'flat') return price.usd
  // How frames and drawings in SVG are billed is not published.
  if (ask.format === 'gif' || ask.format === 'svg') return null
  const quality = knownQuality(price, ask.quality)
  if (quality === undefined) return null
  if (price.kind === 'image') {
    const [square, other] = price.usd[quality]!
    return (
      price.bySize?.[formatSize(ask.size)] ?? (ask.size.width === ask.size.height ? square : other)
    )
  }
  const inputImageTokens =
    (ask.inputPictures ?? 0) * (MOST_INPUT_TOKENS + (ask.fidelity === 'high' ? FIDELITY_TOKENS : 0))
  const tokens = {
    inputTextTokens: 16 + ask.prompt.length,
    inputImageTokens,
    outputTokens: outputTokens(price, quality, ask.size) + PARTIAL_TOKENS * (ask.partials ?? 0),
  }
  const published =
    price.kind === 'table' ? (price.published?.[quality]?.[shapeOf(ask.size)] ?? 0) : 0
  const usd = Math.max(
    tokensToUsd(tokens, price.usdPerMillion),
    published + tokensToUsd({ ...tokens, outputTokens: 0 }, price.usdPerMillion),
  )
  return usd * (ask.batch === true ? BATCH_SHARE : 1)
}

/** What a picture did cost by the tokens that the server counted; `null` where it is not known. */
export function actualUsd(
  model: Model | undefined,
  usage: Usage | undefined,
  { batch = false }: { batch?: boolean } = {},
): number | null {
  const price = model?.price ?? null
  if (price === null) return null
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

/** What two answers cost together. */
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
 * Output tokens of one picture. The formula: base × round-half-to-even(base × short/long) ×
 * (2,000,000 + w·h) / 4,000,000, rounded up.
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

/** Where a size stands in a table of square, portrait, landscape. */
function shapeOf({ width, height }: Size): 0 | 1 | 2 {
  return width === height ? 0 : width < height ? 1 : 2
}

/** `auto` and names that have no price count as the dearest. */
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

/** What prices are shown in beside USD. */
export type Currency = {
  /** Three letters, `CNY`. */
  code: string
  /** What one US dollar costs in it. */
  perUsd: number
}

/**
 * `$0.013`, `$1.20`, `$0`, or `CNY 0.092`; `price unknown` for `null`. Two figures at least, whole
 * cents above one.
 */
export function formatUsd(usd: number | null, currency: Currency | null = null): string {
  if (usd === null) return 'price unknown'
  const sign = currency === null ? '$' : `${currency.code} `
  const sum = usd * (currency?.perUsd ?? 1)
  if (sum === 0) return `${sign}0`
  if (sum < 0.0005) return `<${sign}0.001`
  return sum < 1 ? `${sign}${sum.toFixed(3)}` : `${sign}${sum.toFixed(2)}`
}

/** USD as `formatUsd` shows them: rounded in the same way. */
export function roundUsd(usd: number, currency: Currency | null = null): number {
  const perUsd = currency?.perUsd ?? 1
  const sum = usd * perUsd
  return Number(sum.toFixed(sum < 1 ? 3 : 2)) / perUsd
}
