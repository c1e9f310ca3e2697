import type { AssetView, SheetAsset } from '../../protocol.ts'

/** Returns what the sheet knows of an asset, for a report without its view. */
export function bareView(asset: SheetAsset): AssetView {
  return {
    asset,
    prompt: [],
    madePrompt: null,
    changes: [],
    outputs: [],
    faults: [],
    verdicts: [],
    made: null,
    isMarked: false,
    credentials: null,
    earlier: [],
    imports: null,
    place: { file: '', line: 1, column: 1 },
    editable: {
      prompt: null,
      styles: [],
      alt: asset.alt,
      model: null,
      quality: null,
      outputs: asset.presets,
      focus: null,
      knownStyles: [],
      knownPresets: [],
    },
    models: [],
    noMask: null,
    edits: null,
  }
}
