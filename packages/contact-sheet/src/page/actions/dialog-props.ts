import type { AssetView } from '../../protocol.ts'
import type { DialogRequest } from '../store/store.ts'

/** Asks for a dialog about one asset. */
export type AssetDialogRequest = Exclude<DialogRequest, { kind: 'help' | 'generate' }>

/** What every dialog about one asset gets. */
export type AssetDialogProps<Request extends AssetDialogRequest = AssetDialogRequest> = {
  view: AssetView
  request: Request
  onClose: () => void
}
