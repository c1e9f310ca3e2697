import type { Asset, Output } from '@limn/core'
import { sha256 } from '@limn/core/for-vite'
import type { Context } from '../context.ts'
import { type UrlOf } from '../references/picture.ts'

/** Stands in the code for a file's URL until it is sure that the file is used. */
export const TOKEN = /__LIMN_([0-9a-f]{24})__/g

/**
 * How a file comes into the build: in the code itself where it is small (`auto`), always there
 * (`inline`), or always as a file of its own, under its URL (`file`) or its URL with host
 * (`absolute`). One of several that a browser chooses from (`candidate`) is a file of its own too:
 * in the code, each would be loaded by everybody. Only a library, which has no files, has it
 * there.
 */
export type Use = 'auto' | 'candidate' | 'inline' | 'file' | 'absolute'

/** The use of some files that are shown as one picture. */
export function useOfPicture(outputs: readonly Output[]): 'auto' | 'candidate' {
  return outputs.length > 1 ? 'candidate' : 'auto'
}

/** The file that a token stands for. */
export type Tokened = { asset: string; file: string; use: Use }

const filesByContext = new WeakMap<Context, Map<string, Tokened>>()

/**
 * URLs of an asset's files in a build: tokens, to be replaced in the chunks and pages that kept
 * them.
 */
export function tokenUrls(context: Context, use: Use = 'auto'): (asset: Asset) => UrlOf {
  const files = tokenedFiles(context)
  return (asset) => (output) => {
    const key = sha256(`${asset.name}\n${output.file}\n${use}`).slice(0, 24)
    files.set(key, { asset: asset.name, file: output.file, use })
    return `__LIMN_${key}__`
  }
}

/** What the tokens of a build stand for, by their digits. */
export function tokenedFiles(context: Context): Map<string, Tokened> {
  let files = filesByContext.get(context)
  if (files === undefined) filesByContext.set(context, (files = new Map()))
  return files
}
