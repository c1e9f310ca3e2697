import { join, resolve } from 'node:path'
import { LimnError } from '../errors.ts'
import { type LockEntry, masterPaths } from '../lock/lock.ts'
import type { Asset } from '../manifest/manifest.ts'
import { currentRequest } from '../plan/current-request.ts'
import { masterPath } from '../store/masters.ts'
import type { ProjectContext } from './context.ts'
import { findAsset } from './find-asset.ts'
import { installManual } from './install-manual.ts'
import { decodeManualMaster, outputsUnder, readManualMaster } from './manual-master.ts'
import { planInputs } from './plan-inputs.ts'
import { runAsWriter } from './run-as-writer.ts'

/**
 * Makes a picture that a person edited or supplied the master of an asset.
 *
 * @param file the picture: its path relative to `cwd`, or its bytes; the master that is in place if
 *   absent
 * @returns the path of the master, relative to the root
 * @throws LimnError `asset/unknown`, `asset/no-master`, `picture/unreadable`; ManifestError
 */
export async function adopt(
  context: ProjectContext,
  { name, file }: { name: string; file?: string | Uint8Array | undefined },
): Promise<string> {
  const { cwd, paths, read } = context
  // Reports a mistake in the manifest before anything is written.
  await read()
  return runAsWriter(context, {}, async () => {
    const snapshot = await read()
    const { lock, inventory } = snapshot
    const asset = findAsset(snapshot, name)
    requireGenerated(asset)
    const existing = masterPaths(paths.masters, name).find((path) => inventory.masters.has(path))
    if (file === undefined) requireMaster(existing, `${paths.masters}/${name}.png`, name)
    const { bytes, extension, facts } =
      typeof file === 'object'
        ? await decodeManualMaster(file, 'The file')
        : await readManualMaster({
            file: file === undefined ? join(paths.root, existing!) : resolve(cwd, file),
            shownPath: file ?? existing!,
            root: file === undefined ? paths.root : undefined,
          })
    const path = file === undefined ? existing! : masterPath(paths, { asset: name, extension })
    const entry: LockEntry = {
      request: currentRequest(asset, planInputs(snapshot)),
      master: { path, ...facts, state: 'adopted' },
      made: { provider: 'adopted', at: new Date().toISOString() },
      outputs: outputsUnder(facts, lock.assets.get(name)),
    }
    const picture = { name, entry, bytes, extension, isInPlace: file === undefined }
    await installManual(picture, { paths, snapshot })
    return path
  })
}

/** @throws LimnError `asset/no-master` for an asset whose picture is its source */
export function requireGenerated({ name, source }: Asset): void {
  if (source === null) return
  throw new LimnError(
    'asset/no-master',
    `The picture of "${name}" is its source, ${source.path}.`,
    { hint: 'Change that file, or set another one as `source`.' },
  )
}

/** @throws LimnError `asset/no-master` if there is no master at the expected path */
function requireMaster(existing: string | undefined, expected: string, name: string): void {
  if (existing !== undefined) return
  throw new LimnError('asset/no-master', `There is no ${expected} to adopt.`, {
    hint: `Save the picture there, or pass its path: limn adopt ${name} FILE.`,
  })
}
