import type { Environment } from 'vite'

type Where = {
  environment: Environment
  /** The page's path below the root, `/about/index.html`. */
  page: string
  /** Where the site will be, `https://example.com`. */
  siteUrl: string
}

/** The URL with host of a file of the build, by the base and the `renderBuiltUrl` of Vite's config. */
export function absoluteUrl(file: string, { environment, page, siteUrl }: Where): string {
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
