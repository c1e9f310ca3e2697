import type { SheetAsset } from '../../protocol.ts'

/** Returns an asset that is up to date, except for what is given. */
export function createAsset(name: string, rest: Partial<SheetAsset> = {}): SheetAsset {
  return {
    name,
    state: 'generated',
    need: 'nothing',
    why: '',
    reasons: [],
    failure: null,
    model: 'openai:gpt-image-2',
    quality: 'medium',
    presets: [],
    styles: [],
    width: 1024,
    height: 1024,
    usd: 0.04,
    step: null,
    picture: '1',
    isDraft: false,
    alt: '',
    isPinned: false,
    ...rest,
  }
}
