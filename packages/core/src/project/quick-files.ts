import { createDebug, elapsed } from '../debug.ts'
import { findOutput } from '../derive/cut-output.ts'
import type { Cutter } from '../derive/cutter.ts'
import { sha256 } from '../digest.ts'
import type { Output } from '../manifest/manifest.ts'
import type { ProjectPaths } from '../store/paths.ts'
import type { ServedFile, WorkQueue } from './cut-on-demand.ts'

const debug = createDebug('derive')

/** Files that are encoded with less effort, for pages in dev. */
export type QuickFiles = {
  /** Returns the finished file if the cache has it, else one that is encoded with less effort. */
  read(file: {
    recipe: string
    output: Output
    openCutter: () => Promise<Cutter>
  }): Promise<ServedFile>
}

/** Bytes of files that are remembered until the cache has the finished ones. */
const MAX_BYTES = 32 * 1024 * 1024

/**
 * Creates the quick files of a project. They stay in memory: the cache, from which builds take
 * their files, never has one. Their `recipe` is that of no output, so a browser that has a quick
 * file is sent the finished one once it is there.
 */
export function createQuickFiles(paths: ProjectPaths, queue: WorkQueue): QuickFiles {
  const quickByRecipe = new Map<string, Promise<ServedFile>>()
  let remembered = 0
  const count = ({ bytes }: ServedFile): void => {
    remembered += bytes.length
    if (remembered <= MAX_BYTES) return
    quickByRecipe.clear()
    remembered = 0
  }
  return {
    async read({ recipe, output, openCutter }) {
      const finished = findOutput({ paths, recipe, output })
      if (finished !== undefined) {
        quickByRecipe.delete(recipe)
        return { bytes: finished, recipe, cached: true }
      }
      const known = quickByRecipe.get(recipe)
      if (known !== undefined) return { ...(await known), cached: true }
      const start = performance.now()
      const encoded = queue.add(async () => {
        const cut = await openCutter()
        const { bytes } = await cut(output, 'quick')
        if (debug.enabled) debug('%s: encoded with less effort, %s', output.file, elapsed(start))
        return { bytes, recipe: sha256(`${recipe}\nquick`), cached: false }
      })
      quickByRecipe.set(recipe, encoded)
      encoded.then(count, () => quickByRecipe.delete(recipe))
      return encoded
    },
  }
}
