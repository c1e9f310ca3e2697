import type { ProviderId } from '@limn/core'
import { LimnError } from '@limn/core/for-vite/start'

/** Options of `limn()`. All are optional. */
export type LimnOptions = {
  /** Path of the manifest, relative to Vite's root. Defaults to `images.yaml`. */
  manifest?: string
  /** Provider to use instead of that of the manifest. */
  provider?: ProviderId
  /**
   * Path of the file for the types of the image modules, relative to the folder of the Vite config;
   * `false` to write none. Defaults to the one that exists of `limn.d.ts` and `src/limn.d.ts`, else
   * to `src/limn.d.ts` if the tsconfig covers only `src`, else to `limn.d.ts`.
   */
  dts?: string | false
  /**
   * URL of the site, `https://example.com`. It becomes part of the URLs that other sites fetch
   * (`og:image`, `twitter:image`). No default.
   */
  siteUrl?: string
  dev?: {
    /**
     * What the dev server generates: `never` nothing, `draft` only free images, so that paid ones
     * show a draft, `final` all images, up to `maxCost`. Defaults to `draft`; under `CI` and in
     * Vitest to `never`, so that tests write no images.
     */
    generate?: 'never' | 'draft' | 'final'
    /**
     * The most that all dev servers of one process may spend together, USD, including restarts.
     * Defaults to 0, which makes `final` behave like `draft`.
     */
    maxCost?: number
    /**
     * Number of partials that the page shows while a model generates an image, if the model
     * streams. Each adds some tokens to the price of the image. Defaults to 2.
     */
    partials?: 0 | 1 | 2 | 3
  }
  build?: {
    /**
     * What a build does if images are stale or missing: `error` fails and lists them, `free`
     * generates free images and fails for the others, `generate` generates all of them, `warn`
     * builds with the existing images. Defaults to `error` under `CI`, else to `free`.
     */
    stale?: 'error' | 'free' | 'generate' | 'warn'
  }
}

/** Options with every default filled in. */
export type ResolvedOptions = {
  manifest: string
  provider: ProviderId | undefined
  /** `undefined` for the file that core finds. */
  dts: string | false | undefined
  siteUrl: string | undefined
  dev: { generate: 'never' | 'draft' | 'final'; maxCost: number; partials: number }
  build: { stale: 'error' | 'free' | 'generate' | 'warn' }
}

/** Fills in the defaults. @throws LimnError `usage` if `siteUrl` is no http(s) URL */
export function resolveOptions(
  { manifest, provider, dts, siteUrl, dev, build }: LimnOptions,
  { isCI, isTest }: { isCI: boolean; isTest: boolean },
): ResolvedOptions {
  return {
    manifest: manifest ?? 'images.yaml',
    provider,
    dts,
    siteUrl: siteUrl === undefined ? undefined : checkSiteUrl(siteUrl),
    dev: {
      generate: dev?.generate ?? (isCI || isTest ? 'never' : 'draft'),
      maxCost: dev?.maxCost ?? 0,
      partials: dev?.partials ?? 2,
    },
    build: { stale: build?.stale ?? (isCI ? 'error' : 'free') },
  }
}

function checkSiteUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return url.href
  throw new LimnError(
    'usage',
    `siteUrl of limn() must be a URL with http or https, but it is ${JSON.stringify(text)}.`,
    { hint: "Write it with its protocol: 'https://example.com'." },
  )
}
