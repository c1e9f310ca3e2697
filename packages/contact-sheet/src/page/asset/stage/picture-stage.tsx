import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import type { AssetView } from '../../../protocol.ts'
import { urlsOfAsset } from '../../store/picture-url.ts'
import { useStore, useText } from '../../store/store.ts'
import { ZoomBar } from '../../viewer/zoom-bar.tsx'
import { ZoomPane } from '../../viewer/zoom-pane.tsx'
import { fitted, type Zoom } from '../../viewer/zoom.ts'

/** The master, or while it is generated, what is there of it. */
export function PictureStage({ view }: { view: AssetView }): JSX.Element {
  const { connection, runAssetByName } = useStore()
  const text = useText().asset.picture
  const zoom = useSignal<Zoom>(fitted)
  const { asset } = view
  const { best, small } = urlsOfAsset(connection, asset)
  const version = runAssetByName.value.get(asset.name)?.partial ?? null
  const partial =
    version === null ? null : connection.urlOf({ kind: 'partial', asset: asset.name, version })
  return (
    <figure class="picture-stage">
      <ZoomPane
        src={partial ?? best}
        fallback={small}
        alt={asset.alt}
        label={text.label(asset.name)}
        zoom={zoom}
        size={{ width: asset.width, height: asset.height }}
      />
      <figcaption class="stage-foot">
        <span>{partial === null ? text.size(asset.width, asset.height) : text.partial}</span>
        {asset.isDraft && partial === null ? <span class="quiet">{text.draft}</span> : null}
        <span class="spring" />
        <ZoomBar zoom={zoom} />
      </figcaption>
    </figure>
  )
}
