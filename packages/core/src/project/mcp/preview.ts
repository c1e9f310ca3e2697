import { maxBytes, readInside } from '../../disk/read-inside.ts'
import type { ToolPicture } from './tool.ts'

/** Longest edge of a preview, px. */
export const PREVIEW_EDGE = 512

/**
 * Makes a preview of a file of the project, as WebP.
 *
 * @throws LimnError `picture/unreadable`; the errors of `readInside`
 */
export async function previewFile(
  root: string,
  path: string,
  signal: AbortSignal,
): Promise<ToolPicture> {
  const { decode, fromPixels } = await import('../../pictures/decode.ts')
  const pixels = await decode(readInside(root, path, maxBytes.picture), { signal })
  const bytes = await fromPixels(pixels)
    .resize({ width: PREVIEW_EDGE, height: PREVIEW_EDGE, fit: 'inside', withoutEnlargement: true })
    .webp({ quality: 80, effort: 2 })
    .toBuffer()
  return { bytes, mime: 'image/webp' }
}
