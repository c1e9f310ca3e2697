import type { JSX } from 'preact'
import type { AssetView } from '../../../protocol.ts'
import { useText } from '../../store/store.ts'
import { PlaceButton } from './place-button.tsx'
import { Section } from './section.tsx'

/** Modules that import the asset, in a dev server. */
export function ImportsSection({ view }: { view: AssetView }): JSX.Element | null {
  const text = useText().asset.imports
  if (view.imports === null) return null
  return (
    <Section title={text.title}>
      {view.imports.length === 0 ? <p class="quiet">{text.none}</p> : null}
      <ul class="imports">
        {view.imports.map((place) => (
          <li key={`${place.file}:${place.line}:${place.column}`}>
            <PlaceButton place={place} />
          </li>
        ))}
      </ul>
    </Section>
  )
}
