import type { Manifest } from '../project/types.ts'

/** Names the alt texts that the judge suggested and nobody has confirmed; `undefined` for none. */
export function describeSuggestedAlts({ assets }: Pick<Manifest, 'assets'>): string | undefined {
  const names = assets.flatMap(({ name, isAltSuggested }) => (isAltSuggested ? [name] : []))
  return names.length === 0
    ? undefined
    : `Alt texts that nobody has confirmed (limn describe --confirm): ${names.join(', ')}.`
}
