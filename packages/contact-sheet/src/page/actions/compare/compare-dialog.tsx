import { type Signal, useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import type { AssetView, Calls, Variant } from '../../../protocol.ts'
import { Button } from '../../controls/button.tsx'
import { Dialog } from '../../controls/dialog.tsx'
import { type Store, useStore, useText } from '../../store/store.ts'
import type { AssetDialogProps } from '../dialog-props.ts'
import { Failure } from '../failure.tsx'
import { useAction } from '../use-action.ts'
import { type PriceState, useVariantPrice } from './use-variant-price.ts'
import { VariantFields } from './variant-fields.tsx'
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
      <VariantList view={view} variants={variants} price={price} />
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

type VariantListProps = { view: AssetView; variants: Signal<Variant[]>; price: PriceState }

/** The variants side by side, and a button for one more. */
function VariantList({ view, variants, price }: VariantListProps): JSX.Element {
  const text = useText().actions.comparing
  const list = variants.value
  return (
    <>
      <ol class="variants">
        {list.map((variant, index) => (
          <VariantFields
            key={index}
            view={view}
            number={index + 1}
            variant={variant}
            usd={price.output?.usd[index]}
            onChange={(next) => (variants.value = list.with(index, next))}
            onRemove={
              list.length > 2 ? () => (variants.value = list.toSpliced(index, 1)) : undefined
            }
          />
        ))}
      </ol>
      <Button
        icon="plus"
        disabled={list.length >= MOST}
        onClick={() => (variants.value = [...list, {}])}
      >
        {text.add}
      </Button>
    </>
  )
}

function askText(total: number | null, store: Store): string {
  const text = store.text.value.actions.comparing
  return total === null || total === 0 ? text.askFree : text.ask(store.money.value(total))
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
