import { join } from 'node:path'
import type { Lock } from '../lock/lock.ts'
import type { Asset } from '../manifest/manifest.ts'
import { openSizeIndex } from '../pictures/size-index.ts'
import { shapingInput } from '../plan/input-shape.ts'
import type { FileFact, Inventory } from '../plan/inventory.ts'
import type { ProjectPaths } from '../store/paths.ts'

/**
 * Returns an inventory with the sizes of the files that determine the size of a request. A file is
 * read once per machine; masters have their size in the lockfile.
 */
export async function withInputSizes(
  inventory: Inventory,
  { assets, lock }: { assets: readonly Asset[]; lock: Pick<Lock, 'assets'> },
  { root, cache }: Pick<ProjectPaths, 'root' | 'cache'>,
): Promise<Inventory> {
  const paths = pathsToMeasure(inventory, assets, lock)
  if (paths.size === 0) return inventory
  const index = openSizeIndex(root, cache)
  const sources = new Map<string, FileFact>(inventory.sources)
  for (const path of paths) {
    const fact = sources.get(path)
    if (fact === undefined) continue
    sources.set(path, { ...fact, size: await index.sizeOf(join(root, path), fact.sha256) })
  }
  index.save()
  return { ...inventory, sources }
}

/** Returns the files whose shape an asset takes, and whose size the lockfile does not have. */
function pathsToMeasure(
  { sources }: Inventory,
  assets: readonly Asset[],
  lock: Pick<Lock, 'assets'>,
): Set<string> {
  const paths = new Set<string>()
  let sourceByAsset: Map<string, string> | undefined
  for (const asset of assets) {
    const input = shapingInput(asset)
    if (input === undefined) continue
    if (input.kind === 'file') {
      paths.add(input.target)
      continue
    }
    sourceByAsset ??= new Map(
      assets.flatMap(({ name, source }) => (source === null ? [] : [[name, source.path]])),
    )
    const source = sourceByAsset.get(input.target)
    if (source === undefined) continue
    const isLocked = lock.assets.get(input.target)?.master.sha256 === sources.get(source)?.sha256
    if (!isLocked) paths.add(source)
  }
  return paths
}
