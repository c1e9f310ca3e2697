import { dirname, resolve } from 'node:path'
import { findTypesFile, updateTypes } from '@limn/core/for-vite'
import { isBelow } from '@limn/core/for-vite/start'
import type { Context } from '../context.ts'

/** Writes the types of every image module if they have changed. Logs a failed write. */
export async function writeTypes({ config, options, log, project, state }: Context): Promise<void> {
  if (options.dts === false || state === undefined) return
  const folder = config.configFile === undefined ? config.root : dirname(config.configFile)
  const path = resolve(folder, options.dts ?? findTypesFile(folder))
  const { assets } = state.snapshot.manifest
  try {
    await updateTypes(path, {
      // The config may place the file outside its own folder.
      root: isBelow(folder, path) ? folder : dirname(path),
      assets,
      manifest: project.paths.shownManifest,
    })
  } catch (error) {
    log.warn(`[limn] ${error instanceof Error ? error.message : String(error)}`)
  }
}
