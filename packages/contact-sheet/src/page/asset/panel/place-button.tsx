import type { JSX } from 'preact'
import { describeFailure } from '../../connection/connection.ts'
import { Icon } from '../../controls/icon.tsx'
import { useStore, useText } from '../../store/store.ts'

type PlaceButtonProps = {
  place: { file: string; line: number; column: number }
  /** Whether the server opens files: a dev server does. Default true. */
  canOpen?: boolean
}

/** A place in a file, which a click opens in the editor. In a report and in `limn ui` it is text. */
export function PlaceButton({ place, canOpen = true }: PlaceButtonProps): JSX.Element {
  const { connection, canAct, notice } = useStore()
  const text = useText().asset.imports
  const words = `${place.file}:${place.line}`
  if (!canAct.value || !canOpen) return <code>{words}</code>
  const open = async (): Promise<void> => {
    try {
      await connection.call('openInEditor', place)
      notice.value = { tone: 'plain', message: text.opened(words) }
    } catch (error) {
      notice.value = { tone: 'failure', ...describeFailure(error) }
    }
  }
  return (
    <button
      type="button"
      class="place-button"
      aria-label={text.open(words)}
      title={text.open(words)}
      onClick={() => void open()}
    >
      <code>{words}</code>
      <Icon name="external" />
    </button>
  )
}
