import { type Signal, useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import type { AssetView, EarlierPicture } from '../../protocol.ts'
import { Button } from '../controls/button.tsx'
import { Dialog } from '../controls/dialog.tsx'
import { DiffText } from '../diff/diff-text.tsx'
import { type Store, useMoney, useStore, useText } from '../store/store.ts'
import { ZoomBar } from '../viewer/zoom-bar.tsx'
import { ZoomPane } from '../viewer/zoom-pane.tsx'
import { fitted, type Zoom } from '../viewer/zoom.ts'
import type { AssetDialogProps } from './dialog-props.ts'
import { Failure } from './failure.tsx'
import { useAction } from './use-action.ts'

/** The candidates of an asset, the oldest first: the page numbers them from 1. */
export function candidatesOf(view: AssetView): EarlierPicture[] {
  return view.earlier
    .filter(({ origin }) => origin === 'candidate')
    .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))
}

/** Shows all candidates at once, zoomed and moved together, to make one the master. */
export function PickDialog({ view, onClose }: AssetDialogProps): JSX.Element {
  const store = useStore()
  const text = useText().actions
  const candidates = candidatesOf(view)
  const first = candidates.findIndex(({ isMaster }) => !isMaster)
  const chosen = useSignal(Math.max(0, first))
  const zoom = useSignal<Zoom>(fitted)
  const action = useAction()
  const isCurrent = candidates[chosen.value]?.isMaster ?? true
  const pick = async (): Promise<void> => {
    const { id } = candidates[chosen.value]!
    const input = { name: view.asset.name, id, number: chosen.value + 1 }
    if (await action.take(() => pickCandidate(store, input))) onClose()
  }
  return (
    <Dialog
      title={text.picking.title}
      isWide
      onClose={onClose}
      actions={
        <>
          <ZoomBar zoom={zoom} />
          <span class="spring" />
          <Button onClick={onClose}>{text.cancel}</Button>
          <Button look="primary" disabled={isCurrent || action.isBusy} onClick={() => void pick()}>
            {text.picking.useNumber(chosen.value + 1)}
          </Button>
        </>
      }
    >
      <p class="quiet">{text.picking.hint}</p>
      {candidates.length === 0 ? <p>{text.picking.none}</p> : null}
      <div
        class="candidates"
        data-count={Math.min(candidates.length, 6)}
        onKeyDownCapture={(event) => chooseByKey(event, { chosen, count: candidates.length })}
      >
        {candidates.map((candidate, index) => (
          <Candidate
            key={candidate.id}
            view={view}
            candidate={candidate}
            number={index + 1}
            zoom={zoom}
            isChosen={index === chosen.value}
            onChoose={() => (chosen.value = index)}
          />
        ))}
      </div>
      <p class="quiet">{text.picking.free}</p>
      <Failure failure={action.failure} />
    </Dialog>
  )
}

/** Chooses the candidate of a digit. */
function chooseByKey(
  event: KeyboardEvent,
  { chosen, count }: { chosen: Signal<number>; count: number },
): void {
  const number = /^[1-9]$/.test(event.key) ? Number(event.key) : 0
  if (number === 0 || number > count || event.ctrlKey || event.metaKey || event.altKey) return
  event.preventDefault()
  event.stopPropagation()
  chosen.value = number - 1
}

/**
 * Makes a candidate the master. By its id, as for any other earlier picture: a candidate of another
 * request, such as a variant, has the number of one of this request.
 */
async function pickCandidate(
  store: Store,
  { name, id, number }: { name: string; id: string; number: number },
): Promise<string> {
  await store.connection.call('restore', { name, id })
  return store.text.value.actions.picking.picked(number)
}

type CandidateProps = {
  view: AssetView
  candidate: EarlierPicture
  /** From 1. */
  number: number
  zoom: Signal<Zoom>
  isChosen: boolean
  onChoose: () => void
}

function Candidate(props: CandidateProps): JSX.Element {
  const { view, candidate, number, zoom, isChosen, onChoose } = props
  const { connection } = useStore()
  const text = useText().actions.picking
  const money = useMoney()
  const { id, model, usd, prompt, isMaster } = candidate
  const { asset, madePrompt } = view
  const size = { width: candidate.width ?? asset.width, height: candidate.height ?? asset.height }
  const differs = prompt !== null && madePrompt !== null && prompt !== madePrompt
  return (
    <figure class={isChosen ? 'candidate chosen' : 'candidate'}>
      <ZoomPane
        src={connection.urlOf({ kind: 'earlier', asset: asset.name, id })}
        alt=""
        label={text.choose(number)}
        zoom={zoom}
        size={size}
        isShaped
      />
      <figcaption>
        <button
          type="button"
          class="candidate-button"
          autofocus={isChosen}
          aria-pressed={isChosen}
          onClick={onChoose}
        >
          <i aria-hidden="true">{number}</i>
          <span>
            {text.choose(number)}
            {isMaster ? ` (${text.current})` : ''}
          </span>
          <span class="quiet">
            {[model, usd === null ? null : money(usd)].filter(Boolean).join(' · ')}
          </span>
        </button>
        {differs ? <DiffText from={madePrompt} to={prompt} /> : null}
      </figcaption>
    </figure>
  )
}
