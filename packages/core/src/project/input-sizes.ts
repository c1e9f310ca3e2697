import { join } from 'node:path'
import type { Lock } from '../lock/lock.ts'
import type { Asset } from '../manifest/manifest.ts'
import { isVectorPath } from '../manifest/output-size.ts'
import { hasMasterShape } from '../manifest/presets.ts'
import { openSizeIndex, type PictureSize } from '../pictures/size-index.ts'
import { shapingInput } from '../plan/input-shape.ts'
import { hasContent, type Inventory } from '../plan/inventory.ts'
import type { ProjectPaths } from '../store/paths.ts'

/**
 * Returns an inventory with the sizes of the source files on which the plan depends. A file is read
 * once per machine; masters have their size in the lockfile.
 */
export async function withInputSizes(
  inventory: Inventory,
  { assets, lock }: { assets: readonly Asset[]; lock: Pick<Lock, 'assets'> },
  { root, cache }: Pick<ProjectPaths, 'root' | 'cache'>,
): Promise<Inventory> {
  const paths = pathsToMeasure(inventory, assets, lock)
  if (paths.size === 0) return inventory
  const index = openSizeIndex(root, cache)
  const sourceSizes = new Map<string, PictureSize>()
  for (const path of paths) {
    const fact = inventory.sources.get(path)
    const size = fact && (await index.sizeOf(join(root, path), fact.sha256))
    if (size !== undefined) sourceSizes.set(path, size)
  }
  index.save()
  return { ...inventory, sourceSizes }
}

/**
 * Returns the files whose size the lockfile does not have, and on which a request depends, or
 * whether an output is possible.
 */
function pathsToMeasure(
  { sources }: Inventory,
  assets: readonly Asset[],
  lock: Pick<Lock, 'assets'>,
): Set<string> {
  const paths = new Set<string>()
  let sourceByAsset: Map<string, string> | undefined
  const isLocked = (asset: string, path: string): boolean => {
    const [entry, file] = [lock.assets.get(asset), sources.get(path)]
    return entry !== undefined && file !== undefined && hasContent(file, entry.master.sha256)
  }
  for (const asset of assets) {
    const { name, source: own, outputs } = asset
    // An SVG is sharp at every size.
    const isNoted = own !== null && (!isVectorPath(own.path) || outputs.some(hasMasterShape))
    if (isNoted && !isLocked(name, own.path)) paths.add(own.path)
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
    if (source !== undefined && !isLocked(input.target, source)) paths.add(source)
  }
  return paths
}
