import { expect, test } from 'vitest'
import { sha256 } from '../digest.ts'
import type { Size } from '../models/size.ts'
import { createWorld, type World } from './testing.ts'

const world = (outputs: string): World =>
  createWorld(`version: 1
provider: local
assets:
  page: { source: ./page.png, alt: A page, outputs: [${outputs}] }
`)

/** The notes of a plan for a new source of a size. */
function notes(outputs: string, size: Size): string[] {
  const project = world(outputs)
  project.lock.assets.clear()
  project.inventory.sources = new Map([['page.png', { bytes: 1, sha256: sha256('page') }]])
  project.inventory.sourceSizes = new Map([['page.png', size]])
  return project.plan().notes.map(({ text }) => text)
}

test.each([
  [
    '{ name: p, width: 800, formats: [webp, png] }',
    { width: 800, height: 40_000 },
    [
      'p.webp would be 328x16384 px, but a WebP has at most 16,383 px per edge. Leave webp out of its formats, or make it smaller.',
    ],
  ],
  ['{ name: p, width: 300, formats: [webp] }', { width: 800, height: 40_000 }, []],
  ['{ name: p, width: 800, formats: [avif, jpeg] }', { width: 800, height: 40_000 }, []],
])('reports a file that its format does not allow: %s', (outputs, size, expected) => {
  expect(notes(outputs, size)).toEqual(expected)
})
