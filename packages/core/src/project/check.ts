import { join } from 'node:path'
import { hashRecipe } from '../identity/recipe.ts'
import { type Lock, type LockEntry, masterPaths } from '../lock/lock.ts'
import type { Asset } from '../manifest/manifest.ts'
import { openSizeIndex } from '../pictures/size-index.ts'
import type { ProjectPaths } from '../store/paths.ts'
import type { Snapshot } from './snapshot.ts'

/** Something in the lockfile that can't be: nobody but a person, or a merge, writes such a thing. */
export type LockFault = {
  /** `null` where it is the whole file. */
  asset: string | null
  message: string
  /** One imperative sentence. */
  hint: string
}

const TAKE_BACK = 'Take images.lock back with git.'

/**
 * Looks for what was done to lockfile and masters by hand. Reads the head of each master once on a
 * machine; writes only the cache.
 */
export async function auditLock(
  { manifest, lock, inventory }: Snapshot,
  paths: ProjectPaths,
): Promise<LockFault[]> {
  const faults: LockFault[] = []
  if (lock.isMerged === true) {
    faults.push({
      asset: null,
      message: 'images.lock has the markers of a merge.',
      hint: 'Run `limn generate`, which puts both sides together, and commit it.',
    })
  }
  const sizes = openSizeIndex(paths.cache)
  const nameByDigest = new Map([...lock.assets].map(([name, { master }]) => [master.sha256, name]))
  const assetByName = new Map(manifest.assets.map((asset) => [asset.name, asset]))
  for (const [name, entry] of lock.assets) {
    const asset = assetByName.get(name)
    const isSource = entry.request.operation === 'source'
    const { master } = entry
    const report = (message: string, hint: string = TAKE_BACK): void =>
      void faults.push({ asset: name, message, hint })
    if (!isSource && !masterPaths(paths.masters, name).includes(master.path)) {
      report(`its picture is looked for at ${master.path}, which is not its own place.`)
    }
    const fact = (isSource ? inventory.sources : inventory.masters).get(master.path)
    if (fact === undefined) continue
    const other = nameByDigest.get(fact.sha256)
    if (fact.sha256 !== master.sha256) {
      if (other !== undefined && other !== name) {
        report(`${master.path} is the picture of ${other}.`, `Take ${master.path} back with git.`)
      }
      continue
    }
    if (fact.bytes !== master.bytes) {
      report(`${master.path} has ${fact.bytes} bytes, and the lock says ${master.bytes}.`)
    }
    const size = await sizes.sizeOf(join(paths.root, master.path), master.sha256)
    if (size !== undefined && (size.width !== master.width || size.height !== master.height)) {
      report(
        `${master.path} has ${size.width}x${size.height} px, and the lock says ${master.width}x${master.height}.`,
      )
    }
    if (asset !== undefined) {
      for (const message of wrongOutputs(asset, entry)) {
        report(
          message,
          'Take images.lock back with git, or delete that line and run `limn generate`.',
        )
      }
    }
  }
  sizes.save()
  return faults
}

/** Sizes that an output of its recipe can't have. */
function wrongOutputs({ outputs }: Asset, { master, outputs: locked }: LockEntry): string[] {
  return outputs.flatMap((output) => {
    const { file, fit, width, height, format } = output
    const entry = Object.hasOwn(locked, file) ? locked[file] : undefined
    // What was cut by another recipe is stale, and told as that.
    if (
      entry === undefined ||
      entry.recipe !== hashRecipe(master.sha256, output) ||
      format === 'svg' ||
      fit === 'inside'
    ) {
      return []
    }
    if (entry.width === width && entry.height === height) return []
    return [`${file} is ${width}x${height} px, and the lock says ${entry.width}x${entry.height}.`]
  })
}

/** Names in a lock that no asset of the manifest has. */
export function unknownInLock({
  manifest,
  lock,
}: {
  manifest: Snapshot['manifest']
  lock: Lock
}): string[] {
  const wanted = new Set(manifest.assets.map(({ name }) => name))
  return [...lock.assets.keys()].filter((name) => !wanted.has(name))
}
