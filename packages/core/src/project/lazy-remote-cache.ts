import type { ProjectContext } from './context.ts'
import type { RemoteCache } from './remote-cache-types.ts'

/** The actions on the remote store, which are loaded on first use. */
export function remoteCache(context: ProjectContext): RemoteCache {
  return {
    push: async (options = {}) => (await import('./remote-cache.ts')).push(context, options),
    pull: async (options = {}) => (await import('./remote-cache.ts')).pull(context, options),
    stat: async (options = {}) => (await import('./remote-cache.ts')).stat(context, options),
    gc: async (options = {}) => (await import('./remote-cache.ts')).gc(context, options),
    verify: async (options = {}) => (await import('./remote-cache.ts')).verify(context, options),
  }
}
