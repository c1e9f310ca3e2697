import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { Asset, Output } from '@limn/core'
import { type ServedFile, writeFileAtomic } from '@limn/core/internal'
import type { Context } from './context.ts'
import { fileNameOf } from './emit.ts'

/** A finished file on the disk under a name that people know, for what Vite reads itself. @returns its path, absolute, with `/` */
export async function nameFile({ project: { paths } }: Context, asset: Asset, output: Output, { bytes, recipe }: ServedFile): Promise<string> {
  const path = join(paths.cache, 'named', recipe.slice(0, 16), fileNameOf(asset, output))
  if (statSync(path, { throwIfNoEntry: false })?.size !== bytes.length) await writeFileAtomic(path, bytes)
  return path.replaceAll('\\', '/')
}
