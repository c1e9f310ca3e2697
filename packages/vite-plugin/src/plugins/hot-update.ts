import type { HotChannel, Plugin } from 'vite'
import { type Context, type ContextHandle, isSource } from '../context.ts'
import type { DevWorkOf } from '../dev/generator-per-server.ts'
import { isPageLoading } from '../dev/page-loads.ts'
import { toViteError, type ViteError } from '../errors/vite-error.ts'
import { isPictureModule } from '../references/module-id.ts'

/** What is known of the changes that one server has seen. */
type Seen = {
  /** The mistake that pages are told of now. */
  told?: string | undefined
  /** The hook runs once an environment for one change; the change is read once. */
  last?: { timestamp: number; read: Promise<void> }
}

/**
 * Follows manifest, lock and masters: only pictures that changed are updated, and the page is not
 * reloaded.
 */
export function hotUpdatePlugin(handle: ContextHandle, workOf: DevWorkOf): Plugin {
  const seenByContext = new WeakMap<Context, Seen>()
  return {
    name: 'limn:hot-update',
    apply: 'serve',
    async hotUpdate({ file, timestamp, modules, server }) {
      const context = handle.get(server.config)
      if (!isSource(context, file)) return undefined
      const [{ changedModules, reloadPages, updateLoadedPages }, { whenWritten }] =
        await Promise.all([import('../dev/update-modules.ts'), import('../when-written.ts')])
      const seen = seenByContext.get(context) ?? {}
      seenByContext.set(context, seen)
      if (seen.last?.timestamp !== timestamp) {
        seen.last = { timestamp, read: whenWritten(file).then(() => context.refresh()) }
      }
      await seen.last.read
      const others = modules.filter(({ id }) => id !== null && !isPictureModule(id))
      if (this.environment.name === 'client') {
        seen.told = tellPage(context, this.environment.hot, seen.told)
      }
      if (context.failure !== undefined) return others
      const work = await workOf(context)
      work.again()
      if (isPageLoading(server)) {
        void updateLoadedPages(context, server)
        return others
      }
      const changed = changedModules(context, this.environment)
      reloadPages(server, this.environment, changed)
      return [...others, ...changed]
    },
  }
}

/**
 * Shows a mistake in the overlay; takes the overlay away when it is mended.
 *
 * @returns what is told now; the same mistake is logged once, however many files change meanwhile
 */
function tellPage(
  context: Context,
  hot: Pick<HotChannel, 'send'>,
  before: string | undefined,
): string | undefined {
  if (context.failure !== undefined) {
    const error = toViteError(context.failure, context.project.paths.root) as ViteError
    if (error.message !== before) {
      context.config.logger.error(`[limn] ${error.message}`, { timestamp: true })
    }
    hot.send?.({ type: 'error', err: payloadOf(error) })
    return error.message
  }
  if (context.isBroken) {
    context.isBroken = false
    // A page with pictures takes the overlay away; one that never got them is reloaded by Vite at the update.
    hot.send?.({ type: 'custom', event: 'limn:mended' })
    hot.send?.({ type: 'update', updates: [] })
  }
  return undefined
}

type Payload = {
  message: string
  stack: string
  plugin: string
  id?: string
  frame?: string
  loc?: NonNullable<ViteError['loc']>
}

function payloadOf({ message, plugin, id, frame, loc }: ViteError): Payload {
  return {
    message,
    stack: '',
    plugin,
    ...(id === undefined ? {} : { id }),
    ...(frame === undefined ? {} : { frame }),
    ...(loc === undefined ? {} : { loc }),
  }
}
