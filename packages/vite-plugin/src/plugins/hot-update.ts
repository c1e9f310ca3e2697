import { createDebug } from '@limn/core/for-vite/start'
import type { HotChannel, Plugin } from 'vite'
import type { Context, ContextRegistry } from '../context.ts'
import type { GeneratorOf } from '../dev/generator-per-server.ts'
import { isPageLoading } from '../dev/page-loads.ts'
import { toViteError, type ViteError } from '../errors/vite-error.ts'
import { parseModuleId } from '../references/module-id.ts'

const debug = createDebug('vite')

/** Follows manifest, lockfile and masters. Updates only the images that changed, without a reload. */
export function hotUpdatePlugin(contexts: ContextRegistry, generatorOf: GeneratorOf): Plugin {
  return {
    name: 'limn:hot-update',
    apply: 'serve',
    async hotUpdate({ file, timestamp, modules, server }) {
      const context = contexts.own(server.config)
      if (context === undefined) return undefined
      const { isSource } = await import('../dev/is-source.ts')
      if (!isSource(context, file)) return undefined
      debug('hot update: %s changed', file)
      const [{ changedModules, reloadServerRenderedPages, updateLoadedPages }] = await Promise.all([
        import('../dev/update-modules.ts'),
        readChange(context, { file, timestamp }),
      ])
      const others = modules.filter(({ id }) => id !== null && parseModuleId(id) === undefined)
      if (this.environment.name === 'client') reportError(context, this.environment.hot)
      if (context.failure !== undefined) return others
      const generator = await generatorOf(context)
      generator.requestRun()
      if (isPageLoading(context)) {
        void updateLoadedPages(context, server)
        return others
      }
      const changed = changedModules(context, this.environment)
      reloadServerRenderedPages(server, this.environment, changed)
      return [...others, ...changed]
    },
  }
}

/** Reads a change once. Vite calls the hook once per environment for each change. */
async function readChange(
  context: Context,
  { file, timestamp }: { file: string; timestamp: number },
): Promise<void> {
  const { waitForContent } = await import('../dev/wait-for-files.ts')
  const { hotUpdate } = context.dev
  if (hotUpdate.lastChange?.timestamp !== timestamp) {
    const read = waitForContent(file).then(() => context.refresh('a file changed'))
    hotUpdate.lastChange = { timestamp, read }
  }
  await hotUpdate.lastChange.read
}

/**
 * Shows a mistake in the overlay, and removes the overlay when the mistake is fixed. The same
 * mistake is logged once, however many files change meanwhile.
 */
function reportError(context: Context, hot: Pick<HotChannel, 'send'>): void {
  const { hotUpdate } = context.dev
  if (context.failure !== undefined) {
    const error = toViteError(context.failure, context.project.paths.root) as ViteError
    if (error.message !== hotUpdate.reportedError) {
      context.log.error(`[limn] ${error.message}`, { timestamp: true })
    }
    hot.send?.({ type: 'error', err: toPayload(error) })
    hotUpdate.reportedError = error.message
    return
  }
  hotUpdate.reportedError = undefined
  if (!context.mayShowError) return
  context.mayShowError = false
  // A page with images removes the overlay itself. Vite reloads a page without any at the update.
  hot.send?.({ type: 'custom', event: 'limn:fixed' })
  hot.send?.({ type: 'update', updates: [] })
}

type Payload = Pick<ViteError, 'message' | 'plugin' | 'id' | 'frame' | 'loc'> & { stack: string }

function toPayload({ message, plugin, id, frame, loc }: ViteError): Payload {
  return {
    message,
    stack: '',
    plugin,
    ...(id === undefined ? {} : { id }),
    ...(frame === undefined ? {} : { frame }),
    ...(loc === undefined ? {} : { loc }),
  }
}
