import type { Plugin } from 'vite'
import type { ContextRegistry } from '../context.ts'
import type { BuildHook } from '../html/build-page.ts'

/**
 * Replaces `limn:` references in pages. Vite ignores such URLs, so pages get their images after
 * Vite has processed them: in dev before they are sent, in a build before they are written. The
 * HTML parser is loaded for the first page that contains a reference.
 */
export function htmlPlugin(contexts: ContextRegistry): Plugin {
  return {
    name: 'limn:html',
    sharedDuringBuild: true,
    configureServer({ config, middlewares }) {
      const { webManifestByUrl } = contexts.get(config).dev
      middlewares.use((request, response, next) => {
        const manifest = webManifestByUrl.get(request.url?.replace(/\?.*$/, '') ?? '')
        if (manifest === undefined) return next()
        response.setHeader('Content-Type', 'application/manifest+json')
        response.end(manifest)
      })
    },
    async transformIndexHtml(html, page) {
      if (!html.includes('limn:') && !html.includes('/@limn/')) return undefined
      const { server } = page
      if (server !== undefined) {
        const context = contexts.own(server.config)
        if (context === undefined) return undefined
        const { transformDevPage } = await import('../html/dev-page.ts')
        return transformDevPage(context, html, page)
      }
      const { transformBuildPage } = await import('../html/build-page.ts')
      // In a build Vite calls this with the `this` of its own hook.
      const hook = this as unknown as BuildHook
      const context = contexts.get(hook.environment.getTopLevelConfig())
      return transformBuildPage(hook, context, { html, page })
    },
  }
}
