import type { AssetEdit } from '../../manifest/edit/edit-asset.ts'
import { selectAssets } from '../../manifest/select-assets.ts'
import type { ProjectContext } from '../context.ts'
import { runAsWriter } from '../run-as-writer.ts'
import { writeAlts } from './write-alts.ts'

/**
 * Records that a person has confirmed suggested alt texts: removes their mark from the manifest.
 *
 * @param names assets, or those below them. Default: all
 * @returns the assets that were confirmed
 * @throws ManifestError; LimnError `asset/unknown`, `manifest/not-editable`, `store/…`
 */
export async function confirmAlts(
  context: ProjectContext,
  names: readonly string[] = [],
): Promise<string[]> {
  // Reports a mistake in the manifest before this process waits for another one.
  await context.read()
  return runAsWriter(context, {}, async () => {
    const { manifest } = await context.read()
    const selected = names.length === 0 ? undefined : selectAssets(manifest, names)
    const suggested = manifest.assets.filter(
      ({ name, isAltSuggested }) => isAltSuggested && selected?.has(name) !== false,
    )
    // The pictures of a matrix, or the shapes of one, share an entry.
    const edits = new Map<string, AssetEdit>(
      [...new Map(suggested.map(({ key, name }) => [key, name])).values()].map((name) => [
        name,
        { altSuggested: false },
      ]),
    )
    const [failure] = (await writeAlts(context, edits)).values()
    if (failure !== undefined) throw failure
    return suggested.map(({ name }) => name)
  })
}
