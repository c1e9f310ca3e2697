import type { JSX } from 'preact'
import type { AssetView } from '../../../protocol.ts'
import { Icon } from '../../controls/icon.tsx'
import { useText } from '../../store/store.ts'
import { Section } from './section.tsx'

/** Whether the picture is what the manifest expects, and why. */
export function VerdictsSection({ view }: { view: AssetView }): JSX.Element | null {
  const text = useText().asset.verdicts
  if (view.verdicts.length === 0) return null
  return (
    <Section title={text.title}>
      <ul class="verdicts">
        {view.verdicts.map(({ test, of, passed, reason }) => (
          <li key={`${test} ${of}`} class={passed ? 'verdict' : 'verdict is-failed'}>
            <Icon name={passed ? 'fresh' : 'failed'} />
            <div>
              <b>{of === '' ? test : `${test}: ${of}`}</b>
              <span class="quiet">{` ${passed ? text.passed : text.failed}`}</span>
              <p class="quiet">{reason}</p>
            </div>
          </li>
        ))}
      </ul>
    </Section>
  )
}
