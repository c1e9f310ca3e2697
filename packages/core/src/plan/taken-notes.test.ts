import { expect, test } from 'vitest'
import { sha256 } from '../digest.ts'
import { writtenFile } from './inventory.ts'
import { createWorld, type World } from './testing.ts'

const text = `version: 1
provider: openai
out: public
assets: { logo: { prompt: A bean, alt: A, outputs: [{ name: a, width: 64, height: 64, formats: [png, webp] }] } }
`
const mine = { bytes: 1, sha256: sha256('mine') }

function createNewWorld(files: string[]): World {
  const world = createWorld(text)
  world.lock.assets.clear()
  world.inventory.masters.clear()
  world.inventory.out = new Map(files.map((file) => [file, mine]))
  return world
}

const notes = (world: World): string[] => world.plan().notes.map((note) => note.text)

test('notes files in `out` that are in the way before the picture is paid for', () => {
  expect(notes(createNewWorld(['logo/a.png']))).toEqual([
    "public/logo/a.png is not a file of Limn's: Limn keeps it. Rename or delete it, or choose another folder in `out`.",
  ])
  expect(notes(createNewWorld(['logo/a.png', 'logo/a.webp']))).toEqual([
    "public/logo/a.png and 1 more are not files of Limn's: Limn keeps them. Rename or delete them, or choose another folder in `out`.",
  ])
  expect(notes(createNewWorld(['other/a.png']))).toEqual([])
})

test('does not note a file that Limn has written', () => {
  const world = createNewWorld(['logo/a.png'])
  world.inventory.written = new Set([writtenFile('public/logo/a.png', mine.sha256)])
  expect(notes(world)).toEqual([])
  const locked = createWorld(text)
  locked.inventory.out = new Map([['logo/a.png', mine]])
  expect(notes(locked)).toEqual([])
})
