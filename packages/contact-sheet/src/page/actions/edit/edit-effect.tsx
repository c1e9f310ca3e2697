import type { JSX } from 'preact'
import type { EditPreview } from '../../../protocol.ts'
import { LineDiff } from '../../diff/line-diff.tsx'
import { useMoney, useText } from '../../store/store.ts'
import { localMistake } from '../../text/local-failure.ts'
import { Failure } from '../failure.tsx'
import type { PreviewState } from './use-preview.ts'

/** Shows what an edit changes in the manifest, what a run does afterwards, and what that costs. */
export function EditEffect({ state }: { state: PreviewState }): JSX.Element {
  const text = useText().actions.editing
  const { preview, isCurrent, failure } = state
  return (
    <section class="edit-effect" aria-label={text.effect} aria-busy={!isCurrent}>
      <h3>{text.effect}</h3>
      <div aria-live="polite">
        {preview === null && failure === null ? (
          <p class="quiet">{isCurrent ? text.noChange : text.checking}</p>
        ) : null}
        {preview === null ? null : <PreviewText preview={preview} />}
      </div>
      {preview === null || preview.diff === '' ? null : (
        <>
          <h4>{text.manifest}</h4>
          <LineDiff diff={preview.diff} label={text.manifest} />
        </>
      )}
      <Failure failure={failure} />
    </section>
  )
}

function PreviewText({ preview }: { preview: EditPreview }): JSX.Element {
  const whole = useText()
  const text = whole.actions
  const money = useMoney()
  if (preview.mistakes.length > 0) {
    return (
      <div class="failure">
        <div>
          <b>{text.editing.mistakes}</b>
          {preview.mistakes.map((mistake) => (
            <span key={mistake.text}>{localMistake(whole, mistake)}</span>
          ))}
        </div>
      </div>
    )
  }
  const costs = preview.steps.some(({ usd }) => usd !== 0)
  return (
    <>
      {preview.steps.length === 0 ? (
        <p>{text.editing.noSteps}</p>
      ) : (
        <p class="price-line">
          <strong>{costs ? money(preview.usd) : text.price.free}</strong>
          <span>{text.editing.steps}</span>
        </p>
      )}
      <ul class="steps">
        {preview.steps.map(({ asset, kind, usd, ...step }) => (
          <li key={`${asset} ${kind}`}>
            <b>{asset}</b>
            <span>{text.editing.step[kind] ?? kind}</span>
            <span class="step-price">{usd === 0 ? text.price.free : money(usd)}</span>
            {whole.why(step) === '' ? null : <span class="quiet step-why">{whole.why(step)}</span>}
          </li>
        ))}
      </ul>
      {preview.others.length === 0 ? null : (
        <p class="also">{text.editing.others(preview.others.join(', '))}</p>
      )}
      {preview.derived > 0 ? <p class="quiet">{text.editing.derived(preview.derived)}</p> : null}
    </>
  )
}
