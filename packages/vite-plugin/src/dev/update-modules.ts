import type { DevEnvironment, EnvironmentModuleNode, ViteDevServer } from 'vite'
import type { Context } from '../context.ts'
import { renderDev } from '../modules/dev-code.ts'
import { changedStyles } from '../styles/dev-styles.ts'
import { pagesLoaded } from './page-loads.ts'
import { modulesOf } from '../modules/served-modules.ts'

/**
 * The picture modules of an environment whose code is no longer what it was given, and the styles
 * that show other pictures now.
 */
export function changedModules(
  context: Context,
  environment: DevEnvironment,
): EnvironmentModuleNode[] {
  const { state } = context
  if (state === undefined) return []
  const pictures = [...modulesOf(environment)].flatMap(([id, code]) => {
    const module = environment.moduleGraph.getModuleById(id)
    if (module === undefined || codeNow(context, state, id) === code) return []
    return [module]
  })
  return [...pictures, ...changedStyles(context, state, environment)]
}

/**
 * Brings every environment up to date, after a change that did not come from a file. `isPassing`:
 * more is to come at once, so no page is reloaded for it.
 */
export function updateModules(
  context: Context,
  server: ViteDevServer,
  { isPassing = false } = {},
): void {
  for (const environment of Object.values(server.environments)) {
    const changed = changedModules(context, environment)
    for (const module of changed) {
      // Without hot updates the next request is to get the new code all the same.
      if (environment.config.server.hmr === false) environment.moduleGraph.invalidateModule(module)
      else void environment.reloadModule(module)
    }
    if (!isPassing) reloadPages(server, environment, changed)
  }
}

/** The same, once no page is being loaded: see `pagesLoaded`. */
export async function updateLoadedPages(
  context: Context,
  server: ViteDevServer,
  how: { isPassing?: boolean } = {},
): Promise<void> {
  await pagesLoaded(server)
  updateModules(context, server, how)
}

/**
 * Reloads open pages where pictures changed that only the server knows of: their modules can't
 * update themselves.
 */
export function reloadPages(
  { environments: { client } }: ViteDevServer,
  environment: DevEnvironment,
  changed: readonly EnvironmentModuleNode[],
): void {
  if (
    environment === client ||
    changed.every(({ id }) => id !== null && client.moduleGraph.getModuleById(id) !== undefined)
  ) {
    return
  }
  client.hot.send({ type: 'full-reload', path: '*' })
}

/** What a module would be given now; `undefined` where there is no such picture any more. */
function codeNow(
  context: Context,
  state: NonNullable<Context['state']>,
  id: string,
): string | undefined {
  try {
    return renderDev(context, state, id)
  } catch {
    return undefined
  }
}
