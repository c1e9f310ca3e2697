import type { Context, State } from '../context.ts'
import { parseModuleId, RESOLVED_INDEX } from '../references/module-id.ts'
import { mainOutput } from '../references/picture.ts'
import {
  devBase,
  devUrls,
  renderDevModule,
  see,
  valueOf,
  withoutSlowFormats,
} from '../references/resolve-reference.ts'
import { toDataUrl } from '../references/urls.ts'
import { getWanted } from '../wanted.ts'
import { renderDevIndex } from './index-module.ts'

/**
 * The code of a picture module on the dev server, with URLs alone. @throws LimnError
 * `asset/unknown`, `output/unknown`
 */
export function renderDev(context: Context, state: State, id: string): string {
  const urlsOf = devUrls(state, devBase(context), context.partials)
  if (id === RESOLVED_INDEX) return renderDevIndex(state, urlsOf, withoutSlowFormats)
  const module = parseModuleId(id)
  return renderDevModule(valueOf(see(state, module, withoutSlowFormats), module.form, urlsOf))
}

/** The code of a `?inline` module, its URL replaced by the file itself; any other code as it is. */
export async function withContent(
  { files }: Context,
  state: State,
  id: string,
  code: string,
): Promise<string> {
  if (id === RESOLVED_INDEX) return code
  const module = parseModuleId(id)
  if (module.form !== 'inline') return code
  const { asset: shown, outputs, entry } = see(state, module, withoutSlowFormats)
  const { asset, output } = getWanted(state, shown.name, mainOutput(outputs).file)
  const service = await files()
  const { bytes } = await (entry === undefined
    ? service.draft(asset, output)
    : service.final(entry, output))
  return renderDevModule(toDataUrl(bytes, output.format))
}
