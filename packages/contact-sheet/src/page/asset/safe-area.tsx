import type { JSX } from 'preact'
import type { SheetOutput } from '../../protocol.ts'

/** Hatches the parts of an output that a platform may cover, around the part that stays visible. */
export function SafeArea({ output }: { output: SheetOutput }): JSX.Element | null {
  if (output.safeArea === null) return null
  const { left, top, right, bottom } = insets(output.safeArea)
  return (
    <span
      class="safe-area"
      aria-hidden="true"
      style={{ '--left': left, '--top': top, '--right': right, '--bottom': bottom }}
    />
  )
}

/** Distances of the visible part from the edges, %. */
function insets({ left, top, right, bottom }: NonNullable<SheetOutput['safeArea']>) {
  return { left: percent(left), top: percent(top), right: percent(right), bottom: percent(bottom) }
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)}%`
}
