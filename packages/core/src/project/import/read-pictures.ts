import { pictureDigest } from '../../digest.ts'
import { describeReadError } from '../../disk/read-errors.ts'
import { maxBytes, readInside } from '../../disk/read-inside.ts'
import { LimnError } from '../../errors.ts'
import {
  reasonOfUnreadable,
  remedyOf,
  unreadablePicture,
} from '../../pictures/unreadable-picture.ts'

/** A picture of the project that can become an asset. */
export type FoundPicture = {
  /** Relative to the root, with `/`. */
  path: string
  format: string
  /** Of the upright picture, px. */
  width: number
  height: number
  hasAlpha: boolean
  isAnimated: boolean
  /** SHA-256 of what the picture shows, as the lockfile has it. */
  digest: string
}

/** A file that is no picture that Limn can use, and why: a sentence without its name. */
export type UnusableFile = { path: string; reason: string }

/** Pictures whose headers are read at a time. Each is in the memory once. */
const AT_A_TIME = 3

/**
 * Reads type, size and digest of pictures, in their order. Each file is read once, and a few are in
 * the memory at a time.
 */
export async function readPictures(
  root: string,
  paths: readonly string[],
  signal?: AbortSignal,
): Promise<{ pictures: FoundPicture[]; unusable: UnusableFile[] }> {
  const results: (FoundPicture | UnusableFile)[] = []
  let next = 0
  const read = async (): Promise<void> => {
    while (next < paths.length) {
      signal?.throwIfAborted()
      const index = next++
      // oxlint-disable-next-line no-await-in-loop -- bounds what is in the memory
      results[index] = await readPicture(root, paths[index]!)
    }
  }
  await Promise.all(Array.from({ length: AT_A_TIME }, read))
  return {
    pictures: results.filter((result) => 'digest' in result),
    unusable: results.filter((result) => 'reason' in result),
  }
}

async function readPicture(root: string, path: string): Promise<FoundPicture | UnusableFile> {
  if (!isWritable(path)) return { path, reason: "its path can't be written into a manifest" }
  try {
    return await inspect(path, readInside(root, path, maxBytes.picture))
  } catch (error) {
    if (error instanceof LimnError) return { path, reason: causeOf(error) }
    return { path, reason: describeReadError(error) }
  }
}

async function inspect(path: string, bytes: Buffer): Promise<FoundPicture> {
  const [facts, animation, decoding, masters] = await Promise.all([
    import('../../pictures/read-facts.ts'),
    import('../../pictures/animation.ts'),
    import('../../pictures/decode.ts'),
    import('../../pictures/read-master.ts'),
  ])
  const { format, width, height, hasAlpha } = await facts.readFacts(bytes)
  const picture = { path, format, width, height, hasAlpha, digest: pictureDigest(bytes) }
  if (format === 'svg') {
    const { sanitizeSvg } = await import('../../pictures/sanitize-svg.ts')
    sanitizeSvg(bytes)
    return { ...picture, isAnimated: false }
  }
  masters.requireReadableFrames(bytes)
  if (!decoding.isMasterFormat(format)) throw unreadablePicture(`its type is ${format}`)
  if (!isComplete(bytes)) await decoding.decode(bytes)
  return { ...picture, isAnimated: (await animation.countFrames(bytes, format)) > 1 }
}

/** How the files of a type end. */
const ENDINGS: readonly (readonly [start: Buffer, end: Buffer])[] = [
  [Buffer.from([0xff, 0xd8, 0xff]), Buffer.from([0xff, 0xd9])],
  [Buffer.from([0x89, 0x50, 0x4e, 0x47]), Buffer.from('IEND\xae\x42\x60\x82', 'latin1')],
  [Buffer.from('GIF8'), Buffer.from([0x3b])],
]

/** Whether a file ends as its type does. One that does not may be cut off: decoding it tells. */
function isComplete(bytes: Buffer): boolean {
  const known = ENDINGS.find(([start]) => start.equals(bytes.subarray(0, start.length)))
  if (known !== undefined) return known[1].equals(bytes.subarray(-known[1].length))
  if (bytes.toString('latin1', 0, 4) === 'RIFF') return bytes.readUInt32LE(4) + 8 <= bytes.length
  return bytes.toString('latin1', 4, 8) === 'ftyp' && endOfBoxes(bytes) === bytes.length
}

/** Returns where the last box of an AVIF ends. */
function endOfBoxes(bytes: Buffer): number {
  let at = 0
  while (at + 8 <= bytes.length) {
    const size = bytes.readUInt32BE(at)
    if (size < 8) return -1
    at += size
  }
  return at
}

/** Whether a manifest can name a path: `\` would be read as `/`. */
function isWritable(path: string): boolean {
  return !/[\p{Cc}\p{Cs}\\\uFFFD\u2028\u2029]/u.test(path)
}

/** Returns why a picture can't be used, in words that many files may share. */
function causeOf(error: LimnError): string {
  const reason = reasonOfUnreadable(error) ?? error.message.replace(/^The picture |\.$/g, '')
  const remedy =
    remedyOf(error) ?? (reasonOfUnreadable(error) === undefined ? error.hint : undefined)
  return remedy === undefined ? reason : `${reason}. ${remedy.replace(/\.$/, '')}`
}
