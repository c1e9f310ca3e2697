import type { SheetAsset, SheetOutput } from '../../protocol.ts'
import type { Connection } from '../connection/connection.ts'

/** Addresses of the picture of an asset, the best first; `null` where there is none. */
export type PictureUrls = { best: string | null; small: string | null }

/** Returns the addresses of an asset's picture as it is now: its master, or its draft. */
export function urlsOfAsset(connection: Connection, asset: SheetAsset): PictureUrls {
  const ref = { asset: asset.name, version: asset.picture }
  return {
    best: connection.urlOf({ kind: 'master', ...ref }),
    small: connection.urlOf({ kind: 'thumb', ...ref }),
  }
}

/** Returns the address of an output; `null` if it is not derived, or not in a report. */
export function urlOfOutput(
  connection: Connection,
  asset: string,
  { file, version, bytes }: SheetOutput,
): string | null {
  return bytes === null ? null : connection.urlOf({ kind: 'output', asset, file, version })
}
