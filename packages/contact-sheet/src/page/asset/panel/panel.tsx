import type { JSX } from 'preact'
import type { AssetView } from '../../../protocol.ts'
import { ChangesSection } from './changes-section.tsx'
import { EarlierSection } from './earlier-section.tsx'
import { ImportsSection } from './imports-section.tsx'
import { MadeSection } from './made-section.tsx'
import { PromptSection } from './prompt-section.tsx'

/** What is known of the asset, beside its picture. */
export function Panel({ view }: { view: AssetView }): JSX.Element {
  return (
    <aside class="asset-panel" aria-label={view.asset.name}>
      <PromptSection view={view} />
      <ChangesSection view={view} />
      <MadeSection view={view} />
      <EarlierSection view={view} />
      <ImportsSection view={view} />
    </aside>
  )
}
