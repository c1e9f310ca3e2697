import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'
import { type Context, type ContextHandle, findAsset, type State } from '../context.ts'
import { toViteError } from '../error.ts'
import { CLIENT_ID, MODULE_PREFIX, parseModuleId, RESOLVED_PREFIX } from '../module-id.ts'
import { rememberModule } from '../rendered.ts'
import { devUrls, renderBuildModule, renderDevModule, valueOf, withoutSlowFormats } from '../render.ts'
import { tokenUrls } from '../tokens.ts'

/** The client beside this file, as source or as built. */
const clientFile = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../client/swap.ts' : '../client/swap.js', import.meta.url))

/** `virtual:limn/<asset>` and `virtual:limn/<asset>@<preset>`. */
export function modulesPlugin(handle: ContextHandle): Plugin {
  return {
    name: 'limn:modules',
    enforce: 'pre',
    resolveId: {
      filter: { id: /^virtual:limn[/-]/ },
      handler(id) {
        if (id === CLIENT_ID) return clientFile
        // What nobody uses must leave no trace in a build.
        if (id.startsWith(MODULE_PREFIX)) return { id: `\0${id}`, moduleSideEffects: false }
        return undefined
      },
    },
    load: {
      async handler(id) {
        // Given here, as Vite would not read a file outside the folders it serves.
        if (id === clientFile) return readFileSync(clientFile, 'utf8')
        if (!id.startsWith(RESOLVED_PREFIX)) return undefined
        const context = handle.get()
        const { paths } = context.project
        try {
          const state = await context.ready()
          if (context.config.command === 'build') {
            const value = valueOf(state, parseModuleId(id), tokenUrls(context))
            // A build that watches follows what the pictures are cut from.
            for (const path of sourcesOf(context, state, id)) this.addWatchFile(path)
            return { code: renderBuildModule(value), map: null, moduleType: 'js' }
          }
          const code = renderDev(context, state, id)
          rememberModule(this.environment, id, code)
          return { code, map: null, moduleType: 'js' }
        } catch (error) {
          context.isBroken = true
          throw toViteError(error, paths.root)
        }
      },
    },
  }
}

/** The files that a picture module's content depends on, beside the manifest. Absolute. */
function sourcesOf({ project: { paths } }: Context, state: State, id: string): string[] {
  const { asset: name, selector } = parseModuleId(id)
  const asset = findAsset(state, name, selector)
  const master = asset.source?.path ?? state.snapshot.lock.assets.get(asset.name)?.master.path
  return [paths.lock, ...(master === undefined ? [] : [join(paths.root, master)])]
}

/** The code of a picture module on the dev server. @throws LimnError `asset/unknown`, `output/unknown` */
export function renderDev({ config }: Context, state: State, id: string): string {
  const base = `${config.server.origin ?? ''}${config.base}`
  return renderDevModule(valueOf(state, parseModuleId(id), devUrls(state, base), withoutSlowFormats))
}
