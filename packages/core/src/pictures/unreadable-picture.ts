import { describePointer, parsePointer } from '../disk/pointer-file.ts'
import { LimnError } from '../errors.ts'

/** A picture that Limn can't read. Callers that know its file name it with `nameUnreadable`. */
class UnreadablePicture extends LimnError {
  /** The end of a sentence. */
  readonly reason: string
  /** What to do, if that depends on the reason and not on where the picture comes from. */
  readonly remedy: string | undefined

  constructor(reason: string, { cause, remedy }: { cause?: unknown; remedy?: string | undefined }) {
    super('picture/unreadable', `The picture can't be read: ${reason}.`, {
      hint: remedy ?? 'Restore a good copy of it.',
      cause,
    })
    this.reason = reason
    this.remedy = remedy
  }
}

/**
 * Returns a `picture/unreadable` error.
 *
 * @param reason the end of a sentence
 * @param remedy what to do, if that follows from the reason. One sentence
 */
export function unreadablePicture(reason: string, cause?: unknown, remedy?: string): LimnError {
  return new UnreadablePicture(reason, { cause, remedy })
}

/**
 * Returns the error of an unreadable picture with the path of its file; any other error as it is.
 *
 * @param hint what to do with a damaged file of this kind. One sentence
 */
export function nameUnreadable(error: unknown, path: string, hint: string): unknown {
  if (!(error instanceof UnreadablePicture)) return error
  return new LimnError('picture/unreadable', `${path} can't be read: ${error.reason}.`, {
    hint: error.remedy ?? hint,
    cause: error.cause,
  })
}

/** Returns why a picture is unreadable, as the end of a sentence; `undefined` for other errors. */
export function reasonOfUnreadable(error: unknown): string | undefined {
  return error instanceof UnreadablePicture ? error.reason : undefined
}

/** Returns what to do with an unreadable picture, if that follows from the reason. */
export function remedyOf(error: unknown): string | undefined {
  return error instanceof UnreadablePicture ? error.remedy : undefined
}

/** @throws LimnError `picture/unreadable` if another tool has not downloaded the picture */
export function requireDownloaded(bytes: Uint8Array): void {
  const kind = parsePointer(bytes)?.kind
  if (kind === undefined) return
  throw new LimnError('picture/unreadable', `The picture ${describePointer(kind).problem}.`, {
    hint: `Run \`${describePointer(kind).fix}\`.`,
  })
}

/**
 * Returns the reason of a decoder's error, as the end of a sentence. It is the same whenever the
 * picture is read: libvips keeps the details of all threads in one place, so that they may be
 * missing, or be those of another picture. The `cause` of the error has them.
 */
export function reasonOf(error: unknown): string {
  if (isTimeout(error)) return 'decoding it takes too long'
  // libvips adds a line per failed operation.
  const line = error instanceof Error ? error.message.split('\n', 1)[0]! : String(error)
  // A reason of Limn's own.
  if (line.startsWith('it ')) return line
  if (/exceeds pixel limit/i.test(line)) return 'it has too many pixels'
  return /unsupported image format/i.test(line)
    ? 'it is not a picture, or of a type that Limn does not know'
    : 'it is incomplete or damaged'
}

/** Returns whether sharp stopped because of its time limit. */
export function isTimeout(error: unknown): boolean {
  return error instanceof Error && /^timeout: \d+% complete/m.test(error.message)
}
