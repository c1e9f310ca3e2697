import type { Sheet, SheetAsset } from '@limn/contact-sheet'
import { expect, test } from 'vitest'
import { trackSheetChanges } from './sheet-changes.ts'

function sheetOf(stateByName: Readonly<Record<string, string>>, more: Partial<Sheet> = {}): Sheet {
  const assets = Object.entries(stateByName).map(([name, state]) => ({ name, state }) as SheetAsset)
  return { assets, mistakes: [], ...more } as unknown as Sheet
}

test('finds what is new, changed and gone since the last sheet', () => {
  const changes = trackSheetChanges()
  expect(changes.hasPages).toBe(false)
  expect(changes.next(sheetOf({ hero: 'new', mug: 'new' }))).toBeUndefined()
  expect(changes.hasPages).toBe(true)
  expect(changes.next(sheetOf({ hero: 'new', mug: 'new' }))).toBeUndefined()
  expect(changes.next(sheetOf({ hero: 'generated', logo: 'new' }))).toMatchObject({
    assets: [{ name: 'hero' }, { name: 'logo' }],
    gone: ['mug'],
  })
  const mistakes = [{ code: 'manifest/syntax', text: 'images.yaml:1:1 Something is wrong.' }]
  expect(changes.next(sheetOf({ hero: 'generated', logo: 'new' }, { mistakes }))).toMatchObject({
    assets: [],
    gone: [],
    sheet: { mistakes },
  })
  expect(changes.next(sheetOf({ hero: 'generated', logo: 'new' }))).toMatchObject({
    sheet: { mistakes: [] },
  })
})
