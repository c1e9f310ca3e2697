import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import type { AssetView, EarlierPicture } from '../../../protocol.ts'
import { urlsOfAsset } from '../../store/picture-url.ts'
import { useStore, useText } from '../../store/store.ts'
import { BeforeAfter } from '../../viewer/before-after.tsx'
import { ZoomBar } from '../../viewer/zoom-bar.tsx'
import { ZoomPane } from '../../viewer/zoom-pane.tsx'
import { fitted, type Zoom } from '../../viewer/zoom.ts'
import { formatDate } from '../format.ts'

/** The picture now and an earlier one, over or beside each other. */
export function CompareStage({ view }: { view: AssetView }): JSX.Element {
  const { connection, assetPage } = useStore()
  const text = useText().asset.compare
  const choices = view.earlier.filter(({ isMaster, id }) => {
    // A report contains few earlier pictures.
    return !isMaster && connection.urlOf({ kind: 'earlier', asset: view.asset.name, id }) !== null
  })
  const chosen = choices.find(({ id }) => id === assetPage.earlier.value) ?? choices[0]
  if (chosen === undefined) return <p class="quiet stage-empty">{text.none}</p>
  const { asset } = view
  const now = urlsOfAsset(connection, asset)
  const pictures = {
    before: connection.urlOf({ kind: 'earlier', asset: asset.name, id: chosen.id }),
    now: now.best ?? now.small,
  }
  return (
    <>
      <div class="stage-tools">
        <ChoiceField choices={choices} chosen={chosen} />
        <ModeSwitch />
      </div>
      {assetPage.comparesBy.value === 'slide' ? (
        <div class="slide-frame" style={{ '--ratio': String(asset.width / asset.height) }}>
          <BeforeAfter
            key={chosen.id}
            before={{ src: pictures.before ?? '', alt: text.before }}
            after={{ src: pictures.now ?? '', alt: text.now }}
            width={asset.width}
            height={asset.height}
            label={text.slider}
          />
          <span class="slide-label">{text.before}</span>
          <span class="slide-label end">{text.now}</span>
        </div>
      ) : (
        <SideBySide view={view} chosen={chosen} pictures={pictures} />
      )}
    </>
  )
}

function ChoiceField({
  choices,
  chosen,
}: {
  choices: readonly EarlierPicture[]
  chosen: EarlierPicture
}): JSX.Element {
  const { assetPage, preferences } = useStore()
  const text = useText().asset
  return (
    <select
      class="field"
      aria-label={text.compare.with}
      value={chosen.id}
      onChange={(event) => (assetPage.earlier.value = event.currentTarget.value)}
    >
      {choices.map(({ id, origin, at }) => (
        <option key={id} value={id}>
          {text.earlier.label(
            text.earlier.origins[origin],
            formatDate(at, preferences.language.value),
          )}
        </option>
      ))}
    </select>
  )
}

function ModeSwitch(): JSX.Element {
  const { comparesBy } = useStore().assetPage
  const text = useText().asset.compare
  return (
    <div class="segments" role="group" aria-label={text.mode}>
      {(['slide', 'side'] as const).map((name) => (
        <button
          key={name}
          type="button"
          class="segment"
          aria-pressed={comparesBy.value === name}
          onClick={() => (comparesBy.value = name)}
        >
          {text[name]}
        </button>
      ))}
    </div>
  )
}

type SideProps = {
  view: AssetView
  chosen: EarlierPicture
  pictures: { before: string | null; now: string | null }
}

function SideBySide({ view, chosen, pictures }: SideProps): JSX.Element {
  const text = useText().asset.compare
  const zoom = useSignal<Zoom>(fitted)
  const { width, height } = view.asset
  const size = { width: chosen.width ?? width, height: chosen.height ?? height }
  return (
    <>
      <div class="side-by-side">
        <figure>
          <ZoomPane src={pictures.before} alt="" label={text.before} zoom={zoom} size={size} />
          <figcaption>{text.before}</figcaption>
        </figure>
        <figure>
          <ZoomPane
            src={pictures.now}
            alt=""
            label={text.now}
            zoom={zoom}
            size={{ width, height }}
          />
          <figcaption>{text.now}</figcaption>
        </figure>
      </div>
      <div class="stage-foot">
        <span class="spring" />
        <ZoomBar zoom={zoom} />
      </div>
    </>
  )
}
