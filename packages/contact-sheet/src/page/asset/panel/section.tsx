import type { ComponentChildren, JSX } from 'preact'

type SectionProps = { title: string; action?: ComponentChildren; children: ComponentChildren }

/** A part of the panel. */
export function Section({ title, action, children }: SectionProps): JSX.Element {
  return (
    <section class="asset-section">
      <div class="section-head">
        <h2>{title}</h2>
        {action}
      </div>
      {children}
    </section>
  )
}
