import 'img-comparison-slider'
import { useSignal } from '@preact/signals'
import { createElement, type JSX } from 'preact'
import { useRef } from 'preact/hooks'
import { Icon } from '../controls/icon.tsx'

type Slider = HTMLElement & { value: number }

type BeforeAfterProps = {
  before: { src: string; alt: string }
  after: { src: string; alt: string }
  /** Aspect ratio of the frame. */
  width: number
  height: number
  label: string
}

/** Two pictures on top of each other with a divider that pointer and arrow keys move. */
export function BeforeAfter({
  before,
  after,
  width,
  height,
  label,
}: BeforeAfterProps): JSX.Element {
  const slider = useRef<Slider>(null)
  const value = useSignal(50)
  const read = (): void => {
    value.value = Math.round(slider.current?.value ?? 50)
  }
  const moveTo = (share: number): void => {
    if (slider.current) slider.current.value = share
    value.value = share
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    // The slider itself knows the arrows to the sides.
    if (event.key.startsWith('Arrow')) event.stopPropagation()
    const target = targetOf(event.key, value.value)
    if (target === undefined) return
    event.preventDefault()
    moveTo(target)
  }
  return createElement(
    'img-comparison-slider',
    {
      ref: slider,
      class: 'before-after',
      role: 'slider',
      tabIndex: 0,
      'aria-label': label,
      'aria-valuemin': 0,
      'aria-valuemax': 100,
      'aria-valuenow': value.value,
      style: { aspectRatio: `${width} / ${height}` },
      onslide: read,
      onKeyDown,
    },
    <img slot="first" src={before.src} alt={before.alt} />,
    <img slot="second" src={after.src} alt={after.alt} />,
    <span slot="handle" class="slide-handle">
      <Icon name="slide" />
    </span>,
  )
}

function targetOf(key: string, value: number): number | undefined {
  if (key === 'Home') return 0
  if (key === 'End') return 100
  if (key === 'PageUp') return Math.min(100, value + 10)
  return key === 'PageDown' ? Math.max(0, value - 10) : undefined
}
