import type { JSX } from 'preact'
import type { Failure as Reason } from '../connection/connection.ts'
import { Icon } from '../controls/icon.tsx'
import { useText } from '../store/store.ts'
import { localFailure } from '../text/local-failure.ts'

/** Why something failed, and what to do. Screen readers read it at once. */
export function Failure({ failure }: { failure: Reason | null }): JSX.Element {
  const text = useText()
  const shown = failure === null ? null : localFailure(text, failure)
  return (
    <div role="alert" class="failure-area">
      {shown === null ? null : (
        <div class="failure">
          <Icon name="failed" />
          <div>
            <b>{shown.message}</b>
            {shown.hint === '' ? null : <span>{shown.hint}</span>}
          </div>
        </div>
      )}
    </div>
  )
}
