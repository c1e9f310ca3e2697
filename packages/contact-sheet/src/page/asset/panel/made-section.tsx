import type { JSX } from 'preact'
import type { AssetView } from '../../../protocol.ts'
import { useMoney, useStore, useText } from '../../store/store.ts'
import { formatDate, formatSeconds } from '../format.ts'
import { Fact } from './fact.tsx'
import { PlaceButton } from './place-button.tsx'
import { Section } from './section.tsx'

/** How the master was made: by whom, when, for how much, and what it says of itself. */
export function MadeSection({ view }: { view: AssetView }): JSX.Element {
  const text = useText().asset.made
  const { asset, made } = view
  return (
    <Section title={text.title}>
      <dl class="asset-facts">
        <Fact name={text.model}>{[asset.model, asset.quality].filter(Boolean).join(' · ')}</Fact>
        {made === null ? null : <MadeFacts view={view} made={made} />}
        <Fact name={text.alt}>
          {asset.alt === '' ? <span class="quiet">{text.noAlt}</span> : asset.alt}
        </Fact>
        <Fact name={text.place}>
          <PlaceButton place={view.place} canOpen={view.imports !== null} />
        </Fact>
      </dl>
      {made === null ? <p class="quiet">{text.none}</p> : null}
    </Section>
  )
}

function MadeFacts({
  view,
  made,
}: {
  view: AssetView
  made: NonNullable<AssetView['made']>
}): JSX.Element {
  const language = useStore().preferences.language.value
  const text = useText().asset.made
  const { credentials, isMarked } = view
  return (
    <>
      <Fact name={text.provider}>{made.provider}</Fact>
      <Fact name={text.at}>
        <time dateTime={made.at}>{formatDate(made.at, language)}</time>
      </Fact>
      <Fact name={text.cost}>
        <Cost made={made} />
      </Fact>
      <Tokens tokens={made.tokens} />
      {made.ms === null ? null : (
        <Fact name={text.time}>{text.seconds(formatSeconds(made.ms, language))}</Fact>
      )}
      {made.requestId === null ? null : (
        <Fact name={text.request}>
          <code>{made.requestId}</code>
        </Fact>
      )}
      {made.batch === null ? null : (
        <Fact name={text.batch}>
          <code>{made.batch}</code>
        </Fact>
      )}
      <Fact name={text.mark}>{isMarked ? text.marked : text.notMarked}</Fact>
      <Fact name={text.credentials}>
        {credentials === null ? (
          <span class="quiet">{text.noCredentials}</span>
        ) : (
          <>
            {text.credentialsOf(credentials.generator, credentials.issuer)}
            {credentials.at === null ? null : (
              <span class="quiet">{` ${formatDate(credentials.at, language)}`}</span>
            )}
          </>
        )}
      </Fact>
    </>
  )
}

function Cost({ made }: { made: NonNullable<AssetView['made']> }): JSX.Element {
  const text = useText().asset.made
  const money = useMoney()
  if (made.usd === null) return <>{text.unknown}</>
  if (made.usd === 0) return <>{text.free}</>
  return (
    <>
      {money(made.usd)}
      {made.isEstimate ? <span class="quiet">{` ${text.estimate}`}</span> : null}
    </>
  )
}

function Tokens({ tokens }: { tokens: Record<string, number> }): JSX.Element | null {
  const language = useStore().preferences.language.value
  const text = useText().asset.made
  const kinds = Object.entries(tokens)
  if (kinds.length === 0) return null
  const list = kinds.map(([kind, count]) => text.tokensOf(kind, count.toLocaleString(language)))
  return <Fact name={text.tokens}>{list.join(', ')}</Fact>
}
