import { CUT_MODEL } from '../../models/models.ts'
import { formatSize, parseSize, type Size } from '../../models/size.ts'
import type { Asset } from '../manifest.ts'
import type { WithImplied } from './implied-assets.ts'
import type { Cut } from './sheets.ts'

/** Makes the cells of sheets pictures that Limn cuts itself, at no cost. */
export function fillCells(
  assets: readonly Asset[],
  { impliedOf, placeOf }: Pick<WithImplied, 'impliedOf' | 'placeOf'>,
): void {
  let sizeByAsset: Map<string, string> | undefined
  for (const asset of assets) {
    const cut = impliedOf(asset.key)?.cut
    if (cut === undefined) continue
    sizeByAsset ??= new Map(assets.map(({ name, size }) => [name, size]))
    const size = cellSize(parseSize(sizeByAsset.get(cut.sheet) ?? asset.size)!, cut.cell)
    const path = ['assets', asset.key]
    Object.assign(asset, {
      operation: 'cut',
      inputs: [{ role: 'image', kind: 'asset', target: cut.sheet, place: placeOf(path), path }],
      model: CUT_MODEL,
      size: formatSize(size),
      isSizeAuto: true,
      quality: 'auto',
      format: 'png',
      settings: { cell: cut.cell },
      settingOrigins: {},
      partials: null,
    } satisfies Partial<Asset>)
  }
}

function cellSize({ width, height }: Size, { columns, count }: Cut['cell']): Size {
  const rows = Math.ceil(count / columns)
  return {
    width: Math.max(1, Math.floor(width / columns)),
    height: Math.max(1, Math.floor(height / rows)),
  }
}
