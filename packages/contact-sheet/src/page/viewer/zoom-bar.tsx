import type { Signal } from '@preact/signals'
import type { JSX } from 'preact'
import { Button } from '../controls/button.tsx'
import { useText } from '../store/store.ts'
import { fitted, type Zoom, zoomBy } from './zoom.ts'

const middle = { x: 0, y: 0 }
const unit = { width: 1, height: 1 }

/** Buttons that zoom, for those who have neither wheel nor keys at hand. */
export function ZoomBar({ zoom }: { zoom: Signal<Zoom> }): JSX.Element {
  const text = useText().asset.picture
  const zoomTo = (factor: number) => () => (zoom.value = zoomBy(zoom.value, factor, middle, unit))
  return (
    <div class="zoom-bar" role="group" aria-label={text.zoom}>
      <Button
        look="plain"
        icon="minus"
        label={text.zoomOut}
        onClick={zoomTo(1 / 1.5)}
        disabled={zoom.value.scale === 1}
      />
      <output class="zoom-scale">
        {zoom.value.scale === 1 ? text.fit : `${zoom.value.scale.toFixed(1)}×`}
      </output>
      <Button look="plain" icon="plus" label={text.zoomIn} onClick={zoomTo(1.5)} />
      <Button
        look="plain"
        icon="fit"
        label={text.fit}
        onClick={() => (zoom.value = fitted)}
        disabled={zoom.value.scale === 1}
      />
    </div>
  )
}
