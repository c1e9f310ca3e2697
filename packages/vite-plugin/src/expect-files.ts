import type { Context, State } from './context.ts'
import { type ModuleId, parseModuleId, RESOLVED_INDEX } from './references/module-id.ts'
import { mainOutput } from './references/picture.ts'
import { see, withoutSlowFormats } from './references/resolve-reference.ts'
import { getWanted } from './wanted.ts'

/**
 * Gets ready to cut what a picture's module names: a page asks for it next, and a build once it
 * knows what is used.
 */
export async function expectFiles(
  { files, config }: Context,
  state: State,
  id: string,
): Promise<void> {
  const module: ModuleId | undefined = id === RESOLVED_INDEX ? undefined : parseModuleId(id)
  if (module === undefined || module.form === 'placeholder') return
  const { asset, outputs, entry } = see(
    state,
    module,
    config.command === 'serve' ? withoutSlowFormats : undefined,
  )
  if (entry === undefined) return
  const service = await files()
  service.expect(entry, getWanted(state, asset.name, mainOutput(outputs).file).output)
}
