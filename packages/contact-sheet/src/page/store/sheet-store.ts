import { batch, computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals'
import type { RunAsset, RunView, Sheet, SheetAsset } from '../../protocol.ts'
import {
  type Connection,
  describeFailure,
  type Failure,
  type ServerEvent,
} from '../connection/connection.ts'

/** The sheet and the run, as the server last reported them. */
export type SheetStore = {
  /** `null` until it is read. */
  sheet: Signal<Sheet | null>
  /** Why the sheet could not be read; `null` if it could. */
  failure: Signal<Failure | null>
  run: Signal<RunView | null>
  assetByName: ReadonlySignal<ReadonlyMap<string, SheetAsset>>
  runAssetByName: ReadonlySignal<ReadonlyMap<string, RunAsset>>
  /** Reads the whole sheet again. */
  reload(): Promise<void>
}

/** Creates the store of a connection. It listens to the server's events from then on. */
export function createSheetStore(connection: Connection): SheetStore {
  const sheet = signal<Sheet | null>(null)
  const failure = signal<Failure | null>(null)
  const run = signal<RunView | null>(null)
  connection.listen((event) => {
    if (event.type === 'run') run.value = event.run
    else if (sheet.value !== null) sheet.value = applyChange(sheet.value, event)
  })
  async function reload(): Promise<void> {
    try {
      const read = await connection.call('sheet', {})
      // Another version of Limn serves another page.
      if (sheet.value !== null && sheet.value.version !== read.version) location.reload()
      batch(() => {
        sheet.value = read
        failure.value = null
      })
    } catch (error) {
      failure.value = describeFailure(error)
    }
  }
  reloadWhenReconnected(connection, () => {
    // The server sends the run to a page that connects, if there is one.
    run.value = null
    void reload()
  })
  return {
    sheet,
    failure,
    run,
    assetByName: computed(() => byName(sheet.value?.assets ?? [])),
    runAssetByName: computed(() => byName(run.value?.assets ?? [])),
    reload,
  }
}

/** Reads everything again after the connection was lost: events were missed. */
function reloadWhenReconnected({ status }: Connection, reload: () => void): void {
  let wasClosed = false
  effect(() => {
    if (status.value === 'open' && wasClosed) reload()
    wasClosed = status.value === 'closed' || status.value === 'unreachable'
  })
}

function byName<T extends { name: string }>(items: readonly T[]): Map<string, T> {
  return new Map(items.map((item) => [item.name, item]))
}

/** Returns a sheet with the changes of an event, sorted by name as before. */
export function applyChange(
  sheet: Sheet,
  { sheet: rest, assets, gone }: Extract<ServerEvent, { type: 'changed' }>,
): Sheet {
  const assetByName = byName(sheet.assets)
  const isNew = assets.some(({ name }) => !assetByName.has(name))
  for (const name of gone) assetByName.delete(name)
  for (const asset of assets) assetByName.set(asset.name, asset)
  const all = [...assetByName.values()]
  if (isNew) all.sort((a, b) => (a.name < b.name ? -1 : 1))
  return { ...rest, assets: all }
}
