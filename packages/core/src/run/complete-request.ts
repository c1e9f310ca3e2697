import { remedyFor, REPLACE_PICTURE } from '../derive/remedy.ts'
import { digestsOf } from '../digest.ts'
import { describeReadError } from '../disk/read-errors.ts'
import { maxBytes, readInside } from '../disk/read-inside.ts'
import { LimnError } from '../errors.ts'
import type { ImageRequest } from '../identity/request.ts'
import type { Lock } from '../lock/lock.ts'
import type { Input, Manifest } from '../manifest/manifest.ts'
import { findModel } from '../models/models.ts'
import type { MaskPolarity } from '../models/servers.ts'
import type { InputPicture } from '../pictures/input-picture.ts'
import type { RawInput } from '../pictures/prepare-inputs.ts'
import type { Workspace } from './workspace.ts'

/** A request with the digests of its inputs, and the inputs to send. */
export type CompleteRequest = { request: ImageRequest; inputs: InputPicture[] }

/**
 * Adds the current digests of an asset's inputs to its request, and prepares the inputs to be sent.
 *
 * @throws LimnError `asset/no-master`, `picture/unreadable` if an input is missing
 */
export async function completeRequest(
  asset: string,
  request: ImageRequest,
  { workspace, lock }: { workspace: Workspace; lock: Lock },
): Promise<CompleteRequest> {
  const { paths, manifest, assetByName } = workspace
  const { inputs } = assetByName.get(asset)!
  if (inputs.length === 0) return { request, inputs: [] }
  const files = inputs.map((input) => readInput(paths.root, input, lock))
  const [{ prepareInputs }, { fitInputs }] = await Promise.all([
    import('../pictures/prepare-inputs.ts'),
    import('../pictures/fit-inputs.ts'),
  ])
  return {
    request: {
      ...request,
      inputs: files.map(({ role, bytes }, index) => {
        const digests = digestsOf(bytes)
        // The plan may have chosen the digest of other line endings, to match what exists.
        const planned = digests.find((digest) => digest === request.inputs?.[index]?.sha256)
        return { role, sha256: planned ?? digests[0] }
      }),
    },
    inputs: await fitInputs(
      await prepareInputs(files, maskPolarities(manifest)),
      files.map(({ path }) => path),
      findModel(request.model, manifest.models) ?? { id: request.model },
    ),
  }
}

/** Reads an input: a file of the user, or the master of another asset. */
function readInput(root: string, { role, kind, target }: Input, lock: Lock): RawInput {
  const entry = kind === 'file' ? undefined : lock.assets.get(target)
  const path = kind === 'file' ? target : entry?.master.path
  if (path === undefined) throw inputMissing(target)
  const remedy = entry === undefined ? REPLACE_PICTURE : remedyFor(entry)
  try {
    return { role, bytes: readInside(root, path, maxBytes.picture), path, remedy }
  } catch (error) {
    throw new LimnError(
      'picture/unreadable',
      `The input picture ${path} can't be read: ${describeReadError(error)}.`,
      { hint: 'Restore it with git.', cause: error },
    )
  }
}

/** Returns the error of an asset whose input is an asset without a picture. */
export function inputMissing(input: string): LimnError {
  return new LimnError('asset/no-master', `Its input picture "${input}" is not available.`, {
    hint: `Fix ${input} first, then run the command again.`,
  })
}

/** Returns the mask polarities that the providers of a manifest use. */
function maskPolarities({ providers }: Manifest): MaskPolarity[] {
  const polarities = providers.flatMap(({ quirks: { maskPolarity } }) =>
    maskPolarity === 'none' ? [] : [maskPolarity],
  )
  return [...new Set(polarities)]
}
