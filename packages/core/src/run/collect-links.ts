import { createDebug } from '../debug.ts'
import { pictureDigest } from '../digest.ts'
import { LimnError } from '../errors.ts'
import type { OnEvent } from '../events.ts'
import { compareRequests, hashRequest, isKeyOf } from '../identity/request.ts'
import type { Lock } from '../lock/lock.ts'
import type { Manifest } from '../manifest/manifest.ts'
import { baseURLOf, type ProviderEnvironment } from '../providers/environment.ts'
import { readPicture } from '../providers/openai/read-picture.ts'
import { ProviderError } from '../providers/provider.ts'
import { listJournal, listJournalKeys, reserveKey, writeJournalEntry } from '../store/journal.ts'
import type { ProjectPaths } from '../store/paths.ts'
import {
  type LinkRecord,
  listLinkKeys,
  readLinkRecord,
  rejectLinkRecord,
  removeLinkRecord,
  writeLinkRecord,
} from '../store/pending-links.ts'
import type { BatchFailure } from './batch-collection.ts'
import { createFailureReporter } from './failures.ts'

const debug = createDebug('request')

type CollectOptions = {
  paths: ProjectPaths
  lock: Lock
  manifest: Manifest
  /** Variables of the process, with the user's proxies. */
  env: ProviderEnvironment
  onEvent: OnEvent
  signal?: AbortSignal | undefined
}

/** Base URL for a provider that the manifest no longer has: its links must be public. */
const PUBLIC_URL = 'https://api.openai.com/v1'

/**
 * Fetches the pictures whose links earlier runs could not fetch, and writes them to the journal. A
 * link stays recorded while its server is down, and until that server says that it is not valid.
 *
 * @returns the requests whose pictures did not arrive
 * @throws LimnError `store/…` if the disk fails, `aborted`
 */
export async function collectLinks(options: CollectOptions): Promise<BatchFailure[]> {
  const { journal } = options.paths
  const reportFailure = createFailureReporter(options.manifest, options.onEvent)
  const failures: BatchFailure[] = []
  for (const key of listLinkKeys(journal)) {
    const record = readLinkRecord(journal, key)
    const error = await collectRecord(key, record, options)
    if (error === undefined || !isNeeded(record, options)) continue
    const { asset, request } = record
    failures.push({ asset, request: hashRequest(request), error })
    reportFailure(asset, error)
  }
  return failures
}

/** Fetches the pictures of a record. @returns why some did not arrive */
async function collectRecord(
  key: string,
  record: LinkRecord,
  options: CollectOptions,
): Promise<LimnError | undefined> {
  const { manifest, env, signal } = options
  const { journal } = options.paths
  const { asset, request, links, made } = record
  const provider = manifest.providers.find(({ name }) => name === made.provider)
  const baseURL = (provider && baseURLOf(provider, env)) ?? PUBLIC_URL
  const down: string[] = []
  let failure: LimnError | undefined
  for (const [index, link] of links.entries()) {
    try {
      const bytes = await readPicture({ url: link }, { baseURL, env, signal })
      if (!isKept(bytes, record, options)) {
        const entryKey = reserveKey(new Set(listJournalKeys(journal)), hashRequest(request))
        await writeJournalEntry(journal, {
          key: entryKey,
          bytes,
          receipt: { asset, request, made },
        })
      }
      // From now on a crash does not fetch this picture again.
      await writeLinkRecord(journal, key, {
        ...record,
        links: [...down, ...links.slice(index + 1)],
      })
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error
      debug('%s: a recorded link failed: %s', record.asset, error)
      failure ??= error
      if (error.link === 'down') down.push(link)
    }
  }
  if (down.length > 0) {
    if (down.length < links.length) await writeLinkRecord(journal, key, { ...record, links: down })
    return stillDown(failure!)
  }
  if (failure !== undefined) {
    return noLongerValid(failure, {
      asset: record.asset,
      keptIn: await rejectLinkRecord(journal, key),
    })
  }
  await removeLinkRecord(journal, key)
  return undefined
}

/** Whether a run kept a picture before it died, and could not remove its link any more. */
function isKept(
  bytes: Uint8Array,
  { asset, request }: LinkRecord,
  { paths, lock }: CollectOptions,
): boolean {
  const digest = pictureDigest(bytes)
  return (
    lock.assets.get(asset)?.master.sha256 === digest ||
    [...listJournal(paths.journal)].some(([key, kept]) => kept === digest && isKeyOf(key, request))
  )
}

/** Whether the manifest still wants a picture of this request, and the lockfile has none. */
function isNeeded({ asset, request }: LinkRecord, { manifest, lock }: CollectOptions): boolean {
  if (!manifest.assets.some(({ name }) => name === asset)) return false
  const entry = lock.assets.get(asset)
  return entry === undefined || compareRequests(entry.request, request).length > 0
}

function stillDown({ code, message, cause }: LimnError): LimnError {
  return new LimnError(code, message, {
    hint: 'Run the command again later: Limn keeps the link and pays for nothing again. To request the picture again all the same, name it with --force.',
    cause,
  })
}

function noLongerValid(
  { code, message, cause }: LimnError,
  { asset, keptIn }: { asset: string; keptIn: string },
): LimnError {
  return new LimnError(code, `${message} The link is no longer valid.`, {
    hint: `Run the command again to request the picture again; the link is kept in ${keptIn}. If it opens in a browser, save the picture and run \`limn adopt ${asset} FILE\` instead.`,
    cause,
  })
}
