import type { OnEvent } from '../events.ts'
import type { ImageRequest } from '../identity/request.ts'
import { type Examination, verdictsOf } from '../lock/examination.ts'
import type { LockEntry } from '../lock/lock.ts'
import type { Quirks } from '../models/servers.ts'
import type { Master } from '../pictures/read-master.ts'
import { candidatePaths } from '../store/candidates.ts'
import type { DecodedPicture } from './decode-received.ts'
import type { Received } from './find-received.ts'
import type { Workspace } from './workspace.ts'

type Reporting = { workspace: Workspace; onEvent: OnEvent }

/** Reports a master that was installed, and how it differs from the request. */
export function reportMaster(
  received: Received,
  {
    entry,
    decoded,
    candidates,
  }: { entry: LockEntry; decoded: DecodedPicture; candidates: readonly number[] },
  { workspace, onEvent }: Reporting,
): void {
  const { asset, request } = received
  const candidateFiles =
    candidates.length === 0 ? [] : candidatePaths(workspace.paths, { asset, request })
  const { path } = entry.master
  reportPicture(received, { path, decoded, candidateFiles }, { workspace, onEvent })
}

/** Reports whether a picture is what the manifest expects; nothing if there is no verdict. */
export function reportExamined(asset: string, examination: Examination, onEvent: OnEvent): void {
  const verdicts = verdictsOf(examination)
  if (verdicts.length > 0) onEvent({ type: 'examined', asset, verdicts })
}

/** Reports pictures that were kept as candidates, and how they differ from the request. */
export function reportCandidates(
  received: Received,
  { decoded, candidateFiles }: { decoded: DecodedPicture; candidateFiles: string[] },
  reporting: Reporting,
): void {
  const path = candidateFiles.at(-1)!
  reportPicture(received, { path, decoded, candidateFiles }, reporting)
}

function reportPicture(
  { asset, request, folder, made, recovered, ms }: Received,
  {
    path,
    decoded: { master, keys },
    candidateFiles,
  }: { path: string; decoded: DecodedPicture; candidateFiles: string[] },
  { workspace, onEvent }: Reporting,
): void {
  const { paths, manifest } = workspace
  const quirks = manifest.providers.find(({ name }) => name === made.provider)?.quirks
  // The size of a cell is known once the pictures of its sheet are found.
  if (request.operation !== 'cut') reportMismatch(asset, request, { master, quirks, onEvent })
  const isFromBatch = recovered && folder === paths.journal && made.batch !== undefined
  onEvent({
    type: 'generated',
    asset,
    path,
    width: master.width,
    height: master.height,
    usd: made.usd ?? null,
    candidates: keys.length,
    recovered,
    ...(isFromBatch ? { batch: made.batch } : {}),
    ms,
    candidateFiles,
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
