import type { JSX } from 'preact'
import { Icon } from '../controls/icon.tsx'

/** Why something failed, and what to do. Screen readers read it at once. */
export function Failure({
  failure,
}: {
  failure: { message: string; hint: string } | null
}): JSX.Element {
  return (
    <div role="alert" class="failure-area">
      {failure === null ? null : (
        <div class="failure">
          <Icon name="failed" />
          <div>
            <b>{failure.message}</b>
            {failure.hint === '' ? null : <span>{failure.hint}</span>}
          </div>
        </div>
      )}
    </div>
  )
}
