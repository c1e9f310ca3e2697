import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { maxBytes, readTextInside } from '@limn/core/for-vite/start'
import { normalizePath, type Plugin } from 'vite'
import type { ContextRegistry } from '../context.ts'
import { CLIENT_ID, parseModuleId } from '../references/module-id.ts'

/** The client's file, in `src` or in `dist`. Absolute, with `/`. */
const clientFile = normalizePath(
  fileURLToPath(
    new URL(
      import.meta.url.endsWith('.ts') ? '../client/swap.ts' : '../client/swap.js',
      import.meta.url,
    ),
  ),
)

/** Resolves and loads `virtual:limn/<asset>`, `virtual:limn/<asset>@<selector>` and `virtual:limn`. */
export function modulesPlugin(contexts: ContextRegistry): Plugin {
  return {
    name: 'limn:modules',
    enforce: 'pre',
    sharedDuringBuild: true,
    resolveId: {
      filter: { id: /^virtual:limn(?:$|[/-])/ },
      handler(id, importer) {
        if (id === CLIENT_ID) return clientFile
        const resolved = `\0${id}`
        if (parseModuleId(resolved) === undefined) return undefined
        if (importer !== undefined) {
          const { importerById } = contexts.get(this.environment.getTopLevelConfig())
          importerById.set(resolved, importer)
        }
        // Unused modules must leave nothing in a build.
        return { id: resolved, moduleSideEffects: false }
      },
    },
    load: {
      filter: { id: /^\0virtual:limn(?:$|\/)|[\\/]client[\\/]swap\.[jt]s$/ },
      async handler(id) {
        // Vite would not read a file outside the folders that it serves.
        if (id === clientFile) return readTextInside(dirname(id), id, maxBytes.text)
        const module = parseModuleId(id)
        if (module === undefined) return undefined
        const { loadModule } = await import('../modules/load.ts')
        const context = contexts.get(this.environment.getTopLevelConfig())
        return loadModule(this, context, { id, module, importer: context.importerById.get(id) })
      },
    },
  }
}
