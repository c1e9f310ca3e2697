import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createPlaceholder } from './draw-placeholder.ts'
import { openPlaceholderIndex } from './placeholders.ts'

const dawn = 'oRgGLISQioZWholoeIjPlQY5Vg=='
const dusk = '4VoCBIAzx2UfmnakeHhD4AhWiQ=='

function createFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'limn-placeholders-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

/** Asks a newly opened index for some stand-ins, and lets it write itself down. */
async function ask(folder: string, ...thumbhashes: string[]): Promise<string[]> {
  const index = openPlaceholderIndex(folder)
  await index.load(thumbhashes)
  const placeholders = thumbhashes.map((thumbhash) => index.of(thumbhash))
  index.save()
  return placeholders
}

test('draws a stand-in once, and tells it from the cache from then on', async () => {
  const folder = createFolder()
  expect(await ask(folder, dawn, dusk)).toEqual([createPlaceholder(dawn), createPlaceholder(dusk)])
  const path = join(folder, 'placeholders.json')
  const kept = JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>
  // What is told is what is kept, and not drawn anew.
  writeFileSync(path, JSON.stringify({ ...kept, [dawn]: kept[dusk] }))
  expect(await ask(folder, dawn)).toEqual([createPlaceholder(dusk)])
})

test('keeps what was not asked for this time', async () => {
  const folder = createFolder()
  await ask(folder, dawn)
  await ask(folder, dusk)
  expect(
    Object.keys(
      JSON.parse(readFileSync(join(folder, 'placeholders.json'), 'utf8')) as object,
    ).sort(),
  ).toEqual([dusk, dawn].sort())
})

test.each([
  ['no JSON', '{'],
  ['no map', 'null'],
  [
    'no picture',
    JSON.stringify({ [dawn]: 'data:image/png;base64,AAAA) no-repeat" onload="alert(1)' }),
  ],
  ['no text', JSON.stringify({ [dawn]: { length: 1 } })],
])('draws anew where the cache has %s', async (_, content) => {
  const folder = createFolder()
  writeFileSync(join(folder, 'placeholders.json'), content)
  expect(await ask(folder, dawn)).toEqual([createPlaceholder(dawn)])
  expect(JSON.parse(readFileSync(join(folder, 'placeholders.json'), 'utf8'))).toEqual({
    [dawn]: createPlaceholder(dawn),
  })
})
