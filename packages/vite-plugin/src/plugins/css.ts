import type { Alias, Plugin, ResolvedConfig } from 'vite'
import type { Context, ContextHandle } from '../context.ts'
import { DEV_PATH } from '../references/module-id.ts'

/**
 * `~limn/hero@card.webp` or `limn:hero@card.webp`. Tools that move styles about put a relative path
 * in front.
 */
const REFERENCE = /^(?:(?:\.{0,2}\/)?(?:[^?#:]*\/)?~limn\/|limn:)/
/**
 * What the dev server made of it, seen from another folder: Sass and Less bring the URLs of
 * partials home.
 */
const MOVED = /^(?:\.\.?\/)*(?:[^?#:]*\/)?@limn\/(?=[^?#]+\?v=)/
/** Every language that Vite makes styles of. */
const STYLES = /\.(?:css|less|sass|scss|styl|stylus|pcss|postcss|sss)(?:$|\?)/

/**
 * `url("~limn/hero@card.webp")` in styles. Vite asks no plugin for the URLs of styles, only its
 * aliases; so there is one, put there when Vite has made its own resolvers, which are faster
 * without.
 *
 * The alias has a `customResolver`, which Vite 8 has marked to go, though it warns only where a
 * config brings one. Nothing else does: Vite resolves a style's URLs with aliases and its own
 * resolver alone, so a virtual id meets no `resolveId`, and a build reads the file that comes out
 * from the disk, past every `load`. A `transform` behind Vite's own could replace what is left
 * unresolved, but a build warns of each such URL, a user's alias for all of `~` turns it into an
 * error, and tools that call `vite:css` themselves, as UnoCSS does, pass such a hook by.
 */
export function cssPlugin(handle: ContextHandle): Plugin {
  return {
    name: 'limn:css',
    sharedDuringBuild: true,
    configureServer({ config }) {
      addAliases(config, handle.get(config))
    },
    buildStart() {
      const config = this.environment.getTopLevelConfig()
      addAliases(config, handle.get(config))
    },
    transform: {
      filter: { id: STYLES },
      // A build that watches makes styles anew when pictures may have changed: which styles show some is not known here.
      handler(_, id) {
        if (!this.meta.watchMode || this.environment.mode !== 'build' || !STYLES.test(id)) return
        const { paths, followed } = handle.get(this.environment.getTopLevelConfig()).project
        for (const path of [...followed.files, paths.lock]) this.addWatchFile(path)
      },
    },
  }
}

function addAliases(config: ResolvedConfig, context: Context): void {
  const { alias } = config.resolve
  if (alias.some(({ find }) => find === REFERENCE)) return
  // Vite waits for the answer, though its types don't say so.
  const customResolver = (async (name: string, importer?: string) =>
    (await import('../styles/resolve-url.ts')).resolveInStyle(
      context,
      name,
      importer,
    )) as unknown as NonNullable<Alias['customResolver']>
  alias.unshift(
    { find: REFERENCE, replacement: '', customResolver },
    { find: MOVED, replacement: '', customResolver: (rest) => `${config.root}/${DEV_PATH}${rest}` },
  )
}
