import { computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals'
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Connection } from '../connection/connection.ts'
import { en, type Text } from '../text/en.ts'
import { zh } from '../text/zh.ts'
import { type AssetPageStore, createAssetPageStore } from './asset-page-store.ts'
import { followAddress } from './follow-address.ts'
import { createGridStore, type GridStore } from './grid-store.ts'
import { createMoneyFormat, type FormatMoney } from './money.ts'
import { createPreferences, type Preferences } from './preferences.ts'
import { formatRoute, parseRoute, type Route } from './route.ts'
import { createSheetStore, type SheetStore } from './sheet-store.ts'

/** A dialog that any part of the page opens. `actions/` shows those that write or spend. */
export type DialogRequest =
  | { kind: 'help' }
  /** `names` is `null` for everything stale. */
  | { kind: 'generate'; names: string[] | null; force: boolean }
  | { kind: 'edit' | 'focus' | 'pick' | 'mask' | 'compare'; name: string }
  /** `file` was dropped already. */
  | { kind: 'adopt'; name: string; file?: File }
  | { kind: 'restore'; name: string; id: string }

/** What the whole page shares. */
export type Store = SheetStore & {
  connection: Connection
  grid: GridStore
  preferences: Preferences
  text: ReadonlySignal<Text>
  /** Formats amounts in the manifest's currency. */
  money: ReadonlySignal<FormatMoney>
  route: Signal<Route>
  dialog: Signal<DialogRequest | null>
  /** The last result of an action: shown for a moment and read out by screen readers. */
  notice: Signal<Notice | null>
  /** How a person looks at an asset. */
  assetPage: AssetPageStore
  /** Counts the actions of this page, so that what they changed is read again. */
  acted: Signal<number>
  /** Whether the page can write and spend now. */
  canAct: ReadonlySignal<boolean>
  /** Shows a route, and adds it to the browser's history. */
  go(route: Route): void
}

/** A message at the bottom of the page. */
export type Notice = { tone: 'plain' | 'failure'; message: string; hint?: string; code?: string }

/** Creates the store of the page, and keeps the route and the address the same. */
export function createStore(connection: Connection): Store {
  const sheetStore = createSheetStore(connection)
  const preferences = createPreferences()
  const route = signal(parseRoute(location.hash))
  const dialog = signal<DialogRequest | null>(null)
  effect(() => {
    document.title = titleOf(route.value, sheetStore.sheet.value?.project)
  })
  const grid = createGridStore(sheetStore)
  followAddress({ route, filters: grid.filters }, () => (dialog.value = null))
  const text = computed(() => (preferences.language.value === 'zh' ? zh : en))
  return {
    ...sheetStore,
    connection,
    grid,
    preferences,
    text,
    money: computed(() =>
      createMoneyFormat(sheetStore.sheet.value?.currency ?? null, {
        language: preferences.language.value,
        unknown: text.value.unknownPrice,
      }),
    ),
    route,
    dialog,
    notice: signal<Notice | null>(null),
    acted: signal(0),
    assetPage: createAssetPageStore(),
    canAct: computed(
      () => (sheetStore.sheet.value?.canAct ?? false) && connection.status.value === 'open',
    ),
    go(next) {
      location.hash = formatRoute(next)
    },
  }
}

function titleOf(route: Route, project = ''): string {
  return [route.view === 'asset' ? route.name : '', project, 'Limn'].filter(Boolean).join(' · ')
}

export const StoreContext = createContext<Store | null>(null)

/** Returns the store of the page. */
export function useStore(): Store {
  const store = useContext(StoreContext)
  if (store === null) throw new Error('The page has no store.')
  return store
}

/** Returns the texts of the page in its language. */
export function useText(): Text {
  return useStore().text.value
}

/** Returns the format of amounts. */
export function useMoney(): FormatMoney {
  return useStore().money.value
}
