import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { type Notice, useStore, useText } from '../store/store.ts'
import { localFailure } from '../text/local-failure.ts'
import { Button } from './button.tsx'

/** How long a result is shown, ms. Failures stay until a person closes them. */
const SHOWN = 6000

function NoticeText({ notice }: { notice: Notice }): JSX.Element {
  const { message, hint } = localFailure(useText(), { hint: '', ...notice })
  return (
    <span>
      {message}
      {hint === '' ? null : <span class="notice-hint">{hint}</span>}
    </span>
  )
}

/** Shows the last result of an action, and has screen readers read it out. */
export function NoticeArea(): JSX.Element {
  const { notice } = useStore()
  const text = useText()
  const shown = notice.value
  useEffect(() => {
    if (shown === null || shown.tone === 'failure') return undefined
    const timer = setTimeout(() => (notice.value = null), SHOWN)
    return () => clearTimeout(timer)
  }, [shown])
  return (
    <div role="status" aria-live={shown?.tone === 'failure' ? 'assertive' : 'polite'}>
      {shown === null ? null : (
        <div class="notice">
          <NoticeText notice={shown} />
          <Button
            look="plain"
            icon="close"
            label={text.close}
            onClick={() => (notice.value = null)}
          />
        </div>
      )}
    </div>
  )
}
