import { dirname, isAbsolute, relative, resolve } from 'node:path'
import { findTypesFile, updateTypes } from '@limn/core/for-vite'
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
      root: isOutside(folder, path) ? dirname(path) : folder,
      assets,
      manifest: project.paths.shownManifest,
    })
  } catch (error) {
    log.warn(`[limn] ${error instanceof Error ? error.message : String(error)}`)
  }
}

function isOutside(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way.startsWith('..') || isAbsolute(way)
}
