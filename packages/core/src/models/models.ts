import type { Fidelity, Model, PriceRule, RequestFormat, SizeRule, TokenPrices } from './model.ts'
import { unknownModelSizes } from './size.ts'

/*
 * Sources, as of 2026-11-22: sizes, qualities and retirements from the types of the `openai` package
 * 7.57.0 and OpenAI's deprecations page; prices from OpenAI's pricing page; the token formula from
 * the calculator of OpenAI's image guide. The token counts of gpt-image-2.6 are not published: its
 * figures are those of 2.5, with low and medium times four, as third parties measured.
 */

/** Where the prices of OpenAI's models come from, and the day on which they were compared. */
export const priceSource = { name: "OpenAI's pricing page", date: '2026-11-22' } as const

/** The model of the `local` provider. Raise its number when it generates different pictures. */
export const LOCAL_MODEL = 'limn-local-2'

/** Stands for Limn itself in the request of a cell that is cut from a sheet. */
export const CUT_MODEL = 'limn-cut-1'

/** The model of the `openai` provider if the manifest specifies none. */
export const DEFAULT_OPENAI_MODEL = 'gpt-image-2.5-flare'

const anySize: SizeRule = {
  kind: 'stepped',
  step: 16,
  minPixels: 655_360,
  maxPixels: 8_294_400,
  maxEdge: 3840,
  maxRatio: 3,
}
const threeSizes: SizeRule = {
  kind: 'fixed',
  sizes: [
    [1024, 1024],
    [1024, 1536],
    [1536, 1024],
  ],
}

const currentPrices: TokenPrices = { textIn: 5, imageIn: 8, imageOut: 30 }
const price2: PriceRule = {
  kind: 'formula',
  base: { low: 16, medium: 48, high: 96 },
  usdPerMillion: currentPrices,
}
const base25 = { low: 16, medium: 24, high: 48, xhigh: 64, max: 96 }
const price25: PriceRule = { kind: 'formula', base: base25, usdPerMillion: currentPrices }
const price26: PriceRule = {
  kind: 'formula',
  base: base25,
  scale: { low: 4, medium: 4 },
  usdPerMillion: currentPrices,
}
function tablePrice(usdPerMillion: TokenPrices): Extract<PriceRule, { kind: 'table' }> {
  const tokens = {
    low: [272, 408, 400],
    medium: [1056, 1584, 1568],
    high: [4160, 6240, 6208],
  } as const
  return { kind: 'table', tokens, usdPerMillion }
}

const threeQualities = ['low', 'medium', 'high'] as const
const fiveQualities = ['low', 'medium', 'high', 'xhigh', 'max'] as const

type Family = Omit<Model, 'id'>
const threeFormats = ['png', 'webp', 'jpeg'] as const

/** Properties that the GPT image models share. */
const gptImage = {
  operations: ['generate', 'edit'],
  formats: threeFormats,
  compression: true,
  complexities: [],
  moderation: true,
  fidelities: [],
  references: 16,
  masks: true,
  streaming: 'any',
  batch: true,
  identifierField: 'safety_identifier',
  maxImages: 10,
  promptLimit: 32_000,
} as const satisfies Partial<Family>

const gpt25: Family = {
  ...gptImage,
  markups: true,
  sizes: anySize,
  qualities: fiveQualities,
  transparent: true,
  streaming: 'single',
  price: price25,
}
const gpt26: Family = {
  ...gpt25,
  formats: [...threeFormats, 'gif', 'svg'],
  complexities: ['low', 'medium', 'high'],
  batch: false,
  price: price26,
}
const gpt2: Family = {
  ...gptImage,
  sizes: anySize,
  qualities: threeQualities,
  transparent: false,
  price: price2,
}
const gpt1: Family = {
  ...gptImage,
  sizes: threeSizes,
  qualities: threeQualities,
  transparent: true,
  fidelities: ['low', 'high'],
  price: tablePrice({ textIn: 5, imageIn: 8, imageOut: 32, textOut: 10 }),
  shutdown: { date: '2026-12-01', replacement: 'gpt-image-2.6-sunburst' },
}
/** Properties that the DALL·E models share: they return one PNG, as a link by default. */
const dallE = {
  transparent: false,
  formats: [],
  compression: false,
  complexities: [],
  moderation: false,
  fidelities: [],
  streaming: 'none',
  batch: false,
  identifierField: 'user',
  linksByDefault: true,
  shutdown: { date: '2026-05-12', replacement: 'gpt-image-2.5-flare' },
} as const satisfies Partial<Family>

const rows: Readonly<Record<string, Family>> = {
  [LOCAL_MODEL]: {
    ...gptImage,
    markups: true,
    operations: ['generate', 'edit', 'variation'],
    sizes: {
      kind: 'stepped',
      step: 1,
      minPixels: 1024,
      maxPixels: 8_294_400,
      maxEdge: 4096,
      maxRatio: 16,
    },
    qualities: [],
    transparent: true,
    formats: ['png'],
    compression: false,
    moderation: false,
    streaming: 'none',
    batch: false,
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
  'chatgpt-image-latest': { ...gpt1, batch: false },
  'gpt-image-1-mini': {
    ...gpt1,
    fidelities: ['low'],
    price: {
      ...tablePrice({ textIn: 2, imageIn: 2.5, imageOut: 8 }),
      published: {
        low: [0.005, 0.006, 0.006],
        medium: [0.011, 0.015, 0.015],
        high: [0.036, 0.052, 0.052],
      },
    },
    shutdown: { date: '2026-12-01', replacement: 'gpt-image-2.6-flare' },
  },
  'gpt-image-1': {
    ...gpt1,
    price: tablePrice({ textIn: 5, imageIn: 10, imageOut: 40 }),
    shutdown: { date: '2026-10-23', replacement: 'gpt-image-2.5-flare' },
  },
  'dall-e-3': {
    ...dallE,
    operations: ['generate'],
    sizes: {
      kind: 'fixed',
      sizes: [
        [1024, 1024],
        [1024, 1792],
        [1792, 1024],
      ],
    },
    renderings: ['vivid', 'natural'],
    qualities: ['standard', 'hd'],
    references: 0,
    masks: false,
    maxImages: 1,
    promptLimit: 4000,
    price: { kind: 'image', usd: { standard: [0.04, 0.08], hd: [0.08, 0.12] } },
  },
  'dall-e-2': {
    ...dallE,
    operations: ['generate', 'edit', 'variation'],
    sizes: {
      kind: 'fixed',
      sizes: [
        [256, 256],
        [512, 512],
        [1024, 1024],
      ],
    },
    qualities: ['standard'],
    references: 1,
    masks: true,
    inputRule: { formats: ['png'], maxBytes: 4_000_000, square: true },
    maxImages: 10,
    promptLimit: 1000,
    price: {
      kind: 'image',
      usd: { standard: [0.02, 0.02] },
      bySize: { '256x256': 0.016, '512x512': 0.018 },
    },
  },
}

/** All known models by id. */
export const modelById: ReadonlyMap<string, Model> = new Map(
  Object.entries(rows).map(([id, family]) => [id, { id, ...family }]),
)

/** The id, among the models of a manifest, of the row for every model that is not known otherwise. */
export const ANY_MODEL = '*'

/**
 * Finds a model by id; `undefined` if it is unknown, which is allowed. The models that a manifest
 * defines, `own`, take precedence.
 */
export function findModel(id: string, own: OwnModels = {}): Model | undefined {
  if (Object.hasOwn(own, id)) return own[id]
  const known = modelById.get(id)
  if (known !== undefined || !Object.hasOwn(own, ANY_MODEL)) return known
  return { ...own[ANY_MODEL]!, id }
}

/** Models that the providers of a manifest define, by id. */
export type OwnModels = Readonly<Record<string, Model>>

/** The properties of a model that a manifest overrides or, for an unknown model, defines. */
export type ModelOverride = {
  /** Id of the model whose properties are the defaults. */
  like?: string | undefined
  /** Supported sizes, `WIDTHxHEIGHT`; `any` for all sizes. */
  sizes?: 'any' | readonly string[] | undefined
  qualities?: readonly string[] | undefined
  transparent?: boolean | undefined
  formats?: readonly RequestFormat[] | undefined
  complexities?: readonly string[] | undefined
  fidelities?: readonly Fidelity[] | undefined
  references?: number | undefined
  masks?: boolean | undefined
  markups?: boolean | undefined
  streaming?: boolean | undefined
  maxImages?: number | undefined
  promptLimit?: number | undefined
  /** USD per picture. */
  price?: number | undefined
  /** USD per picture in a batch. The model is sent in batches then. */
  batchPrice?: number | undefined
}

/**
 * Resolves the model that a manifest defines. Omitted properties default to those of the model
 * `like`, or of the known model with this id; otherwise Limn allows everything and the price is
 * unknown.
 */
export function resolveModel(
  id: string,
  { like, sizes, price, batchPrice, streaming, references, ...rest }: ModelOverride,
): Model {
  const base = findModel(like ?? id) ?? unknownModel
  const overridden = Object.fromEntries(
    Object.entries(rest).filter(([, value]) => value !== undefined),
  )
  const { shutdown: _, linksByDefault: __, ...row } = base
  return {
    ...row,
    ...overridden,
    id,
    ...(sizes === undefined ? {} : { sizes: resolveSizes(sizes) }),
    ...(references === undefined
      ? {}
      : { references, operations: references === 0 ? ['generate'] : row.operations }),
    ...(streaming === undefined ? {} : { streaming: streaming ? 'single' : 'none' }),
    price: price === undefined ? row.price : { kind: 'flat', usd: price },
    ...(batchPrice === undefined ? {} : { batch: true, batchUsd: batchPrice }),
  }
}

function resolveSizes(sizes: 'any' | readonly string[]): SizeRule {
  if (sizes === 'any') return freeSizes
  return {
    kind: 'fixed',
    sizes: sizes.map((size) => size.split('x').map(Number) as [number, number]),
  }
}

const freeSizes: SizeRule = {
  kind: 'stepped',
  step: 1,
  minPixels: 4096,
  maxPixels: 16_777_216,
  maxEdge: 4096,
  maxRatio: 16,
}

/**
 * An unknown model: Limn allows all settings, but no streaming, no batches and one picture per
 * request.
 */
const unknownModel: Family = {
  ...gptImage,
  markups: true,
  sizes: unknownModelSizes,
  qualities: [],
  transparent: true,
  maxImages: 1,
  streaming: 'none',
  batch: false,
  price: null,
}
