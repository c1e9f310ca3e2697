import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { normalizePath, type Plugin } from 'vite'
import type { ContextHandle } from '../context.ts'
import { CLIENT_ID, RESOLVED_INDEX, RESOLVED_PREFIX } from '../references/module-id.ts'

/** The client beside this file, as source or as built. */
const clientFile = normalizePath(
  fileURLToPath(
    new URL(
      import.meta.url.endsWith('.ts') ? '../client/swap.ts' : '../client/swap.js',
      import.meta.url,
    ),
  ),
)

/** `virtual:limn/<asset>`, `virtual:limn/<asset>@<preset>`, both with queries, and `virtual:limn`. */
export function modulesPlugin(handle: ContextHandle): Plugin {
  const importerById = new Map<string, string>()
  return {
    name: 'limn:modules',
    enforce: 'pre',
    sharedDuringBuild: true,
    resolveId: {
      filter: { id: /^virtual:limn(?:$|[/-])/ },
      handler(id, importer) {
        if (id === CLIENT_ID) return clientFile
        const resolved = `\0${id}`
        if (resolved !== RESOLVED_INDEX && !resolved.startsWith(RESOLVED_PREFIX)) return undefined
        if (importer !== undefined) importerById.set(resolved, importer)
        // What nobody uses must leave no trace in a build.
        return { id: resolved, moduleSideEffects: false }
      },
    },
    load: {
      filter: { id: /^\0virtual:limn(?:$|\/)|[\\/]client[\\/]swap\.[jt]s$/ },
      async handler(id) {
        // Given here, as Vite would not read a file outside the folders it serves.
        if (id === clientFile) return readFileSync(clientFile, 'utf8')
        if (id !== RESOLVED_INDEX && !id.startsWith(RESOLVED_PREFIX)) return undefined
        const { loadModule } = await import('../modules/load.ts')
        return loadModule(
          this,
          handle.get(this.environment.getTopLevelConfig()),
          id,
          importerById.get(id),
        )
      },
    },
  }
}
