import { expect, test } from 'vitest'
import { masterPaths } from './lock.ts'

test('lists a path for each extension that a master can have', () => {
  expect(masterPaths('images', 'product/mug')).toEqual(
    expect.arrayContaining([
      'images/product/mug.png',
      'images/product/mug.webp',
      'images/product/mug.jpg',
      'images/product/mug.avif',
      'images/product/mug.gif',
      'images/product/mug.tiff',
    ]),
  )
})
