import { useSignal } from '@preact/signals'
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

/** The candidates of an asset, in the order of their numbers. */
export function candidatesOf(view: AssetView): (EarlierPicture & { number: number })[] {
  return view.earlier
    .filter((picture): picture is EarlierPicture & { number: number } => {
      return picture.origin === 'candidate' && picture.number !== null
    })
    .toSorted((a, b) => a.number - b.number)
}

/** Shows all candidates at once, zoomed and moved together, to make one the master. */
export function PickDialog({ view, onClose }: AssetDialogProps): JSX.Element {
  const store = useStore()
  const text = useText().actions
  const candidates = candidatesOf(view)
  const chosen = useSignal(candidates.find(({ isMaster }) => !isMaster)?.number ?? 1)
  const zoom = useSignal<Zoom>(fitted)
  const action = useAction()
  const isCurrent = candidates.find(({ number }) => number === chosen.value)?.isMaster ?? true
  const pick = async (): Promise<void> => {
    if (await action.take(() => pickNumber(store, view.asset.name, chosen.value))) onClose()
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const number = candidates[Number(event.key) - 1]?.number
    if (number === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    event.stopPropagation()
    chosen.value = number
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
            {text.picking.useNumber(chosen.value)}
          </Button>
        </>
      }
    >
      <p class="quiet">{text.picking.hint}</p>
      {candidates.length === 0 ? <p>{text.picking.none}</p> : null}
      <div
        class="candidates"
        data-count={Math.min(candidates.length, 6)}
        onKeyDownCapture={onKeyDown}
      >
        {candidates.map((candidate) => (
          <Candidate
            key={candidate.id}
            view={view}
            candidate={candidate}
            zoom={zoom}
            isChosen={candidate.number === chosen.value}
            onChoose={() => (chosen.value = candidate.number)}
          />
        ))}
      </div>
      <p class="quiet">{text.picking.free}</p>
      <Failure failure={action.failure} />
    </Dialog>
  )
}

async function pickNumber(store: Store, name: string, number: number): Promise<string> {
  await store.connection.call('pick', { name, number })
  return store.text.value.actions.picking.picked(number)
}

type CandidateProps = {
  view: AssetView
  candidate: EarlierPicture & { number: number }
  zoom: ReturnType<typeof useSignal<Zoom>>
  isChosen: boolean
  onChoose: () => void
}

function Candidate({ view, candidate, zoom, isChosen, onChoose }: CandidateProps): JSX.Element {
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
        zoom={zoom as never}
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
