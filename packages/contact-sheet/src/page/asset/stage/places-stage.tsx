import type { JSX } from 'preact'
import type { AssetView } from '../../../protocol.ts'
import { useStore, useText } from '../../store/store.ts'
import { groupByPreset, type Place, placesOf } from '../contexts.ts'
import { PlaceDrawing } from '../places/place-frame.tsx'
import { SafeAreaSwitch } from './outputs-stage.tsx'

/** Outputs in the places where people will see them. */
export function PlacesStage({ view }: { view: AssetView }): JSX.Element {
  const { assetPage } = useStore()
  const text = useText().asset
  const groups = groupByPreset(view.outputs)
  if (groups.length === 0) return <p class="quiet stage-empty">{text.outputs.none}</p>
  const chosen = groups.some(({ preset }) => preset === assetPage.preset.value)
    ? assetPage.preset.value
    : ''
  const shown = groups.filter(({ preset }) => chosen === '' || preset === chosen)
  return (
    <>
      <div class="stage-tools">
        <select
          class="field"
          aria-label={text.places.preset}
          value={chosen}
          onChange={(event) => (assetPage.preset.value = event.currentTarget.value)}
        >
          <option value="">{text.places.all}</option>
          {groups.map(({ preset }) => (
            <option key={preset} value={preset}>
              {preset}
            </option>
          ))}
        </select>
        <SurfaceSwitch />
        <SafeAreaSwitch view={view} />
      </div>
      <div class="places" data-surface={assetPage.surface.value}>
        {shown.flatMap(({ preset, best }) =>
          placesOf(best).map((place) => (
            <figure key={`${preset} ${place.platform}`} class={`place place-of-${place.context}`}>
              <PlaceDrawing
                view={view}
                output={best}
                place={place}
                showsSafeArea={assetPage.showsSafeAreas.value}
              />
              <PlaceCaption place={place} preset={preset} />
            </figure>
          )),
        )}
      </div>
    </>
  )
}

/** Light or dark surroundings, whatever the page has. */
function SurfaceSwitch(): JSX.Element {
  const { surface } = useStore().assetPage
  const text = useText().asset.places
  return (
    <div class="segments" role="group" aria-label={text.surface}>
      {(['light', 'dark'] as const).map((name) => (
        <button
          key={name}
          type="button"
          class="segment"
          aria-pressed={surface.value === name}
          onClick={() => (surface.value = name)}
        >
          {text[name]}
        </button>
      ))}
    </div>
  )
}

function PlaceCaption({ place, preset }: { place: Place; preset: string }): JSX.Element {
  const text = useText().asset.places
  const platform = place.platform === null ? null : text.platforms[place.platform]
  return (
    <figcaption>
      <b>{text.of(text.contexts[place.context], platform)}</b>
      <span class="quiet">{preset}</span>
    </figcaption>
  )
}
