import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readSuggestions, removeSuggestion, writeSuggestion } from './suggestions.ts'

const picture = 'a'.repeat(64)

function createFolder(): { root: string; state: string; folder: string } {
  const root = mkdtempSync(join(tmpdir(), 'limn-suggestions-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  const state = join(root, '.limn')
  return { root, state, folder: join(state, 'suggestions') }
}

test('keeps one suggestion per asset until it is removed', async () => {
  const paths = createFolder()
  for (const asset of ['hero', 'shop/cup', '海报']) {
    await writeSuggestion(paths, { version: 1, asset, picture, alt: `About ${asset}` })
  }
  await writeSuggestion(paths, { version: 1, asset: 'hero', picture, alt: 'New' })
  expect([...readSuggestions(paths).values()].map(({ alt }) => alt).sort()).toEqual([
    'About shop/cup',
    'About 海报',
    'New',
  ])
  await removeSuggestion(paths, 'hero')
  await removeSuggestion(paths, 'hero')
  expect(readSuggestions(paths).has('hero')).toBe(false)
  expect(readdirSync(paths.state).sort()).toEqual(['.gitignore', 'suggestions'])
})

test.each([
  ['no JSON', '{'],
  ['another version', { version: 2 }],
  ['an empty text', { alt: '' }],
  ['a text with a line break', { alt: 'A\nB' }],
  ['an endless text', { alt: 'x'.repeat(1001) }],
  ['no digest', { picture: 'x' }],
  ['a name that leads out', { asset: '../hero' }],
  ['the name of another file', { asset: 'other' }],
])('skips a file with %s', async (_, change) => {
  const paths = createFolder()
  const good = { version: 1, asset: 'hero', picture, alt: 'A hill' } as const
  await writeSuggestion(paths, good)
  const [name] = readdirSync(paths.folder)
  const text = typeof change === 'string' ? change : JSON.stringify({ ...good, ...change })
  writeFileSync(join(paths.folder, name!), text)
  expect(readSuggestions(paths).size).toBe(0)
})

test('follows no link out of the project', () => {
  const paths = createFolder()
  const other = createFolder()
  mkdirSync(paths.state)
  mkdirSync(other.folder, { recursive: true })
  symlinkSync(other.folder, paths.folder)
  expect(readSuggestions(paths).size).toBe(0)
})
