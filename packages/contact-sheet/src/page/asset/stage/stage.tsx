import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useId } from 'preact/hooks'
import type { AssetView } from '../../../protocol.ts'
import { useStore, useText } from '../../store/store.ts'
import { CompareStage } from './compare-stage.tsx'
import { OutputsStage } from './outputs-stage.tsx'
import { PictureStage } from './picture-stage.tsx'
import { PlacesStage } from './places-stage.tsx'

const stages = ['picture', 'outputs', 'places', 'compare'] as const
type StageName = (typeof stages)[number]

/** The large part: the picture, its outputs, where they are seen, and what it was before. */
export function Stage({ view }: { view: AssetView }): JSX.Element {
  const { stage } = useStore().assetPage
  const text = useText().asset.stages
  const id = useId()
  const list = useSignal<HTMLElement | null>(null)
  const move = (event: KeyboardEvent): void => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (by === 0) return
    event.preventDefault()
    event.stopPropagation()
    const next = stages[(stages.indexOf(stage.value) + by + stages.length) % stages.length]!
    stage.value = next
    list.value?.querySelector<HTMLElement>(`[data-stage=${next}]`)?.focus()
  }
  return (
    <section class="stage">
      <div
        class="segments stage-tabs"
        role="tablist"
        aria-label={text.label}
        onKeyDown={move}
        ref={(element) => {
          list.value = element
        }}
      >
        {stages.map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`${id}-${name}`}
            data-stage={name}
            class="segment"
            aria-selected={stage.value === name}
            aria-controls={`${id}-panel`}
            tabIndex={stage.value === name ? 0 : -1}
            onClick={() => (stage.value = name)}
          >
            {text[name]}
          </button>
        ))}
      </div>
      <div
        class="stage-panel"
        role="tabpanel"
        id={`${id}-panel`}
        aria-labelledby={`${id}-${stage.value}`}
      >
        <StageBody name={stage.value} view={view} />
      </div>
    </section>
  )
}

function StageBody({ name, view }: { name: StageName; view: AssetView }): JSX.Element {
  switch (name) {
    case 'picture':
      return <PictureStage view={view} />
    case 'outputs':
      return <OutputsStage view={view} />
    case 'places':
      return <PlacesStage view={view} />
    case 'compare':
      return <CompareStage view={view} />
  }
}
