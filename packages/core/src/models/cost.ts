import type { Model, PriceRule, TokenPrices } from './model.ts'
import type { Size } from './size.ts'

/** Tokens as the API counts them. Absent where a server does not say. */
export type Usage = { inputTextTokens?: number; inputImageTokens?: number; outputTokens: number }

/** Tokens that one input picture counts as at most: 1536 patches of 32 px. Measured by others, not official. */
const MOST_INPUT_TOKENS = 1536

/**
 * What one picture will cost at most, in USD, before it is asked for.
 * `null` where the price is not known: never to be counted as zero.
 * Prompts are counted at 16 + one token a character, which is above what was measured.
 */
export function estimateUsd(model: Model | undefined, ask: { size: Size; quality: string; prompt: string; inputPictures?: number }): number | null {
  if (model === undefined) return null
  const { price } = model
  if (price.kind === 'free') return 0
  const quality = knownQuality(price, ask.quality)
  if (quality === undefined) return null
  if (price.kind === 'image') {
    const [square, other] = price.usd[quality]!
    return ask.size.width === ask.size.height ? square : other
  }
  const inputImageTokens = (ask.inputPictures ?? 0) * MOST_INPUT_TOKENS
  return tokensToUsd({ inputTextTokens: 16 + ask.prompt.length, inputImageTokens, outputTokens: outputTokens(price, quality, ask.size) }, price.usdPerMillion)
}

/** What a picture did cost by the tokens that the server counted; `null` where it is not known. */
export function actualUsd(model: Model | undefined, usage: Usage | undefined): number | null {
  if (model === undefined) return null
  const { price } = model
  if (price.kind === 'free') return 0
  if (usage === undefined || price.kind === 'image') return null
  return tokensToUsd(usage, price.usdPerMillion)
}

/** What two answers cost together. */
export function addUsage(a: Usage, b: Usage): Usage {
  return { inputTextTokens: (a.inputTextTokens ?? 0) + (b.inputTextTokens ?? 0), inputImageTokens: (a.inputImageTokens ?? 0) + (b.inputImageTokens ?? 0), outputTokens: a.outputTokens + b.outputTokens }
}

/**
 * Output tokens of one picture.
 * The formula: base × round-half-to-even(base × short/long) × (2,000,000 + w·h) / 4,000,000, rounded up.
 */
export function outputTokens(price: Extract<PriceRule, { kind: 'formula' | 'table' }>, quality: string, size: Size): number {
  const { width, height } = size
  if (price.kind === 'table') {
    const [square, portrait, landscape] = price.tokens[quality]!
    return width === height ? square : width < height ? portrait : landscape
  }
  const base = price.base[quality]!
  const short = roundHalfToEven((base * Math.min(width, height)) / Math.max(width, height))
  return Math.ceil((base * short * (2_000_000 + width * height)) / 4_000_000) * (price.scale?.[quality] ?? 1)
}

/** `auto` and names that have no price count as the dearest. */
function knownQuality(price: Exclude<PriceRule, { kind: 'free' }>, quality: string): string | undefined {
  const table: Readonly<Record<string, unknown>> = price.kind === 'formula' ? price.base : price.kind === 'table' ? price.tokens : price.usd
  return Object.hasOwn(table, quality) ? quality : Object.keys(table).at(-1)
}

function tokensToUsd({ inputTextTokens = 0, inputImageTokens = 0, outputTokens: out }: Usage, prices: TokenPrices): number {
  return (inputTextTokens * prices.textIn + inputImageTokens * prices.imageIn + out * prices.imageOut) / 1e6
}

function roundHalfToEven(value: number): number {
  const floor = Math.floor(value)
  const rest = value - floor
  if (rest !== 0.5) return Math.round(value)
  return floor % 2 === 0 ? floor : floor + 1
}

/** `$0.013`, `$1.20`, `$0`; `price unknown` for `null`. Two figures at least, whole cents above a dollar. */
export function formatUsd(usd: number | null): string {
  if (usd === null) return 'price unknown'
  if (usd === 0) return '$0'
  if (usd < 0.0005) return '<$0.001'
  return usd < 1 ? `$${usd.toFixed(3)}` : `$${usd.toFixed(2)}`
}
