import { replaceUnprintable } from '@limn/core/for-vite/start'
import type { SourceMap } from 'magic-string'
import type { Plugin } from 'vite'
import type { Emitter } from '../build/emit.ts'
import type { Context, ContextRegistry } from '../context.ts'
import { toViteError } from '../errors/vite-error.ts'

/**
 * Verifies the project before a build, then emits the files whose tokens remain in the chunks, so
 * that only imported images are encoded and shipped. Warns of references that a build would ship as
 * they are.
 */
export function buildPlugin(contexts: ContextRegistry): Plugin {
  return {
    name: 'limn:build',
    apply: 'build',
    sharedDuringBuild: true,
    // Vite then resolves the base of the URLs that replace the tokens.
    enforce: 'pre',
    async buildStart() {
      const context = contexts.own(this.environment.getTopLevelConfig())
      if (context === undefined) return
      try {
        const { verify } = await import('../build/verify.ts')
        await verify(context, (message) => this.warn(replaceUnprintable(message)))
      } catch (error) {
        const { warnIfManifestIsMissing } = await import('../errors/missing-manifest.ts')
        if (warnIfManifestIsMissing(context, error)) return
        this.error(toViteError(error, context.project.paths.root))
      } finally {
        // Fixing a mistake in the manifest must start a new build, so failures watch the files too.
        for (const path of context.project.followed.files) this.addWatchFile(path)
      }
    },
    renderChunk: {
      filter: { code: '__LIMN_' },
      async handler(code) {
        // Vite 7 ignores the filter.
        if (!code.includes('__LIMN_')) return null
        const context = contexts.get(this.environment.getTopLevelConfig())
        try {
          return await replaceTokens(this, context, code)
        } catch (error) {
          return this.error(toViteError(error, context.project.paths.root))
        }
      },
    },
    generateBundle: {
      order: 'post',
      async handler(_, bundle) {
        const { reportUnreplaced } = await import('../build/report-unreplaced.ts')
        const context = contexts.get(this.environment.getTopLevelConfig())
        await reportUnreplaced(context, {
          bundle,
          moduleIds: () => this.getModuleIds(),
          hasPublicFiles: this.environment.config.consumer === 'client',
        })
      },
    },
    async closeBundle() {
      const context = contexts.own(this.environment.getTopLevelConfig())
      if (context === undefined || this.meta.watchMode) return
      await context.close()
      const { removeUnusedCopies } = await import('../styles/named-copy.ts')
      await removeUnusedCopies(context)
    },
  }
}

/** Emits the files of a chunk and replaces their tokens; `null` if there are none. */
async function replaceTokens(
  emitter: Emitter,
  context: Context,
  code: string,
): Promise<{ code: string; map: SourceMap | null } | null> {
  const [{ emitTokened, replacementUrl }, { TOKEN }] = await Promise.all([
    import('../build/emit.ts'),
    import('../build/tokens.ts'),
  ])
  const emitted = await emitTokened(emitter, context, code)
  if (emitted.size === 0) return null
  const urlOf = (token: string, digits: string): string => {
    const file = emitted.get(digits)
    return file === undefined ? token : replacementUrl(file)
  }
  if (emitter.environment.config.build.sourcemap === false) {
    return { code: code.replace(TOKEN, urlOf), map: null }
  }
  const { MagicString } = await import('magic-string')
  const text = new MagicString(code).replace(TOKEN, urlOf)
  return { code: text.toString(), map: text.generateMap({ hires: 'boundary' }) }
}
