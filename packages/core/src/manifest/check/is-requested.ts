import type { Asset } from '../manifest.ts'

/** Whether a model generates the picture of an asset: it is neither a file nor cut from a sheet. */
export function isRequested({ source, operation }: Pick<Asset, 'source' | 'operation'>): boolean {
  return source === null && operation !== 'cut'
}
