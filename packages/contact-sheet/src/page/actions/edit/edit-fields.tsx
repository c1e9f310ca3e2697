import type { ComponentChildren, JSX } from 'preact'
import { useId } from 'preact/hooks'
import type { AssetView } from '../../../protocol.ts'
import { useMoney, useText } from '../../store/store.ts'
import type { Draft } from './draft.ts'

type FieldsProps = { view: AssetView; draft: Draft; onChange: (change: Partial<Draft>) => void }

/** A field with its name, and a hint below it. */
function Labelled({
  label,
  hint,
  children,
}: {
  label: string
  hint?: string
  children: (ids: { id: string; hintId: string | undefined }) => ComponentChildren
}): JSX.Element {
  const id = useId()
  const hintId = hint === undefined ? undefined : `${id}-hint`
  return (
    <div class="labelled">
      <label for={id}>{label}</label>
      {children({ id, hintId })}
      {hint === undefined ? null : (
        <p class="quiet" id={hintId}>
          {hint}
        </p>
      )}
    </div>
  )
}

/** Prompt and alt text. */
export function TextFields({ view, draft, onChange }: FieldsProps): JSX.Element {
  const text = useText().actions.editing
  return (
    <>
      {view.editable.prompt === null && draft.prompt === '' && view.prompt.length === 0 ? null : (
        <Labelled label={text.prompt} hint={text.promptHint}>
          {({ id, hintId }) => (
            <textarea
              id={id}
              aria-describedby={hintId}
              class="field prompt-field"
              autofocus
              rows={5}
              value={draft.prompt}
              onInput={(event) => onChange({ prompt: event.currentTarget.value })}
            />
          )}
        </Labelled>
      )}
      <Labelled label={text.alt} hint={text.altHint}>
        {({ id, hintId }) => (
          <input
            id={id}
            aria-describedby={hintId}
            class="field"
            value={draft.alt}
            onInput={(event) => onChange({ alt: event.currentTarget.value })}
          />
        )}
      </Labelled>
    </>
  )
}

/** Model and quality, with the price of one picture. */
export function ModelFields({ view, draft, onChange }: FieldsProps): JSX.Element {
  const text = useText().actions.editing
  const money = useMoney()
  const model = draft.model || view.asset.model
  const qualities = view.models.find(({ id }) => id === model)?.qualities ?? []
  return (
    <div class="field-row">
      <Labelled label={text.model}>
        {({ id }) => (
          <select
            id={id}
            class="field"
            value={draft.model}
            onChange={(event) => onChange({ model: event.currentTarget.value, quality: '' })}
          >
            {view.editable.model === null ? (
              <option value="">{`${view.asset.model} (${text.unchanged})`}</option>
            ) : null}
            {view.models.map((each) => (
              <option key={each.id} value={each.id}>
                {each.id}
              </option>
            ))}
          </select>
        )}
      </Labelled>
      <Labelled label={text.quality}>
        {({ id }) => (
          <select
            id={id}
            class="field"
            value={draft.quality}
            onChange={(event) => onChange({ quality: event.currentTarget.value })}
          >
            {view.editable.quality === null || draft.quality === '' ? (
              <option value="">{`${view.asset.quality} (${text.unchanged})`}</option>
            ) : null}
            {qualities.map(({ name, usd }) => (
              <option key={name} value={name}>
                {`${name}, ${money(usd)}`}
              </option>
            ))}
          </select>
        )}
      </Labelled>
    </div>
  )
}
