import type { Plugin } from 'vite'
import type { ContextHandle } from '../context.ts'
import { toViteError } from '../errors/vite-error.ts'

/**
 * Builds: verifies first, then emits the files whose tokens are left in the chunks, so that only
 * what is imported is cut and shipped.
 */
export function buildPlugin(handle: ContextHandle): Plugin {
  return {
    name: 'limn:build',
    apply: 'build',
    sharedDuringBuild: true,
    // Before Vite's own replacement of asset URLs, which gives the tokens their base.
    enforce: 'pre',
    async buildStart() {
      const context = handle.get(this.environment.getTopLevelConfig())
      try {
        const { verify } = await import('../build/verify.ts')
        await verify(context, (message) => this.warn(message))
      } catch (error) {
        this.error(toViteError(error, context.project.paths.root))
      } finally {
        // Whatever was read, mistakes or not: mending it builds again.
        for (const path of context.project.followed.files) this.addWatchFile(path)
      }
    },
    renderChunk: {
      filter: { code: '__LIMN_' },
      async handler(code) {
        // Vite 7 asks for every chunk.
        if (!code.includes('__LIMN_')) return null
        const context = handle.get(this.environment.getTopLevelConfig())
        const [{ emitTokened, placeholderUrl }, { TOKEN }] = await Promise.all([
          import('../build/emit.ts'),
          import('../build/tokens.ts'),
        ])
        const emitted = await emitTokened(this, context, code).catch((error: unknown) =>
          this.error(toViteError(error, context.project.paths.root)),
        )
        if (emitted.size === 0) return null
        const urlOf = (token: string, key: string): string =>
          emitted.has(key) ? placeholderUrl(emitted.get(key)!) : token
        if (this.environment.config.build.sourcemap === false) {
          return { code: code.replace(TOKEN, urlOf), map: null }
        }
        const { MagicString } = await import('magic-string')
        const text = new MagicString(code).replace(TOKEN, urlOf)
        return { code: text.toString(), map: text.generateMap({ hires: 'boundary' }) }
      },
    },
    async closeBundle() {
      if (this.meta.watchMode) return
      const context = handle.get(this.environment.getTopLevelConfig())
      await context.close()
      const { sweepNamedFiles } = await import('../styles/named-copy.ts')
      await sweepNamedFiles(context)
    },
  }
}
