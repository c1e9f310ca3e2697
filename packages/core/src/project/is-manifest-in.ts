import { sep } from 'node:path'
import { isDataFile } from '../manifest/data/formats.ts'

/**
 * Returns whether a file in one of these folders could be a manifest or data file that a glob
 * finds.
 */
export function isManifestIn(folders: readonly string[], path: string): boolean {
  return (
    isDataFile(path) &&
    folders.some((folder) => path.startsWith(`${folder}/`) || path.startsWith(`${folder}${sep}`))
  )
}
