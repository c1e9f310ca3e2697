import { expect, it } from 'vitest'
import { parseModuleId } from './module-id.ts'

it.each([
  ['hero', { asset: 'hero', selector: undefined, form: 'value', mayInline: true }],
  [
    'product/mug@card.webp',
    { asset: 'product/mug', selector: 'card.webp', form: 'value', mayInline: true },
  ],
  ['hero?url', { asset: 'hero', selector: undefined, form: 'url', mayInline: true }],
  ['hero@og?url&inline', { asset: 'hero', selector: 'og', form: 'inline', mayInline: true }],
  [
    'hero?placeholder',
    { asset: 'hero', selector: undefined, form: 'placeholder', mayInline: true },
  ],
  ['hero@og?no-inline&t=123', { asset: 'hero', selector: 'og', form: 'value', mayInline: false }],
])('parses %s', (id, expected) => {
  expect(parseModuleId(`\0virtual:limn/${id}`)).toEqual(expected)
})

it('distinguishes the index from other modules', () => {
  expect(parseModuleId('\0virtual:limn')).toEqual({ form: 'index' })
  expect(parseModuleId('\0virtual:limn-client')).toBeUndefined()
  expect(parseModuleId('virtual:limn/hero')).toBeUndefined()
})
