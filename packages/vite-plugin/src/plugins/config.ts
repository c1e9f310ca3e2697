import { version, type Plugin } from 'vite'
import type { ContextHandle } from '../context.ts'
import { toViteError } from '../errors/vite-error.ts'

/**
 * The oldest Vite that has what Limn stands on: environments, hook filters, pages transformed with
 * a build's own context.
 */
const OLDEST_VITE = 7

/** Takes over Vite's resolved config. Reads nothing yet: a start must cost nothing. */
export function configPlugin(handle: ContextHandle): Plugin {
  return {
    name: 'limn:config',
    sharedDuringBuild: true,
    config() {
      // Old Vites call hooks with less than their types say.
      const { viteVersion = version } =
        (this as { meta?: { viteVersion?: string } } | undefined)?.meta ?? {}
      if (Number.parseInt(viteVersion, 10) < OLDEST_VITE) {
        throw new Error(
          `@limn/vite-plugin needs Vite ${OLDEST_VITE} or later, and this is Vite ${viteVersion}. Update it: npm install -D vite@latest`,
        )
      }
    },
    configResolved(config) {
      try {
        handle.setup(config)
      } catch (error) {
        throw toViteError(error, config.root)
      }
    },
  }
}
