import { type Asset, LimnError, type Output } from '@limn/core'
import type { State } from './context.ts'

/**
 * A file as the manifest asks for it, which is what its recipe goes by. What `see` gives has the
 * size that the file comes to, and would be cut and kept a second time.
 */
export type Wanted = { asset: Asset; output: Output }

/** A file by the names of its asset and its own: `product/mug`, `square.webp`. */
export function findWanted(
  { assetByName }: State,
  asset: string,
  file: string,
): Wanted | undefined {
  const found = assetByName.get(asset)
  const output = found?.outputs.find((candidate) => candidate.file === file)
  return found === undefined || output === undefined ? undefined : { asset: found, output }
}

/** The same, where it must be there. @throws LimnError `output/unknown` */
export function getWanted(state: State, asset: string, file: string): Wanted {
  const wanted = findWanted(state, asset, file)
  if (wanted === undefined) {
    throw new LimnError('output/unknown', `"${asset}" has no output "${file}" any more.`, {
      hint: 'Build again.',
    })
  }
  return wanted
}
