import { expect, test } from 'vitest'
import { cacheName } from './plan-outputs.ts'

test('names cached outputs by recipe and extension', () => {
  expect(cacheName('abc', { format: 'jpeg' })).toBe('abc.jpg')
})
