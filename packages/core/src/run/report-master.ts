import type { OnEvent } from '../events.ts'
import type { ImageRequest } from '../identity/request.ts'
import type { LockEntry } from '../lock/lock.ts'
import type { Quirks } from '../models/servers.ts'
import type { Master } from '../pictures/read-master.ts'
import { candidatePaths } from '../store/candidates.ts'
import type { DecodedPicture } from './decode-received.ts'
import type { Received } from './find-received.ts'
import type { Workspace } from './workspace.ts'

/** Reports a master that was installed, and how it differs from the request. */
export function reportMaster(
  { asset, request, folder, made, recovered, ms }: Received,
  {
    entry,
    decoded: { master, keys },
    candidates,
  }: { entry: LockEntry; decoded: DecodedPicture; candidates: readonly number[] },
  { workspace, onEvent }: { workspace: Workspace; onEvent: OnEvent },
): void {
  const { paths, manifest } = workspace
  const quirks = manifest.providers.find(({ name }) => name === made.provider)?.quirks
  reportMismatch(asset, request, { master, quirks, onEvent })
  const isFromBatch = recovered && folder === paths.journal && made.batch !== undefined
  onEvent({
    type: 'generated',
    asset,
    path: entry.master.path,
    width: master.width,
    height: master.height,
    usd: made.usd ?? null,
    candidates: keys.length,
    recovered,
    ...(isFromBatch ? { batch: made.batch } : {}),
    ms,
    candidateFiles: candidates.length === 0 ? [] : candidatePaths(paths, { asset, request }),
  })
}

/**
 * Reports a master whose size or format is not the requested one. An SVG may have any size, and a
 * server without a format parameter may return any format.
 */
function reportMismatch(
  asset: string,
  { size, format }: ImageRequest,
  {
    master: { extension, width, height },
    quirks,
    onEvent,
  }: { master: Master; quirks: Quirks | undefined; onEvent: OnEvent },
): void {
  const isFormatRequested = quirks === undefined || !quirks.omit.includes('output_format')
  const got = {
    size: extension === 'svg' && format === 'svg' ? size : `${width}x${height}`,
    format: extension === 'jpg' ? 'jpeg' : extension,
  }
  const asked = { size, format: isFormatRequested ? format : got.format }
  if (got.size !== asked.size || got.format !== asked.format) {
    onEvent({ type: 'mismatch', asset, asked, got })
  }
}
