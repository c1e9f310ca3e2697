import type { Plugin } from 'vite'
import type { ContextHandle } from '../context.ts'
import type { BuildHook } from '../html/build-page.ts'
import { manifestsOf } from '../html/dev-web-manifests.ts'

/**
 * `limn:` in pages. Vite leaves such URLs as they are, so pages get their pictures after Vite has
 * read them: in dev before they are sent, in a build before they are written. What reads pages is
 * loaded for the first that names a picture.
 */
export function htmlPlugin(handle: ContextHandle): Plugin {
  return {
    name: 'limn:html',
    sharedDuringBuild: true,
    configureServer({ config, middlewares }) {
      const manifests = manifestsOf(handle.get(config))
      middlewares.use((request, response, next) => {
        const manifest = manifests.get(request.url?.replace(/\?.*$/, '') ?? '')
        if (manifest === undefined) return next()
        response.setHeader('Content-Type', 'application/manifest+json')
        response.end(manifest)
      })
    },
    async transformIndexHtml(html, page) {
      if (!html.includes('limn')) return undefined
      const { server } = page
      if (server !== undefined) {
        return (await import('../html/dev-page.ts')).transformDevPage(
          handle.get(server.config),
          html,
          page,
        )
      }
      const { transformBuildPage } = await import('../html/build-page.ts')
      // In a build Vite calls this with the context of its own hook.
      const hook = this as unknown as BuildHook
      return transformBuildPage(handle.get(hook.environment.getTopLevelConfig()), hook, html, page)
    },
  }
}
