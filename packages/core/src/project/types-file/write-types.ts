import { join } from 'node:path'
import { touch } from '../../disk/project-files.ts'
import { statInside } from '../../disk/read-inside.ts'
import type { Asset } from '../../manifest/manifest.ts'
import type { ProjectPaths } from '../../store/paths.ts'
import { typesFileOfProject } from './types-file.ts'
import { updateTypes } from './update-types.ts'

/**
 * Writes the types of the image modules as the Vite plugin does, so that a type check that runs
 * before Vite knows every picture. Does nothing if the project does not use the plugin and
 * TypeScript, or if the file is newer than the manifest.
 *
 * @param readAssets reads the manifest
 * @returns the path of the file, relative to the root, if it was written
 * @throws ManifestError, LimnError
 */
export async function writeTypes(
  { root, manifest, shownManifest }: ProjectPaths,
  readAssets: () => Promise<readonly Asset[]>,
): Promise<string | undefined> {
  const file = typesFileOfProject(root)
  if (file === undefined) return undefined
  const path = join(root, file)
  const written = statInside(root, path)
  const changed = statInside(root, manifest)
  if (written !== undefined && changed !== undefined && written.mtimeMs > changed.mtimeMs) {
    return undefined
  }
  const assets = await readAssets()
  if (await updateTypes(path, { root, assets, manifest: shownManifest })) return file
  await touch(root, path)
  return undefined
}
