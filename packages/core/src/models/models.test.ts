import type { ImageModel } from 'openai/resources/images'
import { expect, test } from 'vitest'
import { DEFAULT_OPENAI_MODEL, findModel, LOCAL_MODEL, modelById } from './models.ts'

/** Every id that the `openai` package's types name; a new one fails the type check until it has a row. */
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

test('has a row for every model that the openai package names, and few beside them', () => {
  expect([...modelById.keys()].sort()).toEqual([...Object.keys(typed), ...untyped, LOCAL_MODEL].sort())
})

test('asks by default for a model that lives', () => {
  expect(findModel(DEFAULT_OPENAI_MODEL)).toMatchObject({ id: DEFAULT_OPENAI_MODEL, transparent: true })
  expect(findModel(DEFAULT_OPENAI_MODEL)!.shutdown).toBeUndefined()
})

test('names for each retired model one that lives', () => {
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
    const priced = Object.keys(price.kind === 'formula' ? price.base : price.kind === 'table' ? price.tokens : price.usd)
    expect(priced, id).toEqual([...qualities])
  }
})

test('knows no model by the names that objects have', () => {
  for (const name of ['constructor', '__proto__', 'toString', '']) expect(findModel(name)).toBeUndefined()
})
