import type { Model, PriceRule, SizeRule, TokenPrices } from './model.ts'

/*
 * Sources, as of 2026-11-22: sizes, qualities and retirements from the types of the
 * `openai` package 7.57.0 and OpenAI's deprecations page; prices from OpenAI's pricing
 * page; the token formula from the calculator of OpenAI's image guide. gpt-image-2.6
 * has no published token counts: its figures are 2.5's, low and medium times four,
 * which is what third parties measured.
 */

/** The model behind the `local` provider. Its number rises when it draws otherwise. */
export const LOCAL_MODEL = 'limn-local-1'

/** What the `openai` provider asks where the manifest names no model. */
export const DEFAULT_OPENAI_MODEL = 'gpt-image-2.5-flare'

const anySize: SizeRule = {
  kind: 'stepped',
  step: 16,
  minPixels: 655_360,
  maxPixels: 8_294_400,
  maxEdge: 3840,
  maxRatio: 3,
}
const threeSizes: SizeRule = { kind: 'fixed', sizes: [[1024, 1024], [1024, 1536], [1536, 1024]] }

const currentPrices: TokenPrices = { textIn: 5, imageIn: 8, imageOut: 30 }
const price2: PriceRule = { kind: 'formula', base: { low: 16, medium: 48, high: 96 }, usdPerMillion: currentPrices }
const base25 = { low: 16, medium: 24, high: 48, xhigh: 64, max: 96 }
const price25: PriceRule = { kind: 'formula', base: base25, usdPerMillion: currentPrices }
const price26: PriceRule = { kind: 'formula', base: base25, scale: { low: 4, medium: 4 }, usdPerMillion: currentPrices }
function tablePrice(usdPerMillion: TokenPrices): PriceRule {
  const tokens = { low: [272, 408, 400], medium: [1056, 1584, 1568], high: [4160, 6240, 6208] } as const
  return { kind: 'table', tokens, usdPerMillion }
}

const threeQualities = ['low', 'medium', 'high'] as const
const fiveQualities = ['low', 'medium', 'high', 'xhigh', 'max'] as const

type Family = Omit<Model, 'id'>
const threeFormats = ['png', 'webp', 'jpeg'] as const
const gpt26: Family = { sizes: anySize, qualities: fiveQualities, transparent: true, formats: threeFormats, edits: true, maxImages: 10, promptLimit: 32_000, price: price26 }
const gpt25: Family = { ...gpt26, price: price25 }
const gpt2: Family = { sizes: anySize, qualities: threeQualities, transparent: false, formats: threeFormats, edits: true, maxImages: 10, promptLimit: 32_000, price: price2 }
const gpt1: Family = {
  sizes: threeSizes,
  qualities: threeQualities,
  transparent: true,
  formats: threeFormats, edits: true, maxImages: 10,
  promptLimit: 32_000,
  price: tablePrice({ textIn: 5, imageIn: 8, imageOut: 32, textOut: 10 }),
  shutdown: { date: '2026-12-01', replacement: 'gpt-image-2.6-sunburst' },
}

const rows: Readonly<Record<string, Family>> = {
  [LOCAL_MODEL]: {
    sizes: { kind: 'stepped', step: 1, minPixels: 1024, maxPixels: 8_294_400, maxEdge: 4096, maxRatio: 16 },
    qualities: [],
    transparent: true,
    formats: ['png'],
    edits: true, maxImages: 10,
    promptLimit: 32_000,
    price: { kind: 'free' },
  },
  'gpt-image-2.6-sunburst': gpt26,
  'gpt-image-2.6-flare': gpt26,
  'gpt-image-2.5-sunburst': gpt25,
  'gpt-image-2.5-sunburst-2026-09-08': gpt25,
  'gpt-image-2.5-flare': gpt25,
  'gpt-image-2.5-flare-2026-09-08': gpt25,
  'gpt-image-2': gpt2,
  'gpt-image-2-2026-04-21': gpt2,
  'gpt-image-1.5': gpt1,
  'gpt-image-1.5-2025-12-16': gpt1,
  'chatgpt-image-latest': gpt1,
  'gpt-image-1-mini': {
    ...gpt1,
    price: tablePrice({ textIn: 2, imageIn: 2.5, imageOut: 8 }),
    shutdown: { date: '2026-12-01', replacement: 'gpt-image-2.6-flare' },
  },
  'gpt-image-1': {
    ...gpt1,
    price: tablePrice({ textIn: 5, imageIn: 10, imageOut: 40 }),
    shutdown: { date: '2026-10-23', replacement: 'gpt-image-2.5-flare' },
  },
  'dall-e-3': {
    sizes: { kind: 'fixed', sizes: [[1024, 1024], [1024, 1792], [1792, 1024]] },
    qualities: ['standard', 'hd'],
    transparent: false,
    formats: [],
    linksByDefault: true,
    edits: false, maxImages: 1,
    promptLimit: 4000,
    price: { kind: 'image', usd: { standard: [0.04, 0.08], hd: [0.08, 0.12] } },
    shutdown: { date: '2026-05-12', replacement: 'gpt-image-2.5-flare' },
  },
  'dall-e-2': {
    sizes: { kind: 'fixed', sizes: [[256, 256], [512, 512], [1024, 1024]] },
    qualities: ['standard'],
    transparent: false,
    formats: [],
    linksByDefault: true,
    edits: true, maxImages: 10,
    promptLimit: 1000,
    price: { kind: 'image', usd: { standard: [0.02, 0.02] } },
    shutdown: { date: '2026-05-12', replacement: 'gpt-image-2.5-flare' },
  },
}

/** Every model whose abilities are known, by id. */
export const modelById: ReadonlyMap<string, Model> = new Map(
  Object.entries(rows).map(([id, family]) => [id, { id, ...family }]),
)

/** A model's row; `undefined` for an id that is not known, which is allowed. */
export function findModel(id: string): Model | undefined {
  return modelById.get(id)
}
