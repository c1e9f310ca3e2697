import { join } from 'node:path'
import { isSameStamp, readStamp, type Stamp } from '../../disk/stamps.ts'

/** Keeps what was read from the last files, until they change. Many overlays share their fonts. */
export function createStampedCache<Value>(
  max: number,
  read: (folder: string, path: string) => Value,
): (folder: string, path: string) => Value {
  const known = new Map<string, { stamp: Stamp; value: Value }>()
  return (folder, path) => {
    const file = join(folder, path)
    const stamp = readStamp(file)
    const found = known.get(file)
    known.delete(file)
    const entry =
      found !== undefined && isSameStamp(stamp, found.stamp)
        ? found
        : { stamp, value: read(folder, path) }
    known.set(file, entry)
    const [oldest] = known.keys()
    if (known.size > max && oldest !== undefined) known.delete(oldest)
    return entry.value
  }
}
