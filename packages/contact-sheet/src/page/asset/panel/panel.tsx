import type { JSX } from 'preact'
import type { AssetView } from '../../../protocol.ts'
import { useText } from '../../store/store.ts'
import { ChangesSection } from './changes-section.tsx'
import { EarlierSection } from './earlier-section.tsx'
import { Fact } from './fact.tsx'
import { FaultsSection } from './faults-section.tsx'
import { ImportsSection } from './imports-section.tsx'
import { MadeSection } from './made-section.tsx'
import { PromptSection } from './prompt-section.tsx'
import { Section } from './section.tsx'
import { VerdictsSection } from './verdicts-section.tsx'

/** What is known of the asset, beside its picture. */
export function Panel({ view, isBare }: { view: AssetView; isBare: boolean }): JSX.Element {
  if (isBare) return <BarePanel view={view} />
  return (
    <aside class="asset-panel" aria-label={view.asset.name}>
      <FaultsSection view={view} />
      <VerdictsSection view={view} />
      <PromptSection view={view} />
      <ChangesSection view={view} />
      <MadeSection view={view} />
      <EarlierSection view={view} />
      <ImportsSection view={view} />
    </aside>
  )
}

/** What a report says of an asset whose view it does not contain. */
function BarePanel({ view }: { view: AssetView }): JSX.Element {
  const text = useText().asset
  const { model, quality, alt } = view.asset
  return (
    <aside class="asset-panel" aria-label={view.asset.name}>
      <Section title={text.made.title}>
        <dl class="asset-facts">
          <Fact name={text.made.model}>{[model, quality].filter(Boolean).join(' · ')}</Fact>
          <Fact name={text.made.alt}>{alt || text.made.noAlt}</Fact>
        </dl>
        <p class="quiet">{text.bare}</p>
      </Section>
    </aside>
  )
}
