import type { JSX } from 'preact'
import type { AssetView } from '../../../protocol.ts'
import { Icon } from '../../controls/icon.tsx'
import { useText } from '../../store/store.ts'

/** What somebody has changed by hand in the lockfile, or in the file of the picture. */
export function FaultsSection({ view }: { view: AssetView }): JSX.Element | null {
  const text = useText().asset
  if (view.faults.length === 0) return null
  return (
    <div class="failure" role="status">
      <Icon name="failed" />
      <div>
        <b>{text.tampered}</b>
        {view.faults.map(({ message, hint }) => (
          <span key={message}>{`${message} ${hint}`}</span>
        ))}
      </div>
    </div>
  )
}
