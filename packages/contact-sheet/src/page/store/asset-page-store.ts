import { type Signal, signal } from '@preact/signals'
import type { AssetView, SheetAsset } from '../../protocol.ts'

type LastRead = { asset: SheetAsset | undefined; count: number; view: AssetView }

/** How a person looks at assets: it stays from one asset to the next. */
export type AssetPageStore = {
  stage: Signal<'picture' | 'outputs' | 'places' | 'compare'>
  /** The preset whose places are shown; empty for all. */
  preset: Signal<string>
  surface: Signal<'light' | 'dark'>
  showsSafeAreas: Signal<boolean>
  /** Id of the earlier picture that is compared with the master; empty for the latest. */
  earlier: Signal<string>
  comparesBy: Signal<'slide' | 'side'>
  /** The view that was read last, of which state of the asset and after how many actions. */
  lastRead: { current: LastRead | null }
}

/** Creates the state of the asset view. Places start on the surface that the page has. */
export function createAssetPageStore(): AssetPageStore {
  const isDark = matchMedia('(prefers-color-scheme: dark)').matches
  return {
    stage: signal('picture'),
    preset: signal(''),
    surface: signal(isDark ? 'dark' : 'light'),
    showsSafeAreas: signal(true),
    earlier: signal(''),
    comparesBy: signal('slide'),
    lastRead: { current: null },
  }
}
