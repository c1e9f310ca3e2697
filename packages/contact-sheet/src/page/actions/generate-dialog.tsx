import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import type { Calls } from '../../protocol.ts'
import { describeFailure, type Failure as Reason } from '../connection/connection.ts'
import { Button } from '../controls/button.tsx'
import { Dialog } from '../controls/dialog.tsx'
import type { FormatMoney } from '../store/money.ts'
import { type DialogRequest, type Store, useMoney, useStore, useText } from '../store/store.ts'
import { Failure } from './failure.tsx'

type Price = Calls['price']['output']
type Request = Extract<DialogRequest, { kind: 'generate' }>

/** Asks for the agreement to what a run costs, and starts it. The run view shows the rest. */
export function GenerateDialog({
  request,
  onClose,
}: {
  request: Request
  onClose: () => void
}): JSX.Element {
  const store = useStore()
  const whole = useText()
  const text = whole.actions
  const { price, failure } = usePrice(request)
  const usd = price?.usd ?? null
  const hasWork = useHasWork(request) || (price?.pictures ?? 0) > 0
  const canStart = price !== null && price.refusal === null && usd !== null && hasWork
  const start = (): void => {
    onClose()
    void runInBackground(store, { ...request, agreedUsd: usd ?? 0 })
  }
  return (
    <Dialog
      title={titleOf(request, text.run)}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{canStart ? text.cancel : text.close}</Button>
          <Button look="primary" disabled={!canStart} onClick={start}>
            {usd === 0 || usd === null
              ? text.run.agreeFree
              : text.run.agree(store.money.value(usd))}
          </Button>
        </>
      }
    >
      <div class="agreement" aria-live="polite">
        {price === null && failure === null ? <p class="quiet">{text.run.asking}</p> : null}
        {price === null ? null : <PriceLine price={price} hasWork={hasWork} />}
        {canStart && usd !== 0 ? <p class="quiet">{text.run.note}</p> : null}
        {canStart && request.force ? <p class="quiet">{text.run.force}</p> : null}
        <Names names={request.names} />
      </div>
      <Failure failure={failure ?? refusalOf(price, whole, store.money.value)} />
    </Dialog>
  )
}

function usePrice({ names, force }: Request) {
  const { connection } = useStore()
  const price = useSignal<Price | null>(null)
  const failure = useSignal<Reason | null>(null)
  useEffect(() => {
    connection.call('price', { names, force }).then(
      (output) => (price.value = output),
      (error: unknown) => (failure.value = describeFailure(error)),
    )
  }, [])
  return { price: price.value, failure: failure.value }
}

/** Whether the plan has a step for what is asked for: it may derive files, or take a picture back. */
function useHasWork({ names }: Request): boolean {
  const { sheet } = useStore()
  const asked = names === null ? null : new Set(names)
  return (
    sheet.value?.assets.some(
      ({ name, step, need }) => step !== null && need === 'run' && (asked?.has(name) ?? true),
    ) ?? false
  )
}

type RunTexts = ReturnType<typeof useText>['actions']['run']

function titleOf({ names, force }: Request, text: RunTexts): string {
  if (names === null) return text.titleAll
  return force && names.length === 1 ? text.titleForce : text.title(names.length)
}

function refusalOf(price: Price | null, text: ReturnType<typeof useText>, money: FormatMoney) {
  if (price?.refusal != null) return { message: text.refusal(price.refusal, money), hint: '' }
  if (price !== null && price.pictures > 0 && price.usd === null) {
    return { message: text.actions.run.unknown, hint: text.actions.run.unknownHint }
  }
  return null
}

/** How many pictures for how much, the amount large. */
function PriceLine({ price, hasWork }: { price: Price; hasWork: boolean }): JSX.Element {
  const { pictures, usd } = price
  const text = useText().actions
  const money = useMoney()
  if (pictures === 0) return <p>{hasWork ? text.run.noPictures : text.run.nothing}</p>
  const count = text.price.pictures(pictures)
  return (
    <p class="price-line">
      <strong>{usd === 0 ? text.price.free : money(usd)}</strong>
      <span>{usd === 0 || usd === null ? count : text.price.upTo(count)}</span>
    </p>
  )
}

const NAMES_SHOWN = 6

function Names({ names }: { names: string[] | null }): JSX.Element | null {
  if (names === null || names.length === 0) return null
  const rest = names.length - NAMES_SHOWN
  return (
    <ul class="names">
      {names.slice(0, NAMES_SHOWN).map((name) => (
        <li key={name}>{name}</li>
      ))}
      {rest > 0 ? <li>{`+${rest}`}</li> : null}
    </ul>
  )
}

/** Starts a run that goes on when the dialog is closed, and reports its end. */
async function runInBackground(
  store: Store,
  input: Request & { agreedUsd: number },
): Promise<void> {
  const text = store.text.value.actions
  store.notice.value = { tone: 'plain', message: text.run.started }
  try {
    const { names, force, agreedUsd } = input
    const end = await store.connection.call('generate', { names, force, agreedUsd })
    store.acted.value += 1
    const message = text.run.done(text.price.pictures(end.generated), store.money.value(end.usd))
    store.notice.value =
      end.failed === 0
        ? { tone: 'plain', message }
        : { tone: 'failure', message: `${message} ${text.run.doneFailed(end.failed)}` }
  } catch (error) {
    store.notice.value = { tone: 'failure', ...describeFailure(error) }
  }
}
