import type { Environment } from 'vite'

type UrlContext = {
  environment: Environment
  /** Path of the page below the root, `/about/index.html`. */
  page: string
  /** URL of the site, `https://example.com`. */
  siteUrl: string
}

/**
 * Returns the URL with host of a file of the build. Respects the `base` and `renderBuiltUrl` of
 * Vite's config.
 *
 * @param file path below the build's folder, with `/`
 */
export function absoluteUrl(file: string, { environment, page, siteUrl }: UrlContext): string {
  const { base, experimental } = environment.getTopLevelConfig()
  const rendered = experimental.renderBuiltUrl?.(file, {
    hostId: page.slice(1),
    hostType: 'html',
    type: 'asset',
    ssr: false,
  })
  const site = siteUrl.endsWith('/') ? siteUrl : `${siteUrl}/`
  const path = file.split('/').map(encodeURIComponent).join('/')
  if (typeof rendered === 'string') return new URL(rendered, site).href
  const isRelative =
    base === '' || base === './' || (typeof rendered === 'object' && rendered.relative === true)
  return new URL(isRelative ? path : `${base}${path}`, site).href
}
