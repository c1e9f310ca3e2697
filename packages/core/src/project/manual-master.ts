import { pictureDigest } from '../digest.ts'
import { describeReadError } from '../disk/read-errors.ts'
import { maxBytes, readInside, readNamed } from '../disk/read-inside.ts'
import { LimnError } from '../errors.ts'
import type { LockedMaster, LockEntry } from '../lock/lock.ts'
import type { Master } from '../pictures/read-master.ts'
import { remedyOf } from '../pictures/unreadable-picture.ts'

/** A picture that a person chose as a master, with the facts that the lockfile stores. */
type ManualMaster = {
  bytes: Uint8Array
  /** Extension of its format, without a dot. */
  extension: string
  facts: Omit<LockedMaster, 'path' | 'state'>
}

/**
 * Reads a picture that is about to become a master.
 *
 * @param options.file absolute
 * @param options.shownPath the path that messages name
 * @param options.root the folder that the file must stay in; a file that the user named has none
 * @throws LimnError `picture/unreadable`
 */
export async function readManualMaster({
  file,
  shownPath,
  root,
}: {
  file: string
  shownPath: string
  root?: string | undefined
}): Promise<ManualMaster> {
  return decodeManualMaster(readPicture(file, shownPath, root), shownPath)
}

/**
 * Decodes a picture that is about to become a master.
 *
 * @param shownPath the path that messages name, or another name of the picture
 * @throws LimnError `picture/unreadable`
 */
export async function decodeManualMaster(
  bytes: Uint8Array,
  shownPath: string,
): Promise<ManualMaster> {
  const { computeMasterFacts } = await import('../pictures/read-master.ts')
  const picture = await decodeMaster(bytes, shownPath)
  return {
    bytes: picture.bytes,
    extension: picture.extension,
    facts: { sha256: pictureDigest(picture.bytes), ...(await computeMasterFacts(picture)) },
  }
}

function readPicture(file: string, shownPath: string, root: string | undefined): Buffer {
  try {
    return root === undefined
      ? readNamed(file, maxBytes.picture)
      : readInside(root, file, maxBytes.picture)
  } catch (error) {
    throw new LimnError(
      'picture/unreadable',
      `${shownPath} can't be read: ${describeReadError(error)}.`,
      { hint: 'Check the path.', cause: error },
    )
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
    const inside = await findInResponse(bytes, shownPath)
    if (inside !== undefined) return inside
    throw new LimnError(
      'picture/unreadable',
      `${shownPath} is not a readable picture. ${error.message}`,
      {
        hint: remedyOf(error) ?? 'Use a PNG, JPEG, WebP, AVIF, GIF, TIFF or SVG file.',
        cause: error.cause,
      },
    )
  }
}

/**
 * Finds the picture in a response that Limn stored because it could not use it.
 *
 * @returns `undefined` if the file is no response, or has no complete picture
 * @throws LimnError `picture/unreadable` if there is a link to the picture instead
 */
async function findInResponse(bytes: Uint8Array, shownPath: string): Promise<Master | undefined> {
  const { openResponse } = await import('../providers/openai/open-response.ts')
  const { readMaster } = await import('../pictures/read-master.ts')
  const { pictures, links } = await openResponse(bytes)
  for (const picture of pictures) {
    // oxlint-disable-next-line no-await-in-loop -- the first complete picture is enough
    const master = await readMaster(picture).catch(() => undefined)
    if (master !== undefined) return master
  }
  if (links[0] === undefined) {
    if (!shownPath.endsWith('.response')) return undefined
    throw new LimnError(
      'picture/unreadable',
      `${shownPath} contains no picture that Limn can read.`,
      {
        hint: 'If the provider shows the picture on its pages, save it and pass the path of that file instead.',
      },
    )
  }
  throw new LimnError(
    'picture/unreadable',
    `${shownPath} contains a link to the picture, not the picture itself: ${links[0]}`,
    {
      hint: 'Open the link in a browser, save the picture, and pass the path of that file instead.',
    },
  )
}
