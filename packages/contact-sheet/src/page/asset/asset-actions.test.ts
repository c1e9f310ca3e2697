import { describe, expect, test } from 'vitest'
import type { AssetView, SheetAsset } from '../../protocol.ts'
import { nextAction, otherActions } from './asset-actions.ts'

type Change = Partial<Omit<AssetView, 'asset'>> & { asset?: Partial<SheetAsset> }

/** A picture that is up to date, and can have everything but a mask. */
function viewOf({ asset = {}, ...rest }: Change = {}): AssetView {
  return {
    asset: { need: 'nothing', step: null, isDraft: false, isPinned: false, ...asset },
    prompt: [{ text: 'A fox', style: null }],
    made: {},
    editable: { prompt: 'A fox' },
    models: [{ id: 'm', qualities: [] }],
    outputs: [{ fit: 'cover' }],
    earlier: [{ origin: 'candidate', isMaster: false }],
    noMask: 'It edits no picture.',
    edits: null,
    ...rest,
  } as unknown as AssetView
}

test.each([
  [{}, null],
  [{ asset: { need: 'run', step: { kind: 'generate', usd: 1 } } }, 'generate'],
  [{ asset: { need: 'run', step: { kind: 'derive', usd: 0 } } }, 'derive'],
  [{ asset: { need: 'person', step: { kind: 'keep', usd: 0 } } }, null],
  [{ asset: { need: 'wait' } }, null],
] satisfies [Change, string | null][])('nextAction for %j is %s', (change, expected) => {
  expect(nextAction(viewOf(change))).toBe(expected)
})

describe('otherActions', () => {
  test.each([
    [{}, ['pick', 'edit', 'focus', 'compare', 'adopt', 'regenerate', 'pin']],
    [
      { asset: { isPinned: true }, earlier: [] },
      ['edit', 'focus', 'compare', 'adopt', 'regenerate', 'unpin'],
    ],
    [
      { asset: { isDraft: true, need: 'run' }, made: null, earlier: [] },
      ['edit', 'focus', 'compare', 'adopt'],
    ],
    [{ outputs: [], models: [], asset: { need: 'run' } }, ['pick', 'edit', 'adopt', 'pin']],
    [
      { noMask: null, edits: { width: 1, height: 1, version: 'v' }, earlier: [] },
      ['edit', 'focus', 'compare', 'mask', 'adopt', 'regenerate', 'pin'],
    ],
    [
      { prompt: [], editable: { prompt: null }, earlier: [] } as unknown as Change,
      ['edit', 'focus', 'adopt', 'pin'],
    ],
  ] satisfies [Change, string[]][])('for %j', (change, expected) => {
    expect(otherActions(viewOf(change))).toEqual(expected)
  })
})
