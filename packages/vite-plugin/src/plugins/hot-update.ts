import type { HotChannel, Plugin } from 'vite'
import { type Context, type ContextHandle, isSource } from '../context.ts'
import type { DevWork } from '../dev-work.ts'
import { toViteError, type ViteError } from '../error.ts'
import { RESOLVED_PREFIX } from '../module-id.ts'
import { changedModules } from '../update.ts'

/** Follows manifest, lock and masters: only pictures that changed are updated, and the page is not reloaded. */
export function hotUpdatePlugin(handle: ContextHandle, work: DevWork): Plugin {
  // The hook runs once an environment for one change; the change is read once.
  let told: string | undefined
  let last: { timestamp: number; read: Promise<void> } | undefined
  return {
    name: 'limn:hot-update',
    apply: 'serve',
    async hotUpdate({ file, timestamp, modules }) {
      const context = handle.get()
      if (!isSource(context, file)) return undefined
      if (last?.timestamp !== timestamp) last = { timestamp, read: context.refresh() }
      await last.read
      const others = modules.filter(({ id }) => id !== null && !id.startsWith(RESOLVED_PREFIX))
      if (this.environment.name === 'client') told = tellPage(context, this.environment.hot, told)
      if (context.failure !== undefined) return others
      work.again()
      return [...others, ...changedModules(context, this.environment)]
    },
  }
}

/**
 * Shows a mistake in the overlay; takes the overlay away when it is mended.
 *
 * @returns what is told now; the same mistake is logged once, however many files change meanwhile
 */
function tellPage(context: Context, hot: Pick<HotChannel, 'send'>, before: string | undefined): string | undefined {
  if (context.failure !== undefined) {
    const error = toViteError(context.failure, context.project.paths.root) as ViteError
    if (error.message !== before) context.config.logger.error(`[limn] ${error.message}`, { timestamp: true })
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

type Payload = { message: string; stack: string; plugin: string; id?: string; frame?: string; loc?: NonNullable<ViteError['loc']> }

function payloadOf({ message, plugin, id, frame, loc }: ViteError): Payload {
  return { message, stack: '', plugin, ...(id === undefined ? {} : { id }), ...(frame === undefined ? {} : { frame }), ...(loc === undefined ? {} : { loc }) }
}
