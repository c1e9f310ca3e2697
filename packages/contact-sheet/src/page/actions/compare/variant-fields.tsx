import type { JSX } from 'preact'
import type { AssetView, Variant } from '../../../protocol.ts'
import { Button } from '../../controls/button.tsx'
import { useMoney, useText } from '../../store/store.ts'

type VariantFieldsProps = {
  view: AssetView
  number: number
  variant: Variant
  usd: number | null | undefined
  onChange: (variant: Variant) => void
  onRemove: (() => void) | undefined
}

/** Model, quality and prompt of one variant, with its price. */
export function VariantFields(props: VariantFieldsProps): JSX.Element {
  const { view, number, variant, usd, onChange, onRemove } = props
  const text = useText().actions
  const money = useMoney()
  const { comparing } = text
  const model = variant.model || view.asset.model
  const qualities = view.models.find(({ id }) => id === model)?.qualities ?? []
  return (
    <li class="variant">
      <div class="variant-head">
        <h3>{comparing.variant(number)}</h3>
        <span class="variant-price">
          {usd === undefined ? '' : usd === 0 ? text.price.free : money(usd)}
        </span>
        {onRemove === undefined ? null : (
          <Button look="plain" icon="close" label={comparing.remove(number)} onClick={onRemove} />
        )}
      </div>
      <label>
        <span>{comparing.model}</span>
        <select
          class="field"
          value={variant.model ?? ''}
          onChange={(event) =>
            onChange({ ...variant, model: event.currentTarget.value, quality: '' })
          }
        >
          <option value="">{`${view.asset.model} (${comparing.asManifest})`}</option>
          {view.models
            .filter(({ id }) => id !== view.asset.model)
            .map(({ id }) => (
              <option key={id} value={id}>
                {id}
              </option>
            ))}
        </select>
      </label>
      <label>
        <span>{comparing.quality}</span>
        <select
          class="field"
          value={variant.quality ?? ''}
          onChange={(event) => onChange({ ...variant, quality: event.currentTarget.value })}
        >
          <option value="">{`${view.asset.quality} (${comparing.asManifest})`}</option>
          {qualities
            .filter(({ name }) => name !== view.asset.quality || model !== view.asset.model)
            .map(({ name, usd: each }) => (
              <option key={name} value={name}>
                {`${name}, ${money(each)}`}
              </option>
            ))}
        </select>
      </label>
      <label>
        <span>{comparing.prompt}</span>
        <textarea
          class="field"
          rows={4}
          value={variant.prompt ?? view.editable.prompt ?? ''}
          onInput={(event) => {
            const prompt = event.currentTarget.value
            onChange({ ...variant, prompt: prompt === view.editable.prompt ? '' : prompt })
          }}
        />
      </label>
    </li>
  )
}
