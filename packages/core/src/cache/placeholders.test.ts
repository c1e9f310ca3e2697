import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { drawPlaceholder } from './draw-placeholder.ts'
import { openPlaceholders } from './placeholders.ts'

const dawn = 'oRgGLISQioZWholoeIjPlQY5Vg=='
const dusk = '4VoCBIAzx2UfmnakeHhD4AhWiQ=='

function createFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'limn-placeholders-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

/** Reads some placeholders from a newly opened cache, and saves it. */
async function readPlaceholders(folder: string, ...thumbhashes: string[]): Promise<string[]> {
  const cache = openPlaceholders(folder, folder)
  await cache.load(thumbhashes)
  const placeholders = thumbhashes.map((thumbhash) => cache.of(thumbhash))
  cache.save()
  return placeholders
}

test('draws a placeholder once, and reads it from the cache from then on', async () => {
  const folder = createFolder()
  expect(await readPlaceholders(folder, dawn, dusk)).toEqual([
    drawPlaceholder(dawn),
    drawPlaceholder(dusk),
  ])
  const path = join(folder, 'placeholders.json')
  const cached = JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>
  // A wrong entry shows that the cached placeholder is used.
  writeFileSync(path, JSON.stringify({ ...cached, [dawn]: cached[dusk] }))
  expect(await readPlaceholders(folder, dawn)).toEqual([drawPlaceholder(dusk)])
})

test('keeps cached placeholders that were not requested', async () => {
  const folder = createFolder()
  await readPlaceholders(folder, dawn)
  await readPlaceholders(folder, dusk)
  expect(
    Object.keys(
      JSON.parse(readFileSync(join(folder, 'placeholders.json'), 'utf8')) as object,
    ).sort(),
  ).toEqual([dusk, dawn].sort())
})

test.each([
  ['invalid JSON', '{'],
  ['no object', 'null'],
  [
    'no picture',
    JSON.stringify({ [dawn]: 'data:image/png;base64,AAAA) no-repeat" onload="alert(1)' }),
  ],
  ['no text', JSON.stringify({ [dawn]: { length: 1 } })],
])('draws again if the cache contains %s', async (_, content) => {
  const folder = createFolder()
  writeFileSync(join(folder, 'placeholders.json'), content)
  expect(await readPlaceholders(folder, dawn)).toEqual([drawPlaceholder(dawn)])
  expect(JSON.parse(readFileSync(join(folder, 'placeholders.json'), 'utf8'))).toEqual({
    [dawn]: drawPlaceholder(dawn),
  })
})
