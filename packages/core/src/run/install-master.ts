import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sha256 } from '../digest.ts'
import { LimnError } from '../errors.ts'
import type { OnEvent } from '../events.ts'
import { hashRequest, type ImageRequest, isKeyOf } from '../identity/request.ts'
import type { LockEntry, MasterRecord } from '../lock/lock.ts'
import type { Quirks } from '../models/servers.ts'
import { parseSize } from '../models/size.ts'
import type { Master, MasterFacts } from '../pictures/read-master.ts'
import type { Step } from '../plan/plan.ts'
import { candidatePaths, keepCandidates } from '../store/candidates.ts'
import { listKeys, readJournal, rejectJournal, shelve } from '../store/journal.ts'
import { placeMaster } from '../store/masters.ts'
import type { RunContext } from './context.ts'
import { beforeCutting } from './cut-outputs.ts'

/**
 * Pictures of one asset that stand in the journal or on the shelf; the first that is whole becomes
 * its master.
 */
export type Received = {
  asset: string
  request: ImageRequest
  folder: string
  keys: string[]
  made: MasterRecord
  recovered: boolean
  /** How long they took to come. */
  ms: number
}

/** Finds what was paid for before. */
export async function findReceived(
  {
    asset,
    request,
    key,
    from,
  }: Pick<Extract<Step, { kind: 'recover' }>, 'asset' | 'request' | 'key' | 'from'>,
  { paths, plan, assetByName, manifest }: RunContext,
): Promise<Received> {
  const folder = from === 'journal' ? paths.journal : paths.shelf
  // Of several candidates the others lie beside the first; of another asset's request they are its own.
  const wanted = from === 'journal' ? assetByName.get(asset)!.candidates : 1
  const others = plan.steps.flatMap((step) => (step.kind === 'recover' ? [step.key] : []))
  const isMine = (other: string): boolean =>
    other !== key && isKeyOf(other, request) && !others.includes(other)
  const keys = [
    key,
    ...(wanted === 1
      ? []
      : listKeys(folder)
          .filter(isMine)
          .sort()
          .slice(0, wanted - 1)),
  ]
  const { receipt } = await readJournal(folder, key)
  const made = receipt?.made ?? {
    provider: manifest.providers[0]!.name,
    at: new Date().toISOString(),
  }
  return { asset, request, folder, keys, made, recovered: true, ms: 0 }
}

/** Makes a picture that stands in the journal, or on the shelf, the master of its asset. */
export async function settle(received: Received, context: RunContext): Promise<void> {
  const { asset, request, folder, made, recovered, ms } = received
  const { paths, manifest, checkpoint, index, assetByName, result, onEvent } = context
  const { encoderVersion } = await import('../derive/encoder-version.ts')
  const { master, facts, keys } = await beforeCutting(context, () => readWhole(received))
  const { bytes, extension, width, height } = master
  const numbers =
    keys.length > 1
      ? await keepCandidates(
          paths,
          asset,
          hashRequest(request),
          await Promise.all(keys.map(async (key) => (await readJournal(folder, key)).bytes)),
          extension,
        )
      : []
  await shelveReplaced(asset, request, context)
  const path = await placeMaster(paths, asset, bytes, extension)
  const digest = sha256(bytes)
  index.record(path, digest)
  const before = checkpoint.lock.assets.get(asset)
  const { ownPrompt, outputs } = assetByName.get(asset)!
  const entry: LockEntry = {
    request,
    master: {
      path,
      sha256: digest,
      ...facts,
      state: before?.master.state === 'pinned' ? 'pinned' : 'generated',
    },
    made:
      keys.length === 1
        ? { ...made, ownPrompt }
        : { ...made, ownPrompt, candidates: Math.max(...numbers), picked: numbers[0]! },
    outputs: before?.outputs ?? {},
  }
  checkpoint.encoder(encoderVersion())
  checkpoint.set([[asset, entry]], keys)
  if (recovered) result.recovered++
  else result.generated++
  tellMismatch(asset, request, master, {
    quirks: manifest.providers.find(({ name }) => name === made.provider)?.quirks,
    onEvent,
  })
  onEvent({
    type: 'generated',
    asset,
    path,
    width,
    height,
    usd: made.usd ?? null,
    candidates: keys.length,
    recovered,
    ...(recovered && folder === paths.journal && made.batch !== undefined
      ? { batch: made.batch }
      : {}),
    ms,
    candidateFiles: numbers.length === 0 ? [] : candidatePaths(paths, asset, request),
  })
  context.cut(
    asset,
    outputs.map(({ file }) => file),
    master,
  )
}

/**
 * The first picture that is whole, and the keys from its own on. What comes before it is set aside. @throws
 * LimnError `provider/bad-answer` where none is
 */
async function readWhole({
  request,
  folder,
  keys,
}: Received): Promise<{ master: Master; facts: MasterFacts; keys: string[] }> {
  const { factsOfMaster, readMaster } = await import('../pictures/read-master.ts')
  let failure: LimnError | undefined
  for (const [index, key] of keys.entries()) {
    const { bytes } = await readJournal(folder, key)
    const master = await readMaster(bytes).catch((cause: unknown) => ({ cause }))
    if (!('cause' in master) && !isSpeck(request, master)) {
      return { master, facts: await factsOfMaster(master), keys: keys.slice(index) }
    }
    const options = {
      hint: `Run the command again to ask once more; what came is kept in ${await rejectJournal(folder, key)}.`,
    }
    failure ??=
      'cause' in master
        ? new LimnError('provider/bad-answer', 'What came back is not a whole picture.', {
            ...options,
            ...master,
          })
        : new LimnError(
            'provider/bad-answer',
            `What came back has ${master.width}x${master.height} px, and ${request.size} was asked for.`,
            options,
          )
  }
  throw failure!
}

/**
 * An edge below this part of what was asked for is no picture, but what a server sends in the place
 * of one.
 */
const SPECK = 1 / 16

function isSpeck({ size }: ImageRequest, { format, width, height }: Master): boolean {
  const asked = parseSize(size)
  return (
    asked !== undefined &&
    format !== 'svg' &&
    (width < asked.width * SPECK || height < asked.height * SPECK)
  )
}

/**
 * A server may draw another size or type than it was asked for. A drawing has any size; one that
 * can't be asked for a type gives its own.
 */
function tellMismatch(
  asset: string,
  { size, format }: ImageRequest,
  { extension, width, height }: Master,
  { quirks, onEvent }: { quirks: Quirks | undefined; onEvent: OnEvent },
): void {
  const got = {
    size: extension === 'svg' && format === 'svg' ? size : `${width}x${height}`,
    format: extension === 'jpg' ? 'jpeg' : extension,
  }
  const isTypeAsked = quirks === undefined || !quirks.omit.includes('output_format')
  if (got.size !== size || (isTypeAsked && got.format !== format)) {
    onEvent({
      type: 'mismatch',
      asset,
      asked: { size, format: isTypeAsked ? format : got.format },
      got,
    })
  }
}

/**
 * Keeps the picture that is about to give way to that of another request, where money was paid for
 * it.
 */
async function shelveReplaced(
  asset: string,
  next: ImageRequest,
  { checkpoint, paths }: RunContext,
): Promise<void> {
  const entry = checkpoint.lock.assets.get(asset)
  if (
    entry === undefined ||
    entry.request.operation === 'source' ||
    entry.made.provider === 'local'
  ) {
    return
  }
  const hash = hashRequest(entry.request)
  const bytes =
    hash === hashRequest(next)
      ? undefined
      : await readFile(join(paths.root, entry.master.path)).catch(() => undefined)
  if (bytes !== undefined && sha256(bytes) === entry.master.sha256) {
    await shelve(paths.shelf, hash, bytes, entry)
  }
}
