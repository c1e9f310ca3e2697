import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { useStore, useText } from '../store/store.ts'
import { Button } from './button.tsx'

/** How long a result is shown, ms. Failures stay until a person closes them. */
const SHOWN = 6000

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
          <span>
            {shown.message}
            {shown.hint ? <span class="notice-hint">{shown.hint}</span> : null}
          </span>
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
