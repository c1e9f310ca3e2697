import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { AssetView } from '../../protocol.ts'
import { describeFailure, type Failure } from '../connection/connection.ts'
import { bareView } from './bare-view.ts'
import { useStore } from './store.ts'

/** The view of an asset as it is now. Both are `null` while it is read for the first time. */
export type ViewState = {
  view: AssetView | null
  /** Whether the view has only what the sheet knows: a report leaves out most views. */
  isBare: boolean
  failure: Failure | null
}

/** Reads the view of an asset, and again whenever the asset changes or the page has acted. */
export function useAssetView(name: string): ViewState {
  const { connection, assetByName, acted, assetPage } = useStore()
  const asset = assetByName.value.get(name)
  const count = acted.value
  const { lastRead } = assetPage
  // A dialog on an asset that is shown starts with what is shown.
  const isKnown = lastRead.current?.asset === asset && lastRead.current?.count === count
  const state = useSignal<ViewState & { name: string }>({
    name,
    view: isKnown && lastRead.current?.view.asset.name === name ? lastRead.current.view : null,
    isBare: false,
    failure: null,
  })
  useEffect(() => {
    let isCurrent = true
    connection.call('asset', { name }).then(
      (view) => {
        if (!isCurrent) return
        lastRead.current = { asset, count, view }
        state.value = { name, view, isBare: false, failure: null }
      },
      (error: unknown) => {
        if (!isCurrent) return
        const view = connection.host === 'report' && asset !== undefined ? bareView(asset) : null
        const failure = view === null ? describeFailure(error) : null
        state.value = { name, view, isBare: view !== null, failure }
      },
    )
    return () => {
      isCurrent = false
    }
  }, [name, asset, count])
  return state.value.name === name ? state.value : { view: null, isBare: false, failure: null }
}
