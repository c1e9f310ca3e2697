import type { JSX } from 'preact'
import { Button } from '../controls/button.tsx'
import { Placeholder } from '../controls/placeholder.tsx'
import { useStore, useText } from '../store/store.ts'
import { useAssetView } from '../store/use-asset-view.ts'
import { localFailure } from '../text/local-failure.ts'
import { AssetHeader } from './asset-header.tsx'
import { DropTarget } from './drop-target.tsx'
import { Panel } from './panel/panel.tsx'
import { Stage } from './stage/stage.tsx'
import { useAssetKeys } from './use-asset-keys.ts'
import './asset.css'
import './places/places.css'
import '../viewer/viewer.css'
import '../diff/diff.css'

/** The view of one asset, with its own address. */
export function AssetPage({ name }: { name: string }): JSX.Element {
  const store = useStore()
  const text = useText()
  const { view, isBare, failure } = useAssetView(name)
  useAssetKeys()
  if (failure !== null) {
    const shown = localFailure(text, failure)
    const isGone = store.sheet.value !== null && !store.assetByName.value.has(name)
    return (
      <main class="asset" id="main">
        <Placeholder icon="failed" title={isGone ? text.asset.gone(name) : shown.message}>
          <p>{isGone ? text.asset.goneHint : shown.hint}</p>
          <Button onClick={() => store.go({ view: 'grid' })}>{text.asset.back}</Button>
        </Placeholder>
      </main>
    )
  }
  // The name is known before the rest: header and frame are there at once, and stay.
  const asset = store.assetByName.value.get(name) ?? view?.asset ?? null
  return (
    <main class="asset" id="main">
      <AssetHeader name={name} asset={asset} view={view} />
      {view === null ? (
        <p class="asset-loading quiet" role="status">
          {text.asset.loading}
        </p>
      ) : (
        <DropTarget name={name}>
          <Stage key={name} view={view} />
          <Panel view={view} isBare={isBare} />
        </DropTarget>
      )}
    </main>
  )
}
