import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import type { AssetView, Calls, Variant } from '../../protocol.ts'
import { describeFailure } from '../connection/connection.ts'
import { Button } from '../controls/button.tsx'
import { Dialog } from '../controls/dialog.tsx'
import { type Store, useMoney, useStore, useText } from '../store/store.ts'
import type { AssetDialogProps } from './dialog-props.ts'
import { Failure } from './failure.tsx'
import { useAction } from './use-action.ts'
import { findEqual, firstVariants, reduce } from './variants.ts'

/** Most variants that are requested at once. */
const MOST = 6

/** Requests several models, qualities or prompts as candidates, to pick from. */
export function CompareDialog({ view, onClose }: AssetDialogProps): JSX.Element {
  const store = useStore()
  const text = useText().actions
  const { name } = view.asset
  const variants = useSignal<Variant[]>(firstVariants(view))
  const equal = findEqual(view, variants.value)
  const wanted = equal === null ? variants.value.map(reduce) : null
  const price = useVariantPrice(name, wanted)
  const action = useAction()
  const total = totalOf(price)
  const mistakes = mistakesOf({ equal, variants: variants.value, price }, text.comparing)
  const change = (index: number, next: Variant): void => {
    variants.value = variants.value.map((each, place) => (place === index ? next : each))
  }
  const request = async (): Promise<void> => {
    const isDone = await action.take(() =>
      requestVariants(store, { name, variants: wanted!, agreedUsd: total! }),
    )
    if (isDone) store.dialog.value = { kind: 'pick', name }
  }
  return (
    <Dialog
      title={text.comparing.title}
      isWide
      onClose={onClose}
      actions={
        <>
          <output class="total">
            {total === null ? '' : text.comparing.total(store.money.value(total))}
          </output>
          <span class="spring" />
          <Button onClick={onClose}>{text.cancel}</Button>
          <Button
            look="primary"
            disabled={total === null || mistakes.length > 0 || action.isBusy}
            onClick={() => void request()}
          >
            {action.isBusy ? text.working : askText(total, store)}
          </Button>
        </>
      }
    >
      <p class="quiet">{text.comparing.hint}</p>
      <ol class="variants">
        {variants.value.map((variant, index) => (
          <VariantFields
            key={index}
            view={view}
            number={index + 1}
            variant={variant}
            usd={price.output?.usd[index]}
            onChange={(next) => change(index, next)}
            onRemove={
              variants.value.length > 2
                ? () => (variants.value = variants.value.toSpliced(index, 1))
                : undefined
            }
          />
        ))}
      </ol>
      <Button
        icon="plus"
        disabled={variants.value.length >= MOST}
        onClick={() => (variants.value = [...variants.value, {}])}
      >
        {text.comparing.add}
      </Button>
      <div aria-live="polite">
        {mistakes.map((mistake) => (
          <p key={mistake} class="mistake">
            {mistake}
          </p>
        ))}
      </div>
      <Failure failure={price.failure ?? action.failure} />
    </Dialog>
  )
}

function askText(total: number | null, store: Store): string {
  const text = store.text.value.actions.comparing
  return total === null || total === 0 ? text.askFree : text.ask(store.money.value(total))
}

type PriceState = {
  output: Calls['variantPrice']['output'] | null
  failure: { message: string; hint: string } | null
}

/** Time without a change after which prices are asked for, ms. */
const PAUSE = 250

/** The prices of variants. `null` asks for none. */
function useVariantPrice(name: string, variants: Variant[] | null): PriceState {
  const { connection } = useStore()
  const state = useSignal<PriceState>({ output: null, failure: null })
  useEffect(() => {
    state.value = { output: null, failure: null }
    if (variants === null) return undefined
    let isWanted = true
    const timer = setTimeout(() => {
      connection.call('variantPrice', { name, variants }).then(
        (output) => {
          if (isWanted) state.value = { output, failure: null }
        },
        (error: unknown) => {
          if (isWanted) state.value = { output: null, failure: describeFailure(error) }
        },
      )
    }, PAUSE)
    return () => {
      isWanted = false
      clearTimeout(timer)
    }
  }, [JSON.stringify(variants)])
  return state.value
}

/** USD for all variants; `null` while a price is not known. */
function totalOf({ output }: PriceState): number | null {
  if (output === null || output.usd.includes(null)) return null
  return output.usd.reduce<number>((sum, usd) => sum + (usd ?? 0), 0)
}

function mistakesOf(
  {
    equal,
    variants,
    price,
  }: { equal: [number, number] | null; variants: readonly Variant[]; price: PriceState },
  text: ReturnType<typeof useText>['actions']['comparing'],
): string[] {
  return [
    ...(variants.length < 2 ? [text.atLeastTwo] : []),
    ...(equal === null ? [] : [text.equal(...equal)]),
    ...(price.output?.mistakes ?? []),
  ]
}

async function requestVariants(store: Store, input: Calls['compare']['input']): Promise<string> {
  const text = store.text.value.actions.comparing
  const { made, failed, usd } = await store.connection.call('compare', input)
  const done = text.done(made, store.money.value(usd))
  return failed.length === 0 ? done : `${done} ${text.someFailed} ${failed.join(' ')}`
}

type VariantFieldsProps = {
  view: AssetView
  number: number
  variant: Variant
  usd: number | null | undefined
  onChange: (variant: Variant) => void
  onRemove: (() => void) | undefined
}

function VariantFields(props: VariantFieldsProps): JSX.Element {
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
