import type { ImageRequest } from '../identity/request.ts'
import { parseSize } from '../models/size.ts'
import type { Master } from './read-master.ts'

/**
 * Servers send a tiny picture in place of an error: one with an edge below this part of the
 * requested edge.
 */
const MIN_EDGE_RATIO = 1 / 16

/** Whether a picture is too small to be the answer to a request. */
export function isFarTooSmall(
  { size, operation }: Pick<ImageRequest, 'size' | 'operation'>,
  { format, width, height }: Pick<Master, 'format' | 'width' | 'height'>,
): boolean {
  const requested = parseSize(size)
  return (
    requested !== undefined &&
    // What Limn cuts from a sheet is as small as what the sheet shows.
    operation !== 'cut' &&
    format !== 'svg' &&
    (width < requested.width * MIN_EDGE_RATIO || height < requested.height * MIN_EDGE_RATIO)
  )
}
