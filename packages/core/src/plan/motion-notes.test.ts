import { expect, test } from 'vitest'
import { createWorld } from './testing.ts'

const NOTE =
  'The picture is animated, and all its outputs stand still. Add webp or gif to `formats`.'

const outputs = (formats: string): string =>
  `outputs: [{ name: s, width: 64, height: 64, formats: [${formats}] }]`

/** Returns the notes of a plan for a source of some frames, before or after it was recorded. */
function notesOfSource(formats: string, frames: number, isNew = true): string[] {
  const world = createWorld(
    `version: 1\nprovider: local\nassets: { loop: { source: ./loop.gif, alt: A loop, ${outputs(formats)} } }\n`,
  )
  const digest = 'a'.repeat(64)
  world.inventory.sources = new Map([['loop.gif', { bytes: 1, sha256: digest }]])
  const size = { width: 64, height: 64 }
  if (isNew) {
    world.lock.assets.clear()
    world.inventory.sourceSizes = new Map([['loop.gif', { ...size, frames }]])
  } else {
    const entry = world.lock.assets.get('loop')!
    Object.assign(entry.master, { ...size, frames, sha256: digest })
    world.inventory.cached.clear()
  }
  return world.plan().notes.map(({ text }) => text)
}

test.each(['avif', 'png', 'jpeg, avif'])('notes that %s alone stop an animation', (formats) => {
  expect(notesOfSource(formats, 12)).toEqual([NOTE])
  expect(notesOfSource(formats, 12, false)).toEqual([NOTE])
  expect(notesOfSource(formats, 1)).toEqual([])
})

test.each(['webp', 'gif', 'avif, webp', 'png, gif'])('notes nothing about %s', (formats) => {
  expect(notesOfSource(formats, 12)).toEqual([])
})

test.each([
  ['png', [NOTE]],
  ['webp', []],
])('notes before it pays that an animation in %s alone stands still', (formats, notes) => {
  const world = createWorld(
    `version: 1\nprovider: local\nassets: { loop: { prompt: A loop, alt: A loop, ${outputs(formats)} } }\n`,
  )
  world.lock.assets.clear()
  world.inventory.masters.clear()
  const [asset] = world.manifest.assets
  Object.assign(asset!, { format: 'gif' })
  expect(world.plan().notes.map(({ text }) => text)).toEqual(notes)
})
