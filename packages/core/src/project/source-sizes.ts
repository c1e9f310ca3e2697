import type { Lock } from '../lock/lock.ts'
import type { Asset } from '../manifest/manifest.ts'
import { isVectorPath } from '../manifest/output-size.ts'
import { openSizeIndex, type SizeIndex } from '../pictures/size-index.ts'
import { hasContent, type Inventory } from '../plan/inventory.ts'
import type { ProjectPaths } from '../store/paths.ts'

/** Adds the sizes of the sources that the lockfile does not record, so that a plan can judge them. */
export async function withSourceSizes(
  inventory: Inventory,
  { assets, lock, paths }: { assets: readonly Asset[]; lock: Lock; paths: ProjectPaths },
): Promise<Inventory> {
  const sizeByPath = new Map<string, { width: number; height: number }>()
  let index: SizeIndex | undefined
  for (const { name, source } of assets) {
    const file = source === null ? undefined : inventory.sources.get(source.path)
    // An SVG is sharp at every size.
    if (source === null || file === undefined || isVectorPath(source.path)) continue
    const entry = lock.assets.get(name)
    const isLocked =
      entry?.request.operation === 'source' &&
      entry.request.source === source.path &&
      hasContent(file, entry.master.sha256)
    if (isLocked) continue
    index ??= openSizeIndex(paths.root, paths.cache)
    // The run reports a source that cannot be read.
    const size = await index.sizeOf(source.path, file.sha256).catch(() => undefined)
    if (size !== undefined) sizeByPath.set(source.path, size)
  }
  index?.save()
  return sizeByPath.size === 0 ? inventory : { ...inventory, sourceSizes: sizeByPath }
}
