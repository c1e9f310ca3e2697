import { CUT_MODEL } from '../../models/models.ts'
import { parseSize, type Size } from '../../models/size.ts'
import type { Asset } from '../manifest.ts'
import type { WithImplied } from './implied-assets.ts'
import type { Cut } from './sheets.ts'

/** Makes the asset of a cell one that Limn cuts itself, at no cost. */
export function toCell(
  asset: Asset,
  { sheet: target, cell }: Cut,
  placeOf: WithImplied['placeOf'],
): Asset {
  const path = ['assets', asset.key]
  return {
    ...asset,
    operation: 'cut',
    inputs: [{ role: 'image', kind: 'asset', target, place: placeOf(path), path }],
    model: CUT_MODEL,
    quality: 'auto',
    format: 'png',
    settings: { cell },
    settingOrigins: {},
    partials: null,
  }
}

/** Returns the size of a cell of a sheet, before it is trimmed, px. */
export function cellSizeOf({ size }: Pick<Asset, 'size'>, { cell: { columns, count } }: Cut): Size {
  const { width, height } = parseSize(size)!
  const rows = Math.ceil(count / columns)
  return {
    width: Math.max(1, Math.floor(width / columns)),
    height: Math.max(1, Math.floor(height / rows)),
  }
}
