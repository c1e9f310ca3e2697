import type { Asset } from '../../manifest/manifest.ts'

/**
 * An export of `virtual:limn`: the name of an asset or a family of shapes, and its name in
 * JavaScript; `undefined` if it has none.
 */
export type IndexEntry = { name: string; identifier: string | undefined }

/**
 * Returns the exports of `virtual:limn`: each asset and each family of shapes, by its own name
 * (`'product/mug'`) and by that name in camel case (`productMug`). If several names have the same
 * camel case, only a name that is written exactly so gets it.
 */
export function indexEntries(assets: readonly Asset[]): IndexEntry[] {
  const names = [
    ...new Set(assets.flatMap(({ name, family }) => (family === null ? [name] : [name, family]))),
  ].filter((name) => name !== 'default')
  const countByIdentifier = new Map<string, number>()
  for (const identifier of names.map(toIdentifier)) {
    countByIdentifier.set(identifier, (countByIdentifier.get(identifier) ?? 0) + 1)
  }
  return names.map((name) => {
    const identifier = toIdentifier(name)
    const isOwn =
      identifier === name || (countByIdentifier.get(identifier) === 1 && identifier !== 'default')
    return { name, identifier: isOwn && IDENTIFIER.test(identifier) ? identifier : undefined }
  })
}

/** Matches a JavaScript identifier. */
const IDENTIFIER = /^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u

/** Converts `product/mug-red` to `productMugRed`. */
function toIdentifier(name: string): string {
  return name
    .replace(/[-/]+(.?)/gu, (_, letter: string) => letter.toUpperCase())
    .replace(/^(?=\p{N})/u, '_')
}

/** Returns the text between the braces of an `export`: every name of an image. */
export function exportNames(from: string, { name, identifier }: IndexEntry): string {
  return [...new Set([identifier, identifier === name ? undefined : JSON.stringify(name)])]
    .flatMap((as) => (as === undefined ? [] : [`${from} as ${as}`]))
    .join(', ')
}
