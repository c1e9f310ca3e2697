import type { JSX } from 'preact'
import type { AssetStatus } from '../store/asset-status.ts'
import { useText } from '../store/store.ts'
import { Icon } from './icon.tsx'

/** Shows the status of an asset as an icon and a word. */
export function Status({ status }: { status: AssetStatus }): JSX.Element {
  return (
    <span class={`status status-${status}`}>
      <Icon name={status} />
      {useText().states[status]}
    </span>
  )
}
