import { pictureDigest } from '../../digest.ts'
import { describePointer } from '../../disk/pointer-file.ts'
import { LimnError } from '../../errors.ts'
import type { FileContent } from '../../git/read-file.ts'
import type { Pixels } from '../../pictures/decode.ts'
import type { ComparedPicture } from './comparison.ts'

/** What the bytes of an asset's pictures show. */
export type Inspected = {
  /** Whether both are the same file, byte for byte. */
  isSame?: boolean
  /** Share of the pixels that look different. */
  share?: number
  /** Why they were not compared, as a sentence. */
  notCompared?: string
  wasTransparent?: boolean
  isTransparent?: boolean
  previews?: Previews
}

/** Pictures of a comparison as WebP. */
export type Previews = {
  before?: Buffer | undefined
  after?: Buffer | undefined
  difference?: Buffer | undefined
}

/** The file of a picture; `undefined` if there is no picture. */
export type PictureFile = { picture: ComparedPicture; content: FileContent; label: string }

/**
 * Compares the pictures of an asset.
 *
 * @param previewEdge longest edge of the previews that are made, px; `null` for none
 */
export async function inspectPictures(
  { before, after }: { before: PictureFile | undefined; after: PictureFile | undefined },
  { previewEdge, signal }: { previewEdge: number | null; signal?: AbortSignal | undefined },
): Promise<Inspected> {
  const isSame = haveSameBytes(before?.content, after?.content)
  const [old, current] = await Promise.all([open(before, signal), open(after, signal)])
  const previews =
    previewEdge === null ? undefined : await drawPreviews(old.pixels, current.pixels, previewEdge)
  const problem = [old.problem, current.problem].filter((text) => text !== undefined).join(' ')
  if (old.pixels === undefined || current.pixels === undefined) {
    const isBoth = before !== undefined && after !== undefined
    return {
      isSame,
      ...(isBoth && problem !== '' ? { notCompared: problem } : {}),
      ...optional(previews),
    }
  }
  const { drawDifference, isTransparent, measureDifference } =
    await import('../../pictures/difference.ts')
  const measured = await measureDifference(old.pixels, current.pixels)
  if (previews !== undefined && measured !== undefined && measured.share > 0) {
    previews.difference = await drawDifference(current.pixels, measured)
  }
  return {
    isSame,
    ...(measured === undefined
      ? { notCompared: 'The two pictures have different shapes.' }
      : { share: measured.share }),
    wasTransparent: await isTransparent(old.pixels),
    isTransparent: await isTransparent(current.pixels),
    ...optional(previews),
  }
}

function optional(previews: Previews | undefined): Pick<Inspected, 'previews'> {
  return previews === undefined ? {} : { previews }
}

function haveSameBytes(a: FileContent | undefined, b: FileContent | undefined): boolean {
  return (
    a?.state === 'read' && b?.state === 'read' && pictureDigest(a.bytes) === pictureDigest(b.bytes)
  )
}

/** A decoded picture, or why there is none. */
type Opened = { pixels?: Pixels; problem?: string }

async function open(file: PictureFile | undefined, signal?: AbortSignal): Promise<Opened> {
  if (file === undefined) return {}
  const { content, picture, label } = file
  if (content.state !== 'read') return { problem: describeAbsence(content, picture.path, label) }
  const { decode } = await import('../../pictures/decode.ts')
  try {
    return { pixels: await decode(content.bytes, { signal }) }
  } catch (error) {
    if (!(error instanceof LimnError)) throw error
    return { problem: `${picture.path} of ${label} can't be read.` }
  }
}

function describeAbsence(
  content: Exclude<FileContent, { state: 'read' }>,
  path: string,
  label: string,
): string {
  switch (content.state) {
    case 'absent':
      return `${path} is not in ${label}.`
    case 'missing':
      return `${path} of ${label} is not in this clone, which is partial.`
    case 'too-large':
      return `${path} of ${label} is too large.`
    case 'pointer': {
      const { problem, fix } = describePointer(content.pointer, path)
      const command = content.pointer === 'git-lfs' ? 'git lfs fetch --all' : fix
      return `${path} of ${label} ${problem} (\`${command}\`).`
    }
  }
}

async function drawPreviews(
  before: Pixels | undefined,
  after: Pixels | undefined,
  edge: number,
): Promise<Previews> {
  const { drawPreview } = await import('../previews.ts')
  const draw = (pixels: Pixels | undefined): Promise<Buffer> | undefined =>
    pixels === undefined ? undefined : drawPreview(pixels, edge)
  return { before: await draw(before), after: await draw(after) }
}
