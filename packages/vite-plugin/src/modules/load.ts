import { join } from 'node:path'
import { indexEntries, mainOutput } from '@limn/core/for-vite'
import { createDebug, elapsed } from '@limn/core/for-vite/start'
import type { Plugin } from 'vite'
import { tokenUrls, useOfPicture } from '../build/tokens.ts'
import type { Context, FileUse, ProjectState } from '../context.ts'
import { locate } from '../errors/locate.ts'
import { toViteError } from '../errors/vite-error.ts'
import { findAsset, getOutput } from '../references/lookup.ts'
import { isIndex, type ModuleId, type ReferenceModule } from '../references/module-id.ts'
import {
  moduleValue,
  renderBuildModule,
  type ResolvedReference,
  resolveReference,
  withoutSlowFormats,
} from '../references/resolve-reference.ts'
import { inlineContent, renderDev } from './dev-code.ts'
import { renderBuildIndex } from './index-module.ts'
import { servedModules } from './served-modules.ts'

const debug = createDebug('vite')

type LoadHook = Extract<Plugin['load'], (...args: never[]) => unknown>
/** The part of a hook's `this` that loading needs. */
export type Loader = Pick<ThisParameterType<LoadHook>, 'environment' | 'meta' | 'addWatchFile'>

export type ModuleRequest = {
  /** The resolved id, `\0virtual:limn/hero`. */
  id: string
  /** The same, parsed. */
  module: ModuleId
  /** Path of a file that imports the module. */
  importer: string | undefined
}

export type LoadedModule = { code: string; map: null; moduleType: 'js' }

/**
 * Loads an image module. @throws Error in Vite's shape, with the location in `importer` that names
 * the module
 */
export async function loadModule(
  loader: Loader,
  context: Context,
  { id, module, importer }: ModuleRequest,
): Promise<LoadedModule> {
  const start = performance.now()
  try {
    const state = await context.requireState()
    const code =
      context.config.command === 'build'
        ? await loadForBuild(loader, context, { state, module })
        : await loadForDev(loader, context, { state, id, module })
    if (debug.enabled) debug('loaded %s, %s', id.slice(1), elapsed(start))
    return { code, map: null, moduleType: 'js' }
  } catch (error) {
    context.mayShowError = true
    throw toViteError(
      error,
      context.project.paths.root,
      importer === undefined ? undefined : locate(importer, [id.slice(1)]),
    )
  }
}

async function loadForBuild(
  loader: Loader,
  context: Context,
  { state, module }: { state: ProjectState; module: ModuleId },
): Promise<string> {
  if (loader.meta.watchMode) {
    for (const path of sourcesOf(context, state, module)) loader.addWatchFile(path)
  }
  if (isIndex(module)) return renderBuildIndex(indexEntries(state.snapshot.manifest.assets))
  const resolved = resolveReference(state, module)
  const urlsOf = tokenUrls(context, useOf(module, resolved))
  const code = renderBuildModule(moduleValue(resolved, module.form, urlsOf))
  if (module.form !== 'placeholder') await expectMainFile(context, state, resolved)
  return code
}

async function loadForDev(
  { environment }: Loader,
  context: Context,
  { state, id, module }: { state: ProjectState; id: string; module: ModuleId },
): Promise<string> {
  const code = renderDev(context, state, module)
  servedModules(context, environment).set(id, code)
  if (!isIndex(module) && module.form !== 'placeholder') {
    const resolved = resolveReference(state, module, withoutSlowFormats)
    await expectMainFile(context, state, resolved)
    await cutOthersWhenIdle(context, state, resolved)
  }
  return (await inlineContent(context, state, module)) ?? code
}

/** Returns the files that a module's content depends on. Absolute paths. */
function sourcesOf(
  { project: { paths, followed } }: Context,
  state: ProjectState,
  module: ModuleId,
): string[] {
  const always = [...followed.files, paths.lock]
  if (isIndex(module)) return always
  const asset = findAsset(state, module)
  const master = asset.source?.path ?? state.snapshot.lock.assets.get(asset.name)?.master.path
  return master === undefined ? always : [...always, join(paths.root, master)]
}

function useOf(
  { form, mayInline }: ReferenceModule,
  { isPicture, outputs }: ResolvedReference,
): FileUse {
  if (form === 'inline') return 'inline'
  if (!mayInline) return 'file'
  return form === 'value' && isPicture ? useOfPicture(outputs) : 'auto'
}

/**
 * Prepares to encode the main file of a module: a page requests it next, and a build encodes it
 * once it knows which files are used.
 */
async function expectMainFile(
  { loadOutputService }: Context,
  state: ProjectState,
  { asset, outputs, entry }: ResolvedReference,
): Promise<void> {
  if (entry === undefined) return
  const service = await loadOutputService()
  const { file } = mainOutput(outputs)
  service.expect(entry, getOutput(state, { asset: asset.name, file }).output)
}

/** Lets a dev server encode the files of a module in idle time. */
async function cutOthersWhenIdle(
  { loadOutputService }: Context,
  state: ProjectState,
  { asset, outputs, entry }: ResolvedReference,
): Promise<void> {
  if (entry === undefined) return
  const service = await loadOutputService()
  service.cutWhenIdle(
    entry,
    outputs.map(({ file }) => getOutput(state, { asset: asset.name, file }).output),
  )
}
