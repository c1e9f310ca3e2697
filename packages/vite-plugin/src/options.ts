import type { ProviderId } from '@limn/core'
import { LimnError } from '@limn/core/for-vite/start'

/** Options of `limn()`. All of them can be left out. */
export type LimnOptions = {
  /** Path of the manifest, relative to Vite's root. Default `images.yaml`. */
  manifest?: string
  /** Who draws, whatever the manifest says. */
  provider?: ProviderId
  /**
   * Where types of the picture modules are written, relative to the folder of the Vite config;
   * `false` for nowhere. Default `limn.d.ts`.
   */
  dts?: string | false
  /**
   * Where the site will be, `https://example.com`: pages name it in URLs that other sites fetch
   * (`og:image`, `twitter:image`). No default.
   */
  siteUrl?: string
  dev?: {
    /**
     * What is made while the dev server runs: `never` nothing, `draft` only what is free (the
     * default; what costs money shows a draft), `final` everything, up to `maxCost`. Under `CI` and
     * in Vitest the default is `never`: a test run writes no pictures.
     */
    generate?: 'never' | 'draft' | 'final'
    /**
     * Money for one run of the dev server, USD, however often it restarts itself, and for all
     * servers of one process. Default 0: without it, `final` is `draft`.
     */
    maxCost?: number
    /**
     * Unfinished pictures that the page shows while a model draws, of those that stream. Each adds
     * some tokens to the picture's price. Default 2.
     */
    partials?: 0 | 1 | 2 | 3
  }
  build?: {
    /**
     * What a build does where pictures are stale or missing: `error` fails and names them (the
     * default under `CI`), `free` makes what costs nothing and fails for the rest (the default
     * elsewhere), `generate` makes everything, `warn` builds with what is there.
     */
    stale?: 'error' | 'free' | 'generate' | 'warn'
  }
}

export type ResolvedOptions = {
  manifest: string
  provider: ProviderId | undefined
  dts: string | false
  siteUrl: string | undefined
  dev: { generate: 'never' | 'draft' | 'final'; maxCost: number; partials: number }
  build: { stale: 'error' | 'free' | 'generate' | 'warn' }
}

/** Fills the defaults. @throws LimnError `usage` */
export function resolveOptions(
  { manifest, provider, dts, siteUrl, dev, build }: LimnOptions,
  { isCI, isTest }: { isCI: boolean; isTest: boolean },
): ResolvedOptions {
  return {
    manifest: manifest ?? 'images.yaml',
    provider,
    dts: dts ?? 'limn.d.ts',
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
    `siteUrl of limn() is ${JSON.stringify(text)}, which is no URL of a site.`,
    { hint: "Write it with its protocol: 'https://example.com'." },
  )
}
