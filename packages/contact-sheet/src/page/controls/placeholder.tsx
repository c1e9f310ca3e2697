import type { ComponentChildren, JSX } from 'preact'
import { Icon, type IconName } from './icon.tsx'

type PlaceholderOptions = { icon: IconName; title: string; children?: ComponentChildren }

/** Takes the place of content that is empty, failed or still loading. */
export function Placeholder({ icon, title, children }: PlaceholderOptions): JSX.Element {
  return (
    <div class="placeholder">
      <Icon name={icon} />
      <h2>{title}</h2>
      {children}
    </div>
  )
}
