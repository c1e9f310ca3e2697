import type { Alias, Plugin, ResolvedConfig } from 'vite'
import type { Context, ContextRegistry } from '../context.ts'
import { DEV_PATH } from '../references/module-id.ts'

/**
 * Matches the start of `~limn/hero@card.webp` and `limn:hero@card.webp`. Tools that inline imported
 * styles prepend a relative path.
 */
const REFERENCE = /^(?:(?:\.{0,2}\/)?(?:[^?#:]*\/)?~limn\/|limn:)/
/**
 * Matches the start of a URL of the dev server, as seen from another folder: Sass and Less rewrite
 * the URLs of partials.
 */
const REWRITTEN = /^(?:\.\.?\/)*(?:[^?#:]*\/)?@limn\/(?=[^?#]+\?v=)/
/** Matches every style language of Vite. */
const STYLES = /\.(?:css|less|sass|scss|styl|stylus|pcss|postcss|sss)(?:$|\?)/

/**
 * Resolves `url("~limn/hero@card.webp")` in styles. Vite resolves URLs in styles by aliases only,
 * so the plugin adds one, after Vite has created its own resolvers, which are faster without it.
 *
 * The alias has a `customResolver`, which Vite 8 deprecates but warns of only in a user's config.
 * There is no alternative: Vite resolves a style's URLs with aliases and its own resolver, so no
 * `resolveId` sees a virtual id, and a build reads the resulting file from disk without calling
 * `load`. A `transform` after Vite's own could replace the unresolved URLs, but a build warns of
 * each, a user's alias for `~` turns each into an error, and tools that call `vite:css` themselves,
 * such as UnoCSS, skip such a hook.
 */
export function cssPlugin(contexts: ContextRegistry): Plugin {
  return {
    name: 'limn:css',
    sharedDuringBuild: true,
    configResolved(config) {
      // The plugins of this config then resolve the styles of all environments of a build.
      if (config.builder?.sharedPlugins === true) addAliases(config, contexts.get(config))
    },
    configureServer({ config }) {
      addAliases(config, contexts.get(config))
    },
    buildStart() {
      const config = this.environment.getTopLevelConfig()
      addAliases(config, contexts.get(config))
    },
    transform: {
      filter: { id: STYLES },
      handler(_, id) {
        if (!this.meta.watchMode || this.environment.mode !== 'build' || !STYLES.test(id)) return
        // Which styles contain images is not known here, so all of them are built again.
        const { paths, followed } = contexts.get(this.environment.getTopLevelConfig()).project
        for (const path of [...followed.files, paths.lock]) this.addWatchFile(path)
      },
    },
  }
}

function addAliases(config: ResolvedConfig, context: Context): void {
  const { alias } = config.resolve
  if (alias.some(({ find }) => find === REFERENCE)) return
  const resolve = async (name: string, importer?: string): Promise<string> => {
    const { resolveStyleUrl } = await import('../styles/resolve-url.ts')
    return resolveStyleUrl(context, name, importer)
  }
  alias.unshift(
    {
      find: REFERENCE,
      replacement: '',
      // Vite awaits the result, though its types do not allow a promise.
      customResolver: resolve as unknown as NonNullable<Alias['customResolver']>,
    },
    {
      find: REWRITTEN,
      replacement: '',
      customResolver: (rest) => `${config.root}/${DEV_PATH}${rest}`,
    },
  )
}
