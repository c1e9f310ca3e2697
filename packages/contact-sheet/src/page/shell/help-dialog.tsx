import type { JSX } from 'preact'
import { Dialog } from '../controls/dialog.tsx'
import { useStore, useText } from '../store/store.ts'

/** The keys of the view that is shown, and of the page. */
export function HelpDialog(): JSX.Element | null {
  const { dialog, route } = useStore()
  const text = useText()
  if (dialog.value?.kind !== 'help') return null
  const shown = route.value.view === 'asset' ? text.asset.keys : text.help.keys
  return (
    <Dialog title={text.help.title} onClose={() => (dialog.value = null)}>
      <dl class="keys">
        {shown.map(({ keys, does }) => (
          <div key={does}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
