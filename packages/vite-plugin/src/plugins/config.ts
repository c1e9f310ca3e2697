import { version, type Plugin } from 'vite'
import type { ContextRegistry } from '../context.ts'
import { toViteError } from '../errors/vite-error.ts'
import { INDEX_ID } from '../references/module-id.ts'

/**
 * The oldest major version of Vite with the APIs that the plugin uses: environments, hook filters,
 * and pages transformed with the context of a build's hook.
 */
const OLDEST_VITE = 7

/** Opens the context of each config that Vite resolves. Reads nothing yet, so that Vite starts fast. */
export function configPlugin(contexts: ContextRegistry): Plugin {
  return {
    name: 'limn:config',
    sharedDuringBuild: true,
    config() {
      // Old versions of Vite call hooks with a smaller `this` than the types declare.
      const { viteVersion = version } =
        (this as { meta?: { viteVersion?: string } } | undefined)?.meta ?? {}
      if (Number.parseInt(viteVersion, 10) < OLDEST_VITE) {
        throw new Error(
          `@limn/vite-plugin requires Vite ${OLDEST_VITE} or later, but this is Vite ${viteVersion}. Update Vite: npm install -D vite@latest`,
        )
      }
    },
    // A package that imports pictures is pre-bundled without them: Vite resolves those in the bundle.
    configEnvironment: () => ({ optimizeDeps: { exclude: [INDEX_ID] } }),
    configResolved(config) {
      try {
        contexts.get(config)
      } catch (error) {
        throw toViteError(error, config.root)
      }
    },
  }
}
