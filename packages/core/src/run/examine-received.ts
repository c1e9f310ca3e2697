import { pictureDigest } from '../digest.ts'
import { type Examination, verdictsOf } from '../lock/examination.ts'
import type { MasterRecord } from '../lock/lock.ts'
import type { Verdict } from '../lock/verdict.ts'
import { readJournalEntry } from '../store/journal.ts'
import type { Received } from './find-received.ts'
import type { ExaminedPicture } from './picture-examiner.ts'
import type { InstallStages } from './picture-stages.ts'
import { queueDecoding } from './queues.ts'

/** What is known about received pictures, by key. Pictures that can't be read are missing. */
export type ExaminedKeys = ReadonlyMap<string, ExaminedPicture>

type ExamineStages = Pick<InstallStages, 'examiner' | 'queues' | 'signals'>

/** Examines each of the pictures of an asset that were received, if it expects something. */
export async function examineReceived(
  { asset, folder, keys }: Pick<Received, 'asset' | 'folder' | 'keys'>,
  known: ExaminedKeys,
  { examiner, queues, signals }: ExamineStages,
): Promise<ExaminedKeys> {
  const examined = new Map(known)
  if (examiner === undefined) return examined
  for (const key of keys) {
    if (examined.has(key)) continue
    const { bytes } = await readJournalEntry(folder, key)
    const { readMaster } = await import('../pictures/read-master.ts')
    const open = (): ReturnType<typeof readMaster> =>
      queueDecoding(queues, signals.quit, () => readMaster(bytes, signals.quit))
    const picture = { sha256: pictureDigest(bytes), open }
    const result = await examiner.examine(asset, picture).catch((error: unknown) => {
      if (signals.quit?.aborted === true) throw error
      // A damaged picture is reported when it is decoded to become the master.
      return undefined
    })
    if (result !== undefined) examined.set(key, result)
  }
  return examined
}

/** Lists what a picture did not pass. */
export function failuresOf({ examination }: { examination: Examination }): Verdict[] {
  return verdictsOf(examination).filter(({ passed }) => !passed)
}

/**
 * Sorts received pictures so that the one that meets the most expectations comes first: of equal
 * ones, the first that arrived. It becomes the master.
 */
export async function bestFirst(received: Received, examined: ExaminedKeys): Promise<Received> {
  const failures = (key: string): number => {
    const result = examined.get(key)
    return result === undefined ? Infinity : failuresOf(result).length
  }
  const keys = received.keys.toSorted((a, b) =>
    failures(a) < failures(b) ? -1 : failures(b) < failures(a) ? 1 : 0,
  )
  if (keys[0] === received.keys[0]) return received
  const { receipt } = await readJournalEntry(received.folder, keys[0]!)
  return { ...received, keys, made: withCosts(receipt?.made ?? received.made, received.made) }
}

/** Returns how a picture was made, with the cost of all that were received with it. */
function withCosts(made: MasterRecord, sum: MasterRecord): MasterRecord {
  const record = { ...made }
  for (const field of ['usage', 'usd', 'estimated'] as const) {
    delete record[field]
    Object.assign(record, sum[field] === undefined ? {} : { [field]: sum[field] })
  }
  return record
}
