import { ManifestError } from '../manifest/manifest-error.ts'
import type { Manifest } from '../manifest/manifest.ts'
import { readManifest } from '../manifest/read.ts'
import type { ProjectContext } from './context.ts'

/**
 * Reads the manifest without lockfile and disk, for actions to which they do not matter.
 *
 * @throws ManifestError, LimnError
 */
export async function readOnlyManifest({
  paths,
  provider,
  profile,
}: ProjectContext): Promise<Manifest> {
  const { manifest, diagnostics } = await readManifest({
    path: paths.manifest,
    shownPath: paths.shownManifest,
    cacheDir: paths.cache,
    provider,
    profile,
  })
  if (manifest === undefined) throw new ManifestError(diagnostics)
  return manifest
}
