import { describe, expect, test } from 'vitest'
import type { Editable } from '../../../protocol.ts'
import { draftOf, editOf, toggle } from './draft.ts'

const editable: Editable = {
  prompt: 'A fox',
  styles: ['brand'],
  alt: null,
  model: null,
  quality: 'high',
  outputs: ['og', 'card'],
  focus: null,
  knownStyles: ['brand', 'noir'],
  knownPresets: ['og', 'card', 'hero'],
}

describe('editOf', () => {
  test.each([
    [{}, null],
    [{ prompt: 'A red fox' }, { prompt: 'A red fox' }],
    [{ prompt: '' }, { prompt: '' }],
    [{ alt: '' }, null],
    [{ alt: '狐狸' }, { alt: '狐狸' }],
    [
      { model: 'gpt-image-2', quality: 'low' },
      { model: 'gpt-image-2', quality: 'low' },
    ],
    [{ quality: '' }, null],
    [{ styles: [] }, { styles: [] }],
    [{ styles: ['noir', 'brand'] }, { styles: ['noir', 'brand'] }],
    [{ outputs: ['card', 'og'] }, { outputs: ['card', 'og'] }],
    [{ focus: { x: 0, y: 0.5 } }, { focus: { x: 0, y: 0.5 } }],
  ])('returns only what %o changes', (change, expected) => {
    const edit = editOf('fox', editable, { ...draftOf(editable), ...change })
    expect(edit).toEqual(expected === null ? null : { name: 'fox', ...expected })
  })

  test('leaves a focal point that stays where it is', () => {
    const placed = { ...editable, focus: { x: 0.2, y: 0.4 } }
    const moved = { ...draftOf(placed), focus: { x: 0.2, y: 0.41 } }
    expect(editOf('fox', placed, draftOf(placed))).toBeNull()
    expect(editOf('fox', placed, moved)?.focus).toEqual({ x: 0.2, y: 0.41 })
  })
})

test('toggle keeps the order of the rest', () => {
  expect(toggle(['a', 'b', 'c'], 'b')).toEqual(['a', 'c'])
  expect(toggle(['a', 'c'], 'b')).toEqual(['a', 'c', 'b'])
  expect(toggle([], 'a')).toEqual(['a'])
})
