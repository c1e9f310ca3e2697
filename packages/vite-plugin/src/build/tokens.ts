import type { Asset, Output } from '@limn/core'
import { sha256, type UrlOf } from '@limn/core/for-vite'
import type { Context, FileUse } from '../context.ts'

/** Matches a token: the placeholder of a file's URL until it is certain that the file is used. */
export const TOKEN: RegExp = /__LIMN_([0-9a-f]{24})__/g

/** Returns the use of outputs that are shown as one image. */
export function useOfPicture(outputs: readonly Output[]): 'auto' | 'candidate' {
  return outputs.length > 1 ? 'candidate' : 'auto'
}

/**
 * Returns the URLs of an asset's outputs in a build: tokens, which are replaced in the chunks and
 * pages that still contain them after tree shaking.
 */
export function tokenUrls(
  { fileByToken }: Context,
  use: FileUse = 'auto',
): (asset: Asset) => UrlOf {
  return (asset) => (output) => {
    const digits = sha256(`${asset.name}\n${output.file}\n${use}`).slice(0, 24)
    fileByToken.set(digits, { asset: asset.name, file: output.file, use })
    return `__LIMN_${digits}__`
  }
}
