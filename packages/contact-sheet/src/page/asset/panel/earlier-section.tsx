import type { JSX } from 'preact'
import type { AssetView, EarlierPicture } from '../../../protocol.ts'
import { Button } from '../../controls/button.tsx'
import { DiffText } from '../../diff/diff-text.tsx'
import { useMoney, useStore, useText } from '../../store/store.ts'
import { formatDate } from '../format.ts'
import { promptOf } from './changes-section.tsx'
import { Section } from './section.tsx'

/** Every picture that the asset has had and that still exists. */
export function EarlierSection({ view }: { view: AssetView }): JSX.Element {
  const text = useText().asset.earlier
  return (
    <Section title={text.title}>
      {view.earlier.length === 0 ? <p class="quiet">{text.none}</p> : null}
      <ul class="earlier">
        {view.earlier.map((picture) => (
          <Earlier key={picture.id} view={view} picture={picture} />
        ))}
      </ul>
    </Section>
  )
}

function Earlier({ view, picture }: { view: AssetView; picture: EarlierPicture }): JSX.Element {
  const { connection, canAct, assetPage, dialog, preferences } = useStore()
  const text = useText().asset.earlier
  const money = useMoney()
  const { id, origin, at, isMaster, usd, model } = picture
  const { name } = view.asset
  const url = connection.urlOf({ kind: 'earlier', asset: name, id })
  const facts = [model, usd === null || usd === 0 ? null : money(usd)].filter(Boolean)
  const compare = (): void => {
    assetPage.earlier.value = id
    assetPage.stage.value = 'compare'
  }
  return (
    <li class={isMaster ? 'earlier-picture current' : 'earlier-picture'}>
      {url === null ? (
        <span class="earlier-thumb" />
      ) : (
        <img class="earlier-thumb" src={url} alt="" loading="lazy" />
      )}
      <div class="earlier-words">
        <p>
          <b>{isMaster ? text.isMaster : text.origins[origin]}</b>
          <time class="quiet" dateTime={at}>
            {formatDate(at, preferences.language.value)}
          </time>
        </p>
        <p class="quiet">{facts.join(' · ')}</p>
        <EarlierPrompt view={view} picture={picture} />
        {isMaster ? null : (
          <p class="earlier-actions">
            <Button look="plain" onClick={compare}>
              {text.compare}
            </Button>
            {canAct.value ? (
              <Button look="plain" onClick={() => (dialog.value = { kind: 'restore', name, id })}>
                {text.restore}
              </Button>
            ) : null}
          </p>
        )}
      </div>
    </li>
  )
}

/** How its prompt differs from the manifest's. */
function EarlierPrompt({
  view,
  picture,
}: {
  view: AssetView
  picture: EarlierPicture
}): JSX.Element {
  const text = useText().asset.earlier
  const now = promptOf(view)
  if (picture.prompt === null) return <p class="quiet">{text.noPrompt}</p>
  if (picture.prompt === now) return <p class="quiet">{text.samePrompt}</p>
  return <DiffText from={now} to={picture.prompt} />
}
