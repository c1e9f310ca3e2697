import { createDebug } from '@limn/core/for-vite/start'
import type { DevEnvironment, EnvironmentModuleNode, ViteDevServer } from 'vite'
import type { Context, ProjectState } from '../context.ts'
import { renderDev } from '../modules/dev-code.ts'
import { servedModules } from '../modules/served-modules.ts'
import { parseModuleId } from '../references/module-id.ts'
import { changedStyles } from '../styles/dev-styles.ts'
import { waitForPageLoads } from './page-loads.ts'

const debug = createDebug('vite')

export type UpdateOptions = {
  /** Whether the next update follows at once, so that no page is reloaded for this one. */
  isTransient?: boolean
}

/** Returns an environment's image modules whose code has changed, and the styles whose URLs have. */
export function changedModules(
  context: Context,
  environment: DevEnvironment,
): EnvironmentModuleNode[] {
  const { state } = context
  if (state === undefined) return []
  const modules = [...servedModules(context, environment)].flatMap(([id, code]) => {
    const module = environment.moduleGraph.getModuleById(id)
    if (module === undefined || currentCode(context, state, id) === code) return []
    return [module]
  })
  const changed = [...modules, ...changedStyles(context, state, environment)]
  if (debug.enabled && changed.length > 0) {
    const ids = changed.map(({ id }) => id?.replace('\0', ''))
    debug('hot update: %d modules of %s: %s', ids.length, environment.name, ids.join(', '))
  }
  return changed
}

/** Updates every environment after a change that no file event reported. */
export function updateModules(
  context: Context,
  server: ViteDevServer,
  { isTransient = false }: UpdateOptions = {},
): void {
  for (const environment of Object.values(server.environments)) {
    const changed = changedModules(context, environment)
    for (const module of changed) {
      // Without hot updates the next request must still get the new code.
      if (environment.config.server.hmr === false) environment.moduleGraph.invalidateModule(module)
      else void environment.reloadModule(module)
    }
    if (!isTransient) reloadServerRenderedPages(server, environment, changed)
  }
}

/** Updates every environment once no page is loading. */
export async function updateLoadedPages(
  context: Context,
  server: ViteDevServer,
  options: UpdateOptions = {},
): Promise<void> {
  await waitForPageLoads(context)
  updateModules(context, server, options)
}

/**
 * Reloads open pages if a module changed that only the server imports: such a module cannot update
 * the page itself.
 */
export function reloadServerRenderedPages(
  { environments: { client } }: ViteDevServer,
  environment: DevEnvironment,
  changed: readonly EnvironmentModuleNode[],
): void {
  if (environment === client) return
  const isInClient = ({ id }: EnvironmentModuleNode): boolean =>
    id !== null && client.moduleGraph.getModuleById(id) !== undefined
  if (!changed.every(isInClient)) client.hot.send({ type: 'full-reload', path: '*' })
}

/** Returns the current code of a module; `undefined` if its image no longer exists. */
function currentCode(context: Context, state: ProjectState, id: string): string | undefined {
  const module = parseModuleId(id)
  try {
    return module === undefined ? undefined : renderDev(context, state, module)
  } catch {
    return undefined
  }
}
