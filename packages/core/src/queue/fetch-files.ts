import { createDebug } from '../debug.ts'
import { keepOutput } from '../derive/cut-output.ts'
import { pictureDigest } from '../digest.ts'
import { hashRecipe } from '../identity/recipe.ts'
import type { Output } from '../manifest/manifest.ts'
import type { FindOptions } from '../remote/find-answer.ts'
import { isRemoteError } from '../remote/remote-errors.ts'
import type { ProjectPaths } from '../store/paths.ts'
import { readStored } from './find-stored.ts'
import type { DerivedFile } from './job.ts'

const debug = createDebug('queue')

/** Formats as sharp names them, where the name differs. */
const SHARP_NAMES: Readonly<Record<string, string>> = { heif: 'avif', jpg: 'jpeg' }

/**
 * Writes the files that a worker derived from a master to the cache of outputs, where the run finds
 * them. Leaves out what the store does not have, and what has another size or format than its
 * output: the run derives those.
 */
export async function fetchFiles(
  picture: Uint8Array,
  { outputs, files }: { outputs: readonly Output[]; files: readonly DerivedFile[] },
  { paths, ...find }: FindOptions & { paths: ProjectPaths },
): Promise<void> {
  const fileByRecipe = new Map(files.map((file) => [file.recipe, file]))
  const sha256 = pictureDigest(picture)
  for (const output of outputs) {
    // The recipe of an SVG differs; the run knows what it is once it has decoded it.
    for (const path of ['master.png', 'master.svg']) {
      const recipe = hashRecipe({ sha256, path }, output)
      const file = fileByRecipe.get(recipe)
      if (file === undefined) continue
      try {
        const bytes = await readStored(file, find)
        if (bytes === undefined || !(await isOutput(bytes, output))) continue
        await keepOutput({ paths, recipe, output, bytes: Buffer.from(bytes) })
      } catch (error) {
        if (!isRemoteError(error)) throw error
        debug('%s was not fetched: %s', output.file, error)
        return
      }
    }
  }
}

/** Whether bytes have the format of an output, and its size unless that depends on the master. */
async function isOutput(
  bytes: Uint8Array,
  { format, fit, width, height }: Output,
): Promise<boolean> {
  // An icon has several sizes, and an SVG any.
  if (format === 'ico' || format === 'svg') return false
  const { default: sharp } = await import('sharp')
  try {
    const facts = await sharp(bytes).metadata()
    const isFormat = (SHARP_NAMES[facts.format] ?? facts.format) === format
    const edge = facts.pageHeight ?? facts.height
    const fits =
      fit === 'inside'
        ? facts.width <= width && edge <= height
        : facts.width === width && edge === height
    return isFormat && fits
  } catch {
    return false
  }
}
