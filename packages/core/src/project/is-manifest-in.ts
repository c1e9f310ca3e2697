import { sep } from 'node:path'

/** Returns whether a file in one of these folders could be a manifest that a glob finds. */
export function isManifestIn(folders: readonly string[], path: string): boolean {
  return (
    /\.ya?ml$/i.test(path) &&
    folders.some((folder) => path.startsWith(`${folder}/`) || path.startsWith(`${folder}${sep}`))
  )
}
