import type { ComponentChildren, JSX } from 'preact'

/** One fact in a list, with its name. */
export function Fact({
  name,
  children,
}: {
  name: string
  children: ComponentChildren
}): JSX.Element {
  return (
    <div class="fact">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
