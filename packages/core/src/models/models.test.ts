import type {
  ImageCreateVariationParams,
  ImageEditParamsBase,
  ImageGenerateParamsBase,
  ImageModel,
} from 'openai/resources/images'
import { expect, test } from 'vitest'
import {
  backgrounds as knownBackgrounds,
  moderations as knownModerations,
} from '../manifest/manifest-file.ts'
import { createImagesCall } from '../providers/openai/images-call.ts'
import { DEFAULT_OPENAI_MODEL, findModel, LOCAL_MODEL, modelById } from './models.ts'

/**
 * Every id that the `openai` package's types name; a new one fails the type check until it has a
 * row.
 */
const typed: Record<ImageModel, true> = {
  'gpt-image-2.6-sunburst': true,
  'gpt-image-2.6-flare': true,
  'gpt-image-2.5-sunburst': true,
  'gpt-image-2.5-sunburst-2026-09-08': true,
  'gpt-image-2.5-flare': true,
  'gpt-image-2.5-flare-2026-09-08': true,
  'gpt-image-2': true,
  'gpt-image-2-2026-04-21': true,
  'gpt-image-1.5': true,
  'chatgpt-image-latest': true,
  'gpt-image-1-mini': true,
  'gpt-image-1': true,
  'dall-e-3': true,
  'dall-e-2': true,
}

/** Named by OpenAI's documents and not by the types. */
const untyped = ['gpt-image-1.5-2025-12-16']

test('contains each model that the openai package names, and few others', () => {
  expect([...modelById.keys()].sort()).toEqual(
    [...Object.keys(typed), ...untyped, LOCAL_MODEL].sort(),
  )
})

/** The values that a type names, without what it leaves open. */
type Named<T> = T extends string ? (string extends T ? never : T) : never

/*
 * Every value that the `openai` package's types name for a field: a new one, or one that is gone,
 * fails the type check here until the rows contain it.
 */
const sizes: Record<
  Named<
    | ImageGenerateParamsBase['size']
    | ImageEditParamsBase['size']
    | ImageCreateVariationParams['size']
  >,
  true
> = {
  auto: true,
  '256x256': true,
  '512x512': true,
  '1024x1024': true,
  '1024x1536': true,
  '1536x1024': true,
  '1024x1792': true,
  '1792x1024': true,
}
const qualities: Record<
  Named<ImageGenerateParamsBase['quality'] | ImageEditParamsBase['quality']>,
  true
> = {
  auto: true,
  low: true,
  medium: true,
  high: true,
  xhigh: true,
  max: true,
  standard: true,
  hd: true,
}
const formats: Record<
  Named<ImageGenerateParamsBase['output_format'] | ImageEditParamsBase['output_format']>,
  true
> = { png: true, webp: true, jpeg: true, gif: true, svg: true }
const complexities: Record<
  Named<ImageGenerateParamsBase['complexity'] | ImageEditParamsBase['complexity']>,
  true
> = { low: true, medium: true, high: true }
const fidelities: Record<Named<ImageEditParamsBase['input_fidelity']>, true> = {
  low: true,
  high: true,
}
const backgrounds: Record<
  Named<ImageGenerateParamsBase['background'] | ImageEditParamsBase['background']>,
  true
> = { auto: true, opaque: true, transparent: true }
const moderations: Record<Named<ImageGenerateParamsBase['moderation']>, true> = {
  auto: true,
  low: true,
}

const rows = [...modelById.values()].filter(({ id }) => id !== LOCAL_MODEL)
const sorted = (values: Iterable<string>): string[] => [...new Set(values)].sort()

test('contains the values that the openai package names, and no others', () => {
  const fixed = rows.flatMap(({ sizes: rule }) =>
    rule.kind === 'fixed' ? rule.sizes.map(([width, height]) => `${width}x${height}`) : [],
  )
  expect(sorted([...fixed, 'auto'])).toEqual(sorted(Object.keys(sizes)))
  expect(sorted([...rows.flatMap((row) => row.qualities), 'auto'])).toEqual(
    sorted(Object.keys(qualities)),
  )
  expect(sorted(rows.flatMap((row) => row.formats))).toEqual(sorted(Object.keys(formats)))
  expect(sorted(rows.flatMap((row) => row.complexities))).toEqual(sorted(Object.keys(complexities)))
  expect(sorted(rows.flatMap((row) => row.fidelities))).toEqual(sorted(Object.keys(fidelities)))
  expect(sorted(knownBackgrounds)).toEqual(sorted(Object.keys(backgrounds)))
  expect(sorted(knownModerations)).toEqual(sorted(Object.keys(moderations)))
})

/**
 * What becomes of every field of the package's types: said by Limn, or left to `body` of a provider
 * entry.
 */
const generateFields: Record<keyof ImageGenerateParamsBase, 'said' | 'left'> = {
  prompt: 'said',
  background: 'said',
  complexity: 'said',
  frame_count: 'said',
  frame_duration_ms: 'said',
  model: 'said',
  moderation: 'said',
  n: 'said',
  output_compression: 'said',
  output_format: 'said',
  partial_images: 'said',
  quality: 'said',
  response_format: 'said',
  safety_identifier: 'said',
  size: 'said',
  stream: 'said',
  style: 'left',
  svg: 'left',
  user: 'said',
}
const editFields: Record<keyof ImageEditParamsBase, 'said' | 'left'> = {
  image: 'said',
  prompt: 'said',
  background: 'said',
  complexity: 'said',
  frame_count: 'said',
  frame_duration_ms: 'said',
  input_fidelity: 'said',
  markup: 'left',
  mask: 'said',
  model: 'said',
  n: 'said',
  output_compression: 'said',
  output_format: 'said',
  partial_images: 'said',
  quality: 'said',
  response_format: 'said',
  safety_identifier: 'said',
  size: 'said',
  stream: 'said',
  svg: 'left',
  user: 'said',
}
const variationFields: Record<keyof ImageCreateVariationParams, 'said'> = {
  image: 'said',
  model: 'said',
  n: 'said',
  response_format: 'said',
  size: 'said',
  user: 'said',
}

test('sends only fields that the openai package defines, and all intended ones', () => {
  const all = {
    prompt: 'x',
    size: '1024x1024',
    quality: 'high',
    background: 'opaque',
    format: 'webp',
    compression: 80,
    complexity: 'low',
    moderation: 'low',
    fidelity: 'low',
    frames: { count: 4, ms: 100 },
  } as const
  const picture = { role: 'image', format: 'png', bytes: new Uint8Array() } as const
  const said = {
    generations: new Set<string>(),
    edits: new Set<string>(),
    variations: new Set<string>(),
  }
  for (const row of rows) {
    for (const operation of ['generate', 'edit', 'variation'] as const) {
      for (const format of ['webp', 'gif'] as const) {
        const inputs =
          operation === 'generate' ? [] : [picture, { ...picture, role: 'mask' } as const]
        const call = createImagesCall(
          { ...all, format, operation, model: row.id },
          { row, inputs, count: 2, partials: 1, safetyIdentifier: 'web-team' },
        )
        for (const name of [
          ...Object.keys(call.fields),
          ...(inputs.length > 0 ? ['image'] : []),
          ...(call.mask === undefined ? [] : ['mask']),
        ]) {
          said[call.endpoint].add(name)
        }
      }
    }
  }
  const meant = (fields: Record<string, string>): string[] =>
    sorted(Object.keys(fields).filter((name) => fields[name] === 'said'))
  expect(sorted(said.generations)).toEqual(meant(generateFields))
  expect(sorted(said.edits)).toEqual(meant(editFields))
  expect(sorted(said.variations)).toEqual(meant(variationFields))
})

test('defaults to a model that is not retired', () => {
  expect(findModel(DEFAULT_OPENAI_MODEL)).toMatchObject({
    id: DEFAULT_OPENAI_MODEL,
    transparent: true,
  })
  expect(findModel(DEFAULT_OPENAI_MODEL)!.shutdown).toBeUndefined()
})

test('replaces each retired model with one that is not retired', () => {
  for (const { id, shutdown } of modelById.values()) {
    if (shutdown === undefined) continue
    expect(shutdown.date, id).toMatch(/^\d{4}-\d\d-\d\d$/)
    expect(findModel(shutdown.replacement)?.shutdown, id).toBeUndefined()
    expect(findModel(shutdown.replacement), id).toBeDefined()
  }
})

test('has a price for every quality of every model', () => {
  for (const { id, qualities, price } of modelById.values()) {
    if (price === null || price.kind === 'free' || price.kind === 'flat') continue
    const priced = Object.keys(
      price.kind === 'formula' ? price.base : price.kind === 'table' ? price.tokens : price.usd,
    )
    expect(priced, id).toEqual([...qualities])
  }
})

test('finds no model named like a property of objects', () => {
  for (const name of ['constructor', '__proto__', 'toString', '']) {
    expect(findModel(name)).toBeUndefined()
  }
})
