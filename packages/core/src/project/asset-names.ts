import { readManifest } from '../manifest/read.ts'
import { projectPaths } from '../store/paths.ts'

/** Names that every shell takes as they are. */
const plainName = /^[\p{L}\p{M}\p{N}_][\p{L}\p{M}\p{N}/_.-]*$/u

/**
 * Lists the assets of a manifest for a shell, without names that a shell would interpret; none if
 * the manifest is missing or has mistakes. Reads the cached manifest while it is valid.
 *
 * @param manifest default `images.yaml`
 */
export async function listAssetNames(cwd: string, manifest?: string): Promise<string[]> {
  const paths = projectPaths(cwd, manifest)
  try {
    const read = await readManifest({
      path: paths.manifest,
      shownPath: paths.shownManifest,
      cacheDir: paths.cache,
      provider: undefined,
      profile: undefined,
    })
    const names = read.manifest?.assets.map(({ name }) => name) ?? []
    return names.filter((name) => plainName.test(name))
  } catch {
    return []
  }
}
