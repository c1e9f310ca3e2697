import type { ProviderId } from '@limn/core'

/** Options of `limn()`. All of them can be left out. */
export type LimnOptions = {
  /** Path of the manifest, relative to Vite's root. Default `images.yaml`. */
  manifest?: string
  /** Who draws, whatever the manifest says. */
  provider?: ProviderId
  /** Where types of the picture modules are written, relative to the folder of the Vite config; `false` for nowhere. Default `limn.d.ts`. */
  dts?: string | false
  dev?: {
    /**
     * What is made while the dev server runs: `never` nothing, `draft` only what is free (the
     * default; what costs money shows a draft), `final` everything, up to `maxCost`. Under `CI`
     * and in Vitest the default is `never`: a test run writes no pictures.
     */
    generate?: 'never' | 'draft' | 'final'
    /** Money for one run of the dev server, USD. Default 0: without it, `final` is `draft`. */
    maxCost?: number
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
  dev: { generate: 'never' | 'draft' | 'final'; maxCost: number }
  build: { stale: 'error' | 'free' | 'generate' | 'warn' }
}

/** Fills the defaults. */
export function resolveOptions({ manifest, provider, dts, dev, build }: LimnOptions, { isCI, isTest }: { isCI: boolean; isTest: boolean }): ResolvedOptions {
  return {
    manifest: manifest ?? 'images.yaml',
    provider,
    dts: dts ?? 'limn.d.ts',
    dev: { generate: dev?.generate ?? (isCI || isTest ? 'never' : 'draft'), maxCost: dev?.maxCost ?? 0 },
    build: { stale: build?.stale ?? (isCI ? 'error' : 'free') },
  }
}
