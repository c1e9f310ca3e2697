import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import type { AssetView, Edit, EditPreview } from '../../../protocol.ts'
import { Button } from '../../controls/button.tsx'
import { Dialog } from '../../controls/dialog.tsx'
import { useStore, useText } from '../../store/store.ts'
import type { AssetDialogProps } from '../dialog-props.ts'
import { useDiscardGuard } from '../discard-guard.tsx'
import { Failure } from '../failure.tsx'
import { useAction } from '../use-action.ts'
import { ChoiceField } from './choice-field.tsx'
import { type Draft, draftOf, editOf } from './draft.ts'
import { EditEffect } from './edit-effect.tsx'
import { ModelFields, TextFields } from './edit-fields.tsx'
import { canSave, usePreview, withDigest } from './use-preview.ts'

/** Edits an asset in the manifest, and shows what that does and costs before it is saved. */
export function EditDialog({ view, onClose }: AssetDialogProps): JSX.Element {
  const store = useStore()
  const text = useText().actions
  const { name } = view.asset
  // What the manifest had when the dialog opened: a change on disk must not replace what is typed.
  const editable = useSignal(view.editable).value
  const draft = useSignal<Draft>(draftOf(editable))
  const edit = editOf(name, editable, draft.value)
  const preview = usePreview(edit)
  const action = useAction()
  const guard = useDiscardGuard(edit !== null, onClose)
  const onChange = (change: Partial<Draft>): void => {
    draft.value = { ...draft.value, ...change }
  }
  const save = async (wanted: Edit, next: string[] | null): Promise<void> => {
    const isDone = await action.take(async () => {
      await store.connection.call('edit', withDigest(wanted, preview))
      return text.editing.saved(name)
    })
    if (!isDone) return
    onClose()
    if (next !== null) store.dialog.value = { kind: 'generate', names: next, force: false }
  }
  const isReady = edit !== null && canSave(preview) && !action.isBusy
  const paid = paidOf(preview.preview)
  return (
    <Dialog
      title={text.editing.title(name)}
      isWide
      onClose={guard.close}
      actions={
        guard.question ?? (
          <>
            <Button onClick={guard.close}>{text.cancel}</Button>
            {paid.length === 0 ? null : (
              <Button disabled={!isReady} onClick={() => void save(edit!, paid)}>
                {text.editing.saveAndGenerate}
              </Button>
            )}
            <Button look="primary" disabled={!isReady} onClick={() => void save(edit!, null)}>
              {text.editing.save}
            </Button>
          </>
        )
      }
    >
      <div class="edit-columns">
        <Fields view={view} draft={draft.value} onChange={onChange} />
        <EditEffect state={preview} />
      </div>
      <Failure failure={action.failure} />
    </Dialog>
  )
}

type FieldsProps = { view: AssetView; draft: Draft; onChange: (change: Partial<Draft>) => void }

function Fields({ view, draft, onChange }: FieldsProps): JSX.Element {
  const text = useText().actions.editing
  const { knownStyles, knownPresets } = view.editable
  return (
    <div class="edit-fields">
      <TextFields view={view} draft={draft} onChange={onChange} />
      <ChoiceField
        name={text.styles}
        add={text.addStyle}
        find={text.findStyle}
        known={knownStyles}
        chosen={draft.styles}
        onChange={(styles) => onChange({ styles })}
      />
      <ModelFields view={view} draft={draft} onChange={onChange} />
      <ChoiceField
        name={text.outputs}
        add={text.addOutput}
        find={text.findOutput}
        known={knownPresets}
        chosen={draft.outputs}
        onChange={(outputs) => onChange({ outputs })}
      />
    </div>
  )
}

/** Names of the assets that a run would generate. */
function paidOf(preview: EditPreview | null): string[] {
  return preview?.steps.filter(({ kind }) => kind === 'generate').map(({ asset }) => asset) ?? []
}
