import { LimnError } from '@limn/core/for-vite/start'
import type { Context } from '../context.ts'
import { toViteError } from './vite-error.ts'

/**
 * Warns once if an error says that the project has no manifest, and returns whether it does. Such a
 * project is no mistake until something refers to a picture: a template may contain the plugin.
 */
export function warnIfManifestIsMissing({ log, project }: Context, error: unknown): boolean {
  if (!(error instanceof LimnError) || error.code !== 'manifest/not-found') return false
  const [problem, hint] = toViteError(error, project.paths.root).message.split('\n')
  log.warnOnce(`[limn] ${problem} The plugin does nothing without it. ${hint}`)
  return true
}
