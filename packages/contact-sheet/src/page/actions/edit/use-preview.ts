import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { Calls, Edit, EditPreview } from '../../../protocol.ts'
import { describeFailure, type Failure } from '../../connection/connection.ts'
import { useStore } from '../../store/store.ts'

/** Time without a key press after which an edit is planned, ms. */
const PAUSE = 250

/** What an edit would do. `isCurrent` is false while the latest edit is still planned. */
export type PreviewState = {
  preview: EditPreview | null
  isCurrent: boolean
  failure: Failure | null
}

const nothing: PreviewState = { preview: null, isCurrent: true, failure: null }

/** Plans an edit once a person pauses. `null` is no edit. */
export function usePreview(edit: Edit | null): PreviewState {
  const { connection } = useStore()
  const state = useSignal<PreviewState>(nothing)
  const key = JSON.stringify(edit)
  useEffect(() => {
    if (edit === null) {
      state.value = nothing
      return undefined
    }
    let isWanted = true
    state.value = { ...state.value, isCurrent: false }
    const timer = setTimeout(() => {
      connection.call('preview', edit).then(
        (preview) => {
          if (isWanted) state.value = { preview, isCurrent: true, failure: null }
        },
        (error: unknown) => {
          const failure = describeFailure(error)
          if (isWanted) state.value = { preview: null, isCurrent: true, failure }
        },
      )
    }, PAUSE)
    return () => {
      isWanted = false
      clearTimeout(timer)
    }
  }, [key])
  return state.value
}

/** Returns an edit that is saved only into the manifest that was previewed. */
export function withDigest(edit: Edit, { preview }: PreviewState): Calls['edit']['input'] {
  return preview === null ? edit : { ...edit, digest: preview.digest }
}

/** Whether an edit can be saved as its preview shows it. */
export function canSave({ preview, isCurrent }: PreviewState): boolean {
  return preview !== null && isCurrent && preview.mistakes.length === 0
}
