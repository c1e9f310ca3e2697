import { useStore } from '../store/store.ts'

/**
 * Returns a function that lists the names of the assets in the order in which a person goes through
 * them.
 */
export function useOrder(): () => string[] {
  const { sheet } = useStore()
  return () => sheet.value?.assets.map(({ name }) => name) ?? []
}
