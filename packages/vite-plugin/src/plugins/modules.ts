import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { normalizePath, type Plugin } from 'vite'
import { type Context, type ContextHandle, findAsset, type State } from '../context.ts'
import { renderDev, withContent } from '../dev-module.ts'
import { toViteError } from '../error.ts'
import { expectFiles } from '../expect-files.ts'
import { indexEntries, renderBuildIndex } from '../index-module.ts'
import { locate } from '../locate.ts'
import { CLIENT_ID, type ModuleId, parseModuleId, RESOLVED_INDEX, RESOLVED_PREFIX } from '../module-id.ts'
import { rememberModule } from '../given-modules.ts'
import { renderBuildModule, see, type Sight, valueOf } from '../render.ts'
import { tokenUrls, type Use, useOfPicture } from '../tokens.ts'

/** The client beside this file, as source or as built. */
const clientFile = normalizePath(fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../client/swap.ts' : '../client/swap.js', import.meta.url)))

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
        const context = handle.get(this.environment.getTopLevelConfig())
        const { paths } = context.project
        try {
          const state = await context.ready()
          if (context.config.command === 'build') {
            // A build that watches follows what the pictures are cut from.
            if (this.meta.watchMode) for (const path of sourcesOf(context, state, id)) this.addWatchFile(path)
            const code = renderBuild(context, state, id)
            expectFiles(context, state, id)
            return { code, map: null, moduleType: 'js' }
          }
          const code = renderDev(context, state, id)
          rememberModule(this.environment, id, code)
          expectFiles(context, state, id)
          return { code: await withContent(context, state, id, code), map: null, moduleType: 'js' }
        } catch (error) {
          context.isBroken = true
          const importer = importerById.get(id)
          throw toViteError(error, paths.root, importer === undefined ? undefined : locate(importer, [id.slice(1)]))
        }
      },
    },
  }
}

/** The files that a picture module's content depends on. Absolute. */
function sourcesOf({ project: { paths, followed } }: Context, state: State, id: string): string[] {
  const always = [...followed.files, paths.lock]
  if (id === RESOLVED_INDEX) return always
  const { asset: name, selector } = parseModuleId(id)
  const asset = findAsset(state, name, selector)
  const master = asset.source?.path ?? state.snapshot.lock.assets.get(asset.name)?.master.path
  return [...always, ...(master === undefined ? [] : [join(paths.root, master)])]
}

function renderBuild(context: Context, state: State, id: string): string {
  if (id === RESOLVED_INDEX) return renderBuildIndex(indexEntries(state))
  const module = parseModuleId(id)
  const sight = see(state, module)
  return renderBuildModule(valueOf(sight, module.form, tokenUrls(context, useOf(module, sight))))
}

function useOf({ form, mayInline }: ModuleId, { isPicture, outputs }: Sight): Use {
  if (form === 'inline') return 'inline'
  if (!mayInline) return 'file'
  return form === 'value' && isPicture ? useOfPicture(outputs) : 'auto'
}
