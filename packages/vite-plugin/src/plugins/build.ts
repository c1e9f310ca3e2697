import { type GenerateResult, LimnError } from '@limn/core'
import { describeStep, isNewSource } from '@limn/core/internal'
import type { Plugin } from 'vite'
import type { Context, ContextHandle } from '../context.ts'
import { emitTokened, placeholderUrl } from '../emit.ts'
import { toViteError } from '../error.ts'
import { sweepNamedFiles } from '../named-file.ts'
import { TOKEN } from '../tokens.ts'

/**
 * Builds: verifies first, then emits the files whose tokens are left in the chunks, so that
 * only what is imported is cut and shipped.
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
        const emitted = await emitTokened(this, context, code).catch((error: unknown) => this.error(toViteError(error, context.project.paths.root)))
        if (emitted.size === 0) return null
        const urlOf = (token: string, key: string): string => (emitted.has(key) ? placeholderUrl(emitted.get(key)!) : token)
        if (this.environment.config.build.sourcemap === false) return { code: code.replace(TOKEN, urlOf), map: null }
        const { MagicString } = await import('magic-string')
        const text = new MagicString(code).replace(TOKEN, urlOf)
        return { code: text.toString(), map: text.generateMap({ hires: 'boundary' }) }
      },
    },
    async closeBundle() {
      if (this.meta.watchMode) return
      const context = handle.get(this.environment.getTopLevelConfig())
      await context.files.close()
      await sweepNamedFiles(context)
    },
  }
}

/** Holds the repo against the manifest, and does what the options allow. @throws LimnError, ManifestError */
async function verify(context: Context, warn: (message: string) => void): Promise<void> {
  const { stale } = context.options.build
  const seen = stale === 'free' || stale === 'generate' ? await fillIn(context, stale === 'free') : undefined
  if (seen === undefined) await context.refresh()
  else await context.take(seen)
  if (context.failure !== undefined) throw context.failure
  const { plan } = await context.ready()
  const problems = plan.steps.filter((step) => step.kind !== 'prune' && (step.kind !== 'derive' || isNewSource(step)))
  if (problems.length === 0) return
  const list = problems.map((step) => `  ${step.asset}: ${describeStep(step)}`).join('\n')
  const message = `${problems.length} picture${problems.length === 1 ? ' is' : 's are'} not as the manifest wants:\n${list}`
  if (stale === 'warn') warn(`${message}\nThe build goes on with what is there.`)
  else throw new LimnError('plan/stale', message, { hint: 'Run `limn generate` and commit images.lock and images/, or set build: { stale } of limn().' })
}

/** Makes what is missing. @returns what was read for that, where there was nothing to do @throws LimnError, ManifestError */
async function fillIn({ project, config }: Context, freeOnly: boolean): Promise<GenerateResult['seen']> {
  const { failed, seen } = await project.generate({
    freeOnly,
    derive: false,
    onEvent: (event) => {
      if (event.type === 'generated') config.logger.info(`[limn] ${event.path} ${event.recovered ? 'taken from the journal' : 'generated'}`)
    },
  })
  const [failure] = failed
  if (failure !== undefined) throw failure.error
  return seen
}
