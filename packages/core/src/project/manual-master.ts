import { readFile } from 'node:fs/promises'
import { sha256 } from '../digest.ts'
import { LimnError } from '../errors.ts'
import type { LockedMaster, LockEntry } from '../lock/lock.ts'
import type { Master } from '../pictures/read-master.ts'

/** A picture that a person chose as a master, with the facts that the lockfile stores. */
type ManualMaster = {
  bytes: Uint8Array
  /** Extension of its format, without a dot. */
  extension: string
  facts: Omit<LockedMaster, 'path' | 'state'>
}

/**
 * Reads a picture that is about to become a master. `shownPath` names the file in messages.
 *
 * @throws LimnError `picture/unreadable`
 */
export async function readManualMaster(file: string, shownPath: string): Promise<ManualMaster> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new LimnError('picture/unreadable', `${shownPath} can't be read.`, {
      hint: 'Check the path.',
      cause: error,
    })
  })
  const { computeMasterFacts } = await import('../pictures/read-master.ts')
  const picture = await decodeMaster(bytes, shownPath)
  return {
    bytes: picture.bytes,
    extension: picture.extension,
    facts: { sha256: sha256(picture.bytes), ...(await computeMasterFacts(picture)) },
  }
}

/**
 * Returns the outputs of a lock entry after its master was replaced: if the master differs, none of
 * them counts as cut from it.
 */
export function outputsUnder(
  { sha256: digest }: Pick<LockedMaster, 'sha256'>,
  entry: LockEntry | undefined,
): LockEntry['outputs'] {
  if (entry === undefined || entry.master.sha256 === digest) return entry?.outputs ?? {}
  return Object.fromEntries(
    Object.entries(entry.outputs).map(([file, output]) => [file, { ...output, recipe: null }]),
  )
}

async function decodeMaster(bytes: Uint8Array, shownPath: string): Promise<Master> {
  const { readMaster } = await import('../pictures/read-master.ts')
  try {
    return await readMaster(bytes)
  } catch (error) {
    if (!(error instanceof LimnError) || error.code !== 'picture/unreadable') throw error
    throw new LimnError(
      'picture/unreadable',
      `${shownPath} is not a readable picture. ${error.message}`,
      { hint: 'Use a PNG, JPEG, WebP, AVIF, GIF, TIFF or SVG file.', cause: error.cause },
    )
  }
}
