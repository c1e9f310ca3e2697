import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sha256 } from '../digest.ts'
import { LimnError } from '../errors.ts'
import type { ImageRequest } from '../identity/request.ts'
import { findModel } from '../models/models.ts'
import type { InputPicture } from '../pictures/input-picture.ts'
import type { RunContext } from './context.ts'

/**
 * A request with the pictures that go with it, as they stand now. @throws LimnError where one is
 * missing
 */
export async function completeRequest(
  asset: string,
  request: ImageRequest,
  { paths, manifest, assetByName, checkpoint }: RunContext,
): Promise<{ request: ImageRequest; inputs: InputPicture[] }> {
  const { inputs } = assetByName.get(asset)!
  if (inputs.length === 0) return { request, inputs: [] }
  const raw = await Promise.all(
    inputs.map(async ({ role, kind, target }) => {
      const path = kind === 'file' ? target : checkpoint.lock.assets.get(target)?.master.path
      if (path === undefined) {
        throw new LimnError('asset/no-master', `It is made from ${target}, which has no picture.`, {
          hint: `See to ${target} first, then run the command again.`,
        })
      }
      const bytes = await readFile(join(paths.root, path)).catch((error: unknown) => {
        throw new LimnError('picture/unreadable', `It is made from ${path}, which can't be read.`, {
          hint: 'Take it back with git.',
          cause: error,
        })
      })
      return { role, bytes, path }
    }),
  )
  const [{ prepareInputs }, { fitInputs }] = await Promise.all([
    import('../pictures/prepare-inputs.ts'),
    import('../pictures/fit-inputs.ts'),
  ])
  const polarities = [
    ...new Set(
      manifest.providers.flatMap(({ quirks: { maskPolarity } }) =>
        maskPolarity === 'none' ? [] : [maskPolarity],
      ),
    ),
  ]
  return {
    request: {
      ...request,
      inputs: raw.map(({ role, bytes }) => ({ role, sha256: sha256(bytes) })),
    },
    inputs: await fitInputs(
      await prepareInputs(raw, polarities),
      raw.map(({ path }) => path),
      findModel(request.model, manifest.models) ?? { id: request.model },
    ),
  }
}
