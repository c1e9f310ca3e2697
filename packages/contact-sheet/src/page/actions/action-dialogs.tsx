import type { JSX } from 'preact'
import { Dialog } from '../controls/dialog.tsx'
import { useStore, useText } from '../store/store.ts'
import { useAssetView } from '../store/use-asset-view.ts'
import { AdoptDialog } from './adopt-dialog.tsx'
import { CompareDialog } from './compare/compare-dialog.tsx'
import type { AssetDialogProps, AssetDialogRequest } from './dialog-props.ts'
import { EditDialog } from './edit/edit-dialog.tsx'
import { Failure } from './failure.tsx'
import { FocusDialog } from './focus/focus-dialog.tsx'
import { GenerateDialog } from './generate-dialog.tsx'
import { MaskDialog } from './mask/mask-dialog.tsx'
import { PickDialog } from './pick-dialog.tsx'
import { RestoreDialog } from './restore-dialog.tsx'
import './actions.css'

/** Shows the dialog that `store.dialog` asks for, if it writes or spends. */
export function ActionDialogs(): JSX.Element | null {
  const { dialog } = useStore()
  const request = dialog.value
  const onClose = (): void => {
    dialog.value = null
  }
  if (request === null || request.kind === 'help') return null
  if (request.kind === 'generate') return <GenerateDialog request={request} onClose={onClose} />
  return <Loaded key={`${request.kind} ${request.name}`} request={request} onClose={onClose} />
}

type LoadedProps = { request: AssetDialogRequest; onClose: () => void }

/** A dialog about an asset, once the asset is read. */
function Loaded({ request, onClose }: LoadedProps): JSX.Element {
  const { view, failure } = useAssetView(request.name)
  const text = useText()
  if (view !== null) return <Shown view={view} request={request} onClose={onClose} />
  return (
    <Dialog title={request.name} onClose={onClose}>
      {failure === null ? <p class="quiet">{text.asset.loading}</p> : <Failure failure={failure} />}
    </Dialog>
  )
}

function Shown({ view, request, onClose }: AssetDialogProps): JSX.Element {
  switch (request.kind) {
    case 'edit':
      return <EditDialog view={view} request={request} onClose={onClose} />
    case 'focus':
      return <FocusDialog view={view} request={request} onClose={onClose} />
    case 'pick':
      return <PickDialog view={view} request={request} onClose={onClose} />
    case 'mask':
      return <MaskDialog view={view} request={request} onClose={onClose} />
    case 'compare':
      return <CompareDialog view={view} request={request} onClose={onClose} />
    case 'adopt':
      return <AdoptDialog view={view} request={request} onClose={onClose} />
    case 'restore':
      return <RestoreDialog view={view} request={request} onClose={onClose} />
  }
}
