import type { Output } from '../manifest/manifest.ts'
import type { Format } from '../manifest/presets.ts'

/** The formats that take much less time with the effort `quick`. */
const QUICK_FORMATS: readonly Format[] = ['avif', 'webp', 'jpeg', 'png']

/**
 * Returns whether an output can be encoded with the effort `quick`. A file with a size limit is
 * encoded several times to find its quality, which depends on the effort.
 */
export function hasQuickFile({ format, maxBytes }: Output): boolean {
  return QUICK_FORMATS.includes(format) && maxBytes === null
}
