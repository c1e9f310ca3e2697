import { join } from 'node:path'
import { isManifestIn } from '@limn/core/for-vite/start'
import { normalizePath } from 'vite'
import type { Context } from '../context.ts'

/**
 * Returns whether a file affects images: the manifest, a file that it includes, the lockfile, a
 * master, or the file of a `source:` asset.
 *
 * @param file absolute path with `/`
 */
export function isSource({ project: { paths, followed }, state }: Context, file: string): boolean {
  const assets = state?.snapshot.manifest.assets ?? []
  if (assets.some(({ source }) => source !== null && isAt(source.path))) return true
  return (
    followed.files.some((path) => file === normalizePath(path)) ||
    isManifestIn(followed.folders.map(normalizePath), file) ||
    file === normalizePath(paths.manifest) ||
    file === normalizePath(paths.lock) ||
    file.startsWith(`${normalizePath(join(paths.root, paths.masters))}/`)
  )

  function isAt(path: string): boolean {
    return file === normalizePath(join(paths.root, path))
  }
}
