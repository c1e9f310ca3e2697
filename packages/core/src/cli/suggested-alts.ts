import type { Manifest } from '../project/types.ts'

/** Names the alt texts that the judge suggested and that are not confirmed; `undefined` for none. */
export function describeSuggestedAlts({ assets }: Pick<Manifest, 'assets'>): string | undefined {
  const names = assets.flatMap(({ name, isAltSuggested }) => (isAltSuggested ? [name] : []))
  return names.length === 0
    ? undefined
    : `Suggested alt texts to confirm (limn describe --confirm): ${names.join(', ')}.`
}
