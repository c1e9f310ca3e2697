import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { describeFailure, type Failure } from '../connection/connection.ts'
import { type Store, useStore } from '../store/store.ts'

/** An action that a dialog takes. */
export type Action = {
  isBusy: boolean
  /** Why the last attempt failed. */
  failure: Failure | null
  /** Takes the action, unless one is under way. Shows what it returns, if anything. */
  take(act: () => Promise<string | void>): Promise<boolean>
}

/** Shows a result once the dialog is closed: nothing behind an open one is read out. */
function announce({ notice }: Store, message: string): void {
  setTimeout(() => (notice.value = { tone: 'plain', message }))
}

/** Creates the action of a dialog: one at a time, its failure shown in the dialog. */
export function useAction(): Action {
  const store = useStore()
  const isBusy = useSignal(false)
  const failure = useSignal<Action['failure']>(null)
  const isShown = useRef(true)
  useEffect(() => () => void (isShown.current = false), [])
  return {
    isBusy: isBusy.value,
    failure: failure.value,
    async take(act) {
      if (isBusy.value) return false
      isBusy.value = true
      failure.value = null
      try {
        const message = await act()
        store.acted.value += 1
        if (message) announce(store, message)
        return true
      } catch (error) {
        const reason = describeFailure(error)
        // A dialog that was closed meanwhile cannot show it.
        if (isShown.current) failure.value = reason
        else store.notice.value = { tone: 'failure', ...reason }
        return false
      } finally {
        isBusy.value = false
      }
    },
  }
}
