import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { Calls, Variant } from '../../../protocol.ts'
import { describeFailure, type Failure } from '../../connection/connection.ts'
import { useStore } from '../../store/store.ts'

/** Prices of variants. Both are `null` while they are asked for. */
export type PriceState = { output: Calls['variantPrice']['output'] | null; failure: Failure | null }

/** Time without a change after which prices are asked for, ms. */
const PAUSE = 250

/** Asks for the prices of variants once a person pauses. `null` asks for none. */
export function useVariantPrice(name: string, variants: Variant[] | null): PriceState {
  const { connection } = useStore()
  const state = useSignal<PriceState>({ output: null, failure: null })
  useEffect(() => {
    state.value = { output: null, failure: null }
    if (variants === null) return undefined
    let isWanted = true
    const timer = setTimeout(() => {
      connection.call('variantPrice', { name, variants }).then(
        (output) => {
          if (isWanted) state.value = { output, failure: null }
        },
        (error: unknown) => {
          if (isWanted) state.value = { output: null, failure: describeFailure(error) }
        },
      )
    }, PAUSE)
    return () => {
      isWanted = false
      clearTimeout(timer)
    }
  }, [JSON.stringify(variants)])
  return state.value
}
