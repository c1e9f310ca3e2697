import { version, type Plugin } from 'vite'
import type { ContextRegistry } from '../context.ts'
import { toViteError } from '../errors/vite-error.ts'
import { prebundling } from './prebundling.ts'

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
      const viteVersion = versionOf(this)
      if (majorOf(viteVersion) < OLDEST_VITE) {
        throw new Error(
          `@limn/vite-plugin requires Vite ${OLDEST_VITE} or later, but this is Vite ${viteVersion}. Update Vite: npm install -D vite@latest`,
        )
      }
    },
    configEnvironment() {
      return { optimizeDeps: prebundling(majorOf(versionOf(this))) }
    },
    configResolved(config) {
      try {
        contexts.get(config)
      } catch (error) {
        throw toViteError(error, config.root)
      }
    },
  }
}

/**
 * Returns the version of Vite. Old versions call hooks with a smaller `this` than the types
 * declare.
 */
function versionOf(hook: unknown): string {
  return (hook as { meta?: { viteVersion?: string } } | undefined)?.meta?.viteVersion ?? version
}

function majorOf(viteVersion: string): number {
  return Number.parseInt(viteVersion, 10)
}
