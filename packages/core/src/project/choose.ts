import { LimnError } from '../errors.ts'
import { compareRequests, type ImageRequest } from '../identity/request.ts'
import { ManifestError } from '../manifest/manifest-error.ts'
import type { Asset } from '../manifest/manifest.ts'
import { currentRequest } from '../plan/current-request.ts'
import { shelvePicture } from '../store/shelf.ts'
import type { ProjectContext } from './context.ts'
import { readEarlier, type NumberedPicture } from './earlier.ts'
import { type AssetEdit, changedAssets, editedTexts, writeEditAsWriter } from './edit-asset.ts'
import { findAsset } from './find-asset.ts'
import { planInputs } from './plan-inputs.ts'
import { chooseEarlier, restoreAsWriter, type Restored } from './restore.ts'
import { runAsWriter } from './run-as-writer.ts'
import type { FullSnapshot } from './snapshot.ts'

/** An earlier picture that was chosen. `edited` is the manifest file that describes it now. */
export type Chosen = Restored & { edited: string | null }

/**
 * Makes an earlier picture or a candidate the master, and lets the manifest describe it: its model,
 * quality and prompt become those of the picture, so that the next run has nothing to do. If the
 * manifest cannot describe it without a change of other assets, the picture is pinned.
 *
 * @param options.which its number or its id, as `listEarlier` returns them
 * @throws LimnError as `restore`; ManifestError
 */
export async function choose(
  context: ProjectContext,
  options: { name: string; which: number | string },
): Promise<Chosen> {
  // Reports a mistake in the manifest before anything is written.
  await context.read()
  return runAsWriter(context, {}, async () => {
    const snapshot = await context.read()
    const picture = await chooseEarlier(context, { ...options, lock: snapshot.lock })
    const { name } = options
    const edit = await findEdit(context, snapshot, { name, picture })
    if (edit === undefined) return { ...(await restoreAsWriter(context, options)), edited: null }
    await keepOnShelf(context, { name, picture })
    // If the process dies here, the manifest describes the picture and the shelf has it.
    const edited = await writeEditAsWriter(context, { name, edit })
    return { ...(await restoreAsWriter(context, { name, which: picture.id })), edited }
  })
}

type Choice = { name: string; picture: NumberedPicture }

/**
 * Returns the edit after which the manifest describes a picture; `undefined` if it does already, or
 * if no edit of this asset alone can do that.
 */
async function findEdit(
  context: ProjectContext,
  before: FullSnapshot,
  { name, picture: { receipt } }: Choice,
): Promise<AssetEdit | undefined> {
  const asset = findAsset(before, name)
  if (receipt === undefined || isDescribed(receipt.request, before, name)) return undefined
  const edit = differences(asset, receipt.request, receipt.made.ownPrompt)
  try {
    const after = await context.read(await editedTexts(context, before, { name, edit }))
    const isAlone = [...changedAssets(before, after)].every((each) => each === name)
    return isAlone && isDescribed(receipt.request, after, name) ? edit : undefined
  } catch (error) {
    if (error instanceof LimnError || error instanceof ManifestError) return undefined
    throw error
  }
}

function differences(
  asset: Asset,
  { model, quality }: ImageRequest,
  ownPrompt: string | undefined,
): AssetEdit {
  return {
    ...(model === asset.model ? {} : { model }),
    ...(quality === asset.quality ? {} : { quality }),
    ...(ownPrompt === undefined || ownPrompt === asset.ownPrompt ? {} : { prompt: ownPrompt }),
  }
}

/** Whether the manifest of a snapshot describes the request of a picture. */
function isDescribed(request: ImageRequest, snapshot: FullSnapshot, name: string): boolean {
  const current = currentRequest(findAsset(snapshot, name), planInputs(snapshot))
  return compareRequests(request, current).length === 0
}

async function keepOnShelf({ paths }: ProjectContext, { name, picture }: Choice): Promise<void> {
  const { bytes, receipt } = await readEarlier(paths, picture)
  if (receipt === undefined) return
  await shelvePicture(paths, { asset: name, bytes, ...receipt })
}
