import type { EnvironmentModuleNode, DevEnvironment, ViteDevServer } from 'vite'
import type { Context } from './context.ts'
import { modulesOf } from './rendered.ts'
import { renderDev } from './plugins/modules.ts'

/** The picture modules of an environment whose code is no longer what it was given. */
export function changedModules(context: Context, environment: DevEnvironment): EnvironmentModuleNode[] {
  const { state } = context
  if (state === undefined) return []
  return [...modulesOf(environment)].flatMap(([id, code]) => {
    const module = environment.moduleGraph.getModuleById(id)
    if (module === undefined || codeNow(context, state, id) === code) return []
    return [module]
  })
}

/** Brings every environment up to date, after a change that did not come from a file. */
export function updateModules(context: Context, server: ViteDevServer): void {
  for (const environment of Object.values(server.environments)) {
    for (const module of changedModules(context, environment)) void environment.reloadModule(module)
  }
}

/** What a module would be given now; `undefined` where there is no such picture any more. */
function codeNow(context: Context, state: NonNullable<Context['state']>, id: string): string | undefined {
  try {
    return renderDev(context, state, id)
  } catch {
    return undefined
  }
}
