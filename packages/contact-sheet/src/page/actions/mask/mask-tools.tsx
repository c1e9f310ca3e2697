import { type Signal, useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { Button } from '../../controls/button.tsx'
import { useText } from '../../store/store.ts'
import type { Brush } from './mask-painter.tsx'
import type { MaskCanvas } from './use-mask-canvas.ts'

type MaskToolsProps = {
  mask: MaskCanvas
  brush: Signal<Brush>
  size: { width: number; height: number }
}

/** Tools, size, undo, and what changes the whole mask. */
export function MaskTools({ mask, brush, size }: MaskToolsProps): JSX.Element {
  const text = useText().actions.masking
  const { steps, count } = mask.history.value
  return (
    <div class="mask-tools" role="group" aria-label={text.tools}>
      <div class="segments">
        {(['brush', 'eraser', 'rectangle'] as const).map((tool) => (
          <Button
            key={tool}
            look="plain"
            aria-pressed={brush.value.tool === tool}
            onClick={() => (brush.value = { ...brush.value, tool })}
          >
            {text[tool]}
          </Button>
        ))}
      </div>
      <label class="mask-size">
        <span>{text.size}</span>
        <input
          type="range"
          min={4}
          max={Math.round(size.width / 2)}
          value={brush.value.size}
          onInput={(event) =>
            (brush.value = { ...brush.value, size: event.currentTarget.valueAsNumber })
          }
        />
      </label>
      <Button icon="undo" label={text.undo} disabled={count === 0} onClick={() => mask.undo()} />
      <Button
        icon="redo"
        label={text.redo}
        disabled={count === steps.length}
        onClick={() => mask.redo()}
      />
      <Button onClick={() => mask.add({ kind: 'invert' })}>{text.invert}</Button>
      <Button disabled={mask.painted.value === 0} onClick={() => mask.add({ kind: 'clear' })}>
        {text.clear}
      </Button>
    </div>
  )
}

/** A rectangle in numbers, for those who cannot or do not want to paint. */
export function MaskRectangle({ mask, size }: Omit<MaskToolsProps, 'brush'>): JSX.Element {
  const text = useText().actions.masking
  const area = useSignal({
    left: Math.round(size.width / 4),
    top: Math.round(size.height / 4),
    width: Math.round(size.width / 2),
    height: Math.round(size.height / 2),
  })
  const add = (erases: boolean) => () => mask.add({ kind: 'rectangle', ...area.value, erases })
  return (
    <details class="mask-rectangle">
      <summary>{text.area}</summary>
      <div class="mask-numbers">
        {(['left', 'top', 'width', 'height'] as const).map((side) => (
          <label key={side}>
            <span>{text[side]}</span>
            <input
              class="field"
              type="number"
              min={0}
              max={side === 'left' || side === 'width' ? size.width : size.height}
              value={area.value[side]}
              onInput={(event) => {
                const value = event.currentTarget.valueAsNumber
                if (Number.isFinite(value)) area.value = { ...area.value, [side]: value }
              }}
            />
          </label>
        ))}
        <Button onClick={add(false)}>{text.add}</Button>
        <Button onClick={add(true)}>{text.remove}</Button>
      </div>
    </details>
  )
}
