import { dirname, join } from 'node:path'
import { touch } from '../../disk/project-files.ts'
import { statInside } from '../../disk/read-inside.ts'
import type { Asset } from '../../manifest/manifest.ts'
import type { Followed } from '../../manifest/read.ts'
import type { ProjectPaths } from '../../store/paths.ts'
import { typesFileOfProject } from './types-file.ts'
import { updateTypes } from './update-types.ts'

/**
 * Writes the types of the image modules as the Vite plugin does, so that a type check that runs
 * before Vite knows every picture. Does nothing if the project does not use the plugin and
 * TypeScript, or if the file is newer than all files of the manifest.
 *
 * @param followed what the manifest was read from
 * @param readAssets reads the manifest
 * @returns the path of the file, relative to the root, if it was written
 * @throws ManifestError, LimnError
 */
export async function writeTypes(
  { root, shownManifest }: ProjectPaths,
  { followed, readAssets }: { followed: Followed; readAssets: () => Promise<readonly Asset[]> },
): Promise<string | undefined> {
  const file = typesFileOfProject(root)
  if (file === undefined) return undefined
  const path = join(root, file)
  const written = statInside(root, path)
  if (written !== undefined && written.mtimeMs > lastChange(root, followed)) return undefined
  const assets = await readAssets()
  if (await updateTypes(path, { root, assets, manifest: shownManifest })) return file
  await touch(root, path)
  return undefined
}

/**
 * Returns when a file of the manifest last changed, ms since 1970. The time of a folder changes
 * when a file in it appears, is deleted or is replaced by an older one.
 */
function lastChange(root: string, { files, folders, manifests = files }: Followed): number {
  const included = manifests.slice(1).map((file) => dirname(file))
  const times = [...new Set([...manifests, ...folders, ...included])].flatMap(
    (path) => statInside(root, path)?.mtimeMs ?? [],
  )
  return Math.max(...times)
}
