import { mainOutput } from '@limn/core/for-vite'
import type { Context, ProjectState } from '../context.ts'
import { getOutput } from '../references/lookup.ts'
import { isIndex, type ModuleId } from '../references/module-id.ts'
import {
  devBase,
  devUrls,
  moduleValue,
  renderDevModule,
  resolveReference,
  withoutSlowFormats,
} from '../references/resolve-reference.ts'
import { toDataUrl } from '../references/urls.ts'
import { renderDevIndex } from './index-module.ts'

/**
 * Renders a module for the dev server. A `?inline` module gets the URL of its file; see
 * `inlineContent`. @throws LimnError `asset/unknown`, `output/unknown`
 */
export function renderDev(context: Context, state: ProjectState, module: ModuleId): string {
  const urlsOf = devUrls(state, devBase(context), context.dev.partialByAsset)
  if (isIndex(module)) return renderDevIndex(state, urlsOf, withoutSlowFormats)
  const resolved = resolveReference(state, module, withoutSlowFormats)
  return renderDevModule(moduleValue(resolved, module.form, urlsOf))
}

/** Renders a `?inline` module with the content of its file; `undefined` for any other module. */
export async function inlineContent(
  { loadOutputService }: Context,
  state: ProjectState,
  module: ModuleId,
): Promise<string | undefined> {
  if (isIndex(module) || module.form !== 'inline') return undefined
  const resolved = resolveReference(state, module, withoutSlowFormats)
  const { asset, output } = getOutput(state, {
    asset: resolved.asset.name,
    file: mainOutput(resolved.outputs).file,
  })
  const service = await loadOutputService()
  const { bytes } = await (resolved.entry === undefined
    ? service.draft(asset, output)
    : service.final(resolved.entry, output))
  return renderDevModule(toDataUrl(bytes, output.format))
}
