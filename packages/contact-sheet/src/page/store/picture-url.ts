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

/**
 * Returns the address of an output, which a server derives when it is asked; `null` in a report
 * without it.
 */
export function urlOfOutput(
  connection: Connection,
  asset: string,
  { file, version }: SheetOutput,
): string | null {
  return connection.urlOf({ kind: 'output', asset, file, version })
}
