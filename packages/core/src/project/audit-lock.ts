import { join } from 'node:path'
import { hashRecipe } from '../identity/recipe.ts'
import type { LockEntry } from '../lock/lock.ts'
import { masterPaths } from '../lock/lock.ts'
import type { Asset } from '../manifest/manifest.ts'
import { isVectorPath } from '../manifest/output-size.ts'
import { openSizeIndex, type SizeIndex } from '../pictures/size-index.ts'
import { hasContent } from '../plan/inventory.ts'
import type { ProjectPaths } from '../store/paths.ts'
import type { Snapshot } from './snapshot.ts'

/** Something in the lockfile that Limn never writes: a person or a merge changed it. */
export type LockFault = {
  /** `null` if the fault concerns the whole file. */
  asset: string | null
  message: string
  /** One imperative sentence. */
  hint: string
}

/** A fault of one entry; `hint` defaults to restoring the lockfile. */
type EntryFault = { message: string; hint?: string }

const RESTORE_LOCK = 'Restore images.lock with git.'

/**
 * Finds manual changes of the lockfile and the masters. Reads the header of each master once per
 * machine; writes only the cache.
 *
 * @param only the asset to check. Default: all assets
 */
export async function auditLock(
  snapshot: Snapshot,
  paths: ProjectPaths,
  only?: string,
): Promise<LockFault[]> {
  const { lock } = snapshot
  const faults: LockFault[] = []
  if (lock.isMerged === true) {
    faults.push({
      asset: null,
      message: 'images.lock contains merge conflict markers.',
      hint: 'Run `limn generate`, which resolves the conflict, and commit the result.',
    })
  }
  const sizes = openSizeIndex(paths.root, paths.cache)
  const nameByDigest = new Map([...lock.assets].map(([name, { master }]) => [master.sha256, name]))
  const assetByName = new Map(snapshot.manifest.assets.map((asset) => [asset.name, asset]))
  for (const [name, entry] of lock.assets) {
    if (only !== undefined && name !== only) continue
    const found = [
      ...wrongPath(name, entry, paths),
      ...(await wrongMaster(name, entry, {
        snapshot,
        paths,
        nameByDigest,
        sizes,
        asset: assetByName.get(name),
      })),
    ]
    faults.push(
      ...found.map(({ message, hint = RESTORE_LOCK }) => ({ asset: name, message, hint })),
    )
  }
  sizes.save()
  return faults
}

function wrongPath(
  name: string,
  { request, master }: LockEntry,
  { masters }: ProjectPaths,
): EntryFault[] {
  if (request.operation === 'source' || masterPaths(masters, name).includes(master.path)) return []
  return [
    { message: `Its master path in the lockfile is ${master.path}, not ${masters}/${name}.*.` },
  ]
}

/** Compares a lock entry with the file that is its master. A missing master is no fault. */
async function wrongMaster(
  name: string,
  entry: LockEntry,
  {
    snapshot: { inventory },
    paths,
    nameByDigest,
    sizes,
    asset,
  }: {
    snapshot: Snapshot
    paths: ProjectPaths
    nameByDigest: ReadonlyMap<string, string>
    sizes: SizeIndex
    asset: Asset | undefined
  },
): Promise<EntryFault[]> {
  const { request, master } = entry
  const isSource = request.operation === 'source'
  const fact = (isSource ? inventory.sources : inventory.masters).get(master.path)
  if (fact === undefined) return []
  if (!hasContent(fact, master.sha256)) {
    const other = nameByDigest.get(fact.sha256)
    if (other === undefined || other === name) return []
    return [
      {
        message: `${master.path} is the picture of ${other}.`,
        hint: `Restore ${master.path} with git.`,
      },
    ]
  }
  const faults: EntryFault[] = []
  // Git may rewrite the line endings of a text.
  if (fact.bytes !== master.bytes && fact.others === undefined) {
    faults.push({
      message: `${master.path} has ${fact.bytes} bytes, but the lockfile says ${master.bytes}.`,
    })
  }
  // An SVG has no size of its own: earlier versions recorded another one for some.
  const size = isVectorPath(master.path)
    ? undefined
    : await sizes.sizeOf(join(paths.root, master.path), master.sha256)
  if (size !== undefined && (size.width !== master.width || size.height !== master.height)) {
    faults.push({
      message: `${master.path} is ${size.width}x${size.height} px, but the lockfile says ${master.width}x${master.height}.`,
      ...(isTurned(size, master) ? { hint: hintForTurned(name, isSource) } : {}),
    })
  }
  return [...faults, ...(asset === undefined ? [] : wrongOutputs(asset, entry))]
}

type Size = { width: number; height: number }

/** Whether the lockfile has the size of a photo as it is stored: earlier versions recorded that. */
function isTurned(upright: Size, { width, height }: Size): boolean {
  return upright.width === height && upright.height === width
}

function hintForTurned(asset: string, isSource: boolean): string {
  return isSource
    ? `Delete the entry of ${asset} in images.lock, and run \`limn generate\`.`
    : `Run \`limn adopt ${asset}\`.`
}

/** Finds locked outputs whose size their recipe cannot produce. */
function wrongOutputs({ outputs }: Asset, { master, outputs: locked }: LockEntry): EntryFault[] {
  return outputs.flatMap((output) => {
    const { file, fit, width, height, format } = output
    const entry = Object.hasOwn(locked, file) ? locked[file] : undefined
    // An output of another recipe is stale, which the plan reports.
    const isComparable =
      entry?.recipe === hashRecipe(master, output) && format !== 'svg' && fit !== 'inside'
    if (entry === undefined || !isComparable) return []
    if (entry.width === width && entry.height === height) return []
    return [
      {
        message: `${file} is ${width}x${height} px, but the lockfile says ${entry.width}x${entry.height}.`,
        hint: 'Restore images.lock with git, or delete that line and run `limn generate`.',
      },
    ]
  })
}
