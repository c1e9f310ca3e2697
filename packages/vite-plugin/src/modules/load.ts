import { join } from 'node:path'
import type { Plugin } from 'vite'
import { tokenUrls, type Use, useOfPicture } from '../build/tokens.ts'
import type { Context, State } from '../context.ts'
import { rememberModule } from './served-modules.ts'
import { locate } from '../errors/locate.ts'
import { toViteError } from '../errors/vite-error.ts'
import { expectFiles } from '../expect-files.ts'
import { findAsset } from '../references/lookup.ts'
import { type ModuleId, parseModuleId, RESOLVED_INDEX } from '../references/module-id.ts'
import { renderBuildModule, see, type Sight, valueOf } from '../references/resolve-reference.ts'
import { renderDev, withContent } from './dev-code.ts'
import { indexEntries, renderBuildIndex } from './index-module.ts'

type LoadHook = Extract<Plugin['load'], (...args: never[]) => unknown>
/** What loading needs of a hook's `this`. */
export type Loader = Pick<ThisParameterType<LoadHook>, 'environment' | 'meta' | 'addWatchFile'>

/**
 * The code of a picture's module. @throws Error as Vite shows it, at the place in `importer` that
 * names the module
 */
export async function loadModule(
  loader: Loader,
  context: Context,
  id: string,
  importer: string | undefined,
): Promise<{ code: string; map: null; moduleType: 'js' }> {
  try {
    const state = await context.ready()
    if (context.config.command === 'build') {
      // A build that watches follows what the pictures are cut from.
      if (loader.meta.watchMode) {
        for (const path of sourcesOf(context, state, id)) loader.addWatchFile(path)
      }
      const code = renderBuild(context, state, id)
      await expectFiles(context, state, id)
      return { code, map: null, moduleType: 'js' }
    }
    const code = renderDev(context, state, id)
    rememberModule(loader.environment, id, code)
    await expectFiles(context, state, id)
    return { code: await withContent(context, state, id, code), map: null, moduleType: 'js' }
  } catch (error) {
    context.isBroken = true
    throw toViteError(
      error,
      context.project.paths.root,
      importer === undefined ? undefined : locate(importer, [id.slice(1)]),
    )
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
