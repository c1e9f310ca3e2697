import { type Signal, useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import type { AssetView, Calls, EarlierPicture } from '../../protocol.ts'
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

/** A candidate, which always has a number. */
type Candidate = EarlierPicture & { number: number }

/** The candidates of an asset, in the order of their numbers. */
function candidatesOf(view: AssetView): Candidate[] {
  return view.earlier
    .filter((picture): picture is Candidate => {
      return picture.origin === 'candidate' && picture.number !== null
    })
    .toSorted((a, b) => a.number - b.number)
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
    const { id, number } = candidates[chosen.value]!
    const input = { name: view.asset.name, id, number }
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
            {text.picking.useNumber(candidates[chosen.value]?.number ?? 1)}
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
          <CandidatePane
            key={candidate.id}
            view={view}
            candidate={candidate}
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

/** Makes a candidate the master. */
async function pickCandidate(store: Store, input: Calls['pick']['input']): Promise<string> {
  await store.connection.call('pick', input)
  return store.text.value.actions.picking.picked(input.number)
}

type CandidateProps = {
  view: AssetView
  candidate: Candidate
  zoom: Signal<Zoom>
  isChosen: boolean
  onChoose: () => void
}

function CandidatePane(props: CandidateProps): JSX.Element {
  const { view, candidate, zoom, isChosen, onChoose } = props
  const { connection } = useStore()
  const text = useText().actions.picking
  const money = useMoney()
  const { id, number, model, usd, prompt, isMaster } = candidate
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
