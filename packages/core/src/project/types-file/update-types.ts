import { maxBytes, readTextInside } from '../../disk/read-inside.ts'
import { writeFileAtomic } from '../../disk/write-atomic.ts'
import { LimnError } from '../../errors.ts'
import type { Asset } from '../../manifest/manifest.ts'
import { HEADER, renderTypes } from './render-types.ts'

type Types = {
  /** Folder that the file must stay in. */
  root: string
  assets: readonly Asset[]
  /** Name of the manifest. */
  manifest: string
}

/**
 * Writes the types of the image modules, unless they are up to date.
 *
 * @param path absolute
 * @returns whether the file was written
 * @throws LimnError `store/failed` and the like, also if another program wrote the file
 */
export async function updateTypes(
  path: string,
  { root, assets, manifest }: Types,
): Promise<boolean> {
  const before = readTypes(root, path)
  const text = renderTypes(assets, manifest)
  if (before === text) return false
  if (before !== undefined && before.trim() !== '' && !before.startsWith(HEADER)) {
    throw new LimnError('store/failed', `${path} is not a file of types that Limn wrote.`, {
      hint: "Rename it, or set another file: limn({ dts: 'types/limn.d.ts' }).",
    })
  }
  await writeFileAtomic(root, path, text)
  return true
}

function readTypes(root: string, path: string): string | undefined {
  try {
    return readTextInside(root, path, maxBytes.data)
  } catch {
    return undefined
  }
}
