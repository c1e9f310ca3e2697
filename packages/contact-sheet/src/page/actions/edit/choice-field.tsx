import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { Icon } from '../../controls/icon.tsx'
import { toggle } from './draft.ts'

type ChoiceFieldProps = {
  name: string
  /** Texts of the list of what can be added, and of its search. */
  add: string
  find: string
  known: readonly string[]
  chosen: readonly string[]
  onChange: (chosen: string[]) => void
}

/** Several of many names, in an order: the chosen ones, and a list to search for more. */
export function ChoiceField(props: ChoiceFieldProps): JSX.Element {
  const { name, add, known, chosen, onChange } = props
  return (
    <fieldset class="labelled">
      <legend>{name}</legend>
      {chosen.length === 0 ? null : (
        <div class="toggles">
          {chosen.map((value) => (
            <button
              key={value}
              type="button"
              class="toggle"
              aria-pressed="true"
              onClick={() => onChange(toggle(chosen, value))}
            >
              {value}
              <Icon name="close" />
            </button>
          ))}
        </div>
      )}
      {known.length === 0 ? null : (
        <details class="more-choices">
          <summary>{add}</summary>
          <Others {...props} />
        </details>
      )}
    </fieldset>
  )
}

/** What can be added, filtered by a search. */
function Others({ find, known, chosen, onChange }: ChoiceFieldProps): JSX.Element {
  const query = useSignal('')
  const wanted = query.value.trim().toLowerCase()
  const found = known.filter(
    (value) => !chosen.includes(value) && value.toLowerCase().includes(wanted),
  )
  return (
    <>
      <input
        class="field"
        type="search"
        placeholder={find}
        aria-label={find}
        value={query.value}
        onInput={(event) => (query.value = event.currentTarget.value)}
      />
      <div class="toggles choices">
        {found.map((value) => (
          <button
            key={value}
            type="button"
            class="toggle"
            aria-pressed="false"
            onClick={() => onChange(toggle(chosen, value))}
          >
            <Icon name="plus" />
            {value}
          </button>
        ))}
      </div>
    </>
  )
}
