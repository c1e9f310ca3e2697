import type { JSX } from 'preact'
import { Icon } from '../controls/icon.tsx'
import { useStore, useText } from '../store/store.ts'
import { localMistake } from '../text/local-failure.ts'

/** What keeps the page from being up to date: a lost connection, mistakes in the manifest. */
export function Banners(): JSX.Element {
  const { connection, sheet } = useStore()
  const text = useText()
  const mistakes = sheet.value?.mistakes ?? []
  return (
    <div role="status">
      {connection.status.value === 'closed' ? (
        <div class="banner">
          <Icon name="offline" />
          <p>
            <strong>{text.disconnected.title}</strong> {text.disconnected[connection.host]}
          </p>
        </div>
      ) : null}
      {mistakes.length === 0 ? null : (
        <details class="banner mistakes" open={mistakes.length < 3}>
          <summary>
            <Icon name="failed" />
            {text.mistakes(mistakes.length)}
          </summary>
          <ul>
            {mistakes.map((mistake) => (
              <li key={mistake.text}>{localMistake(text, mistake)}</li>
            ))}
          </ul>
        </details>
      )}
    </div>
  )
}
