import type { Asset } from '@limn/core'
import type { State } from '../context.ts'
import { CLIENT_ID, MODULE_PREFIX } from '../references/module-id.ts'
import type { Picture, UrlOf } from '../references/picture.ts'
import { see, valueOf } from '../references/resolve-reference.ts'

/**
 * One picture of `virtual:limn`: its name in the manifest, and the name it has in JavaScript where
 * it has one.
 */
export type IndexEntry = { name: string; identifier: string | undefined }

/**
 * What `virtual:limn` exports: each asset, and each family of shapes, by its own name
 * (`'product/mug'`) and by that name in camel case (`productMug`). Where two names come to the
 * same, the one that is written so has it, else neither.
 */
export function indexEntries({ snapshot }: State): IndexEntry[] {
  const names = [
    ...new Set(
      snapshot.manifest.assets.flatMap(({ name, family }) =>
        family === null ? [name] : [name, family],
      ),
    ),
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

const IDENTIFIER = /^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u

/** `product/mug-red` as `productMugRed`. */
function toIdentifier(name: string): string {
  return name
    .replace(/[-/]+(.?)/gu, (_, letter: string) => letter.toUpperCase())
    .replace(/^(?=\p{N})/u, '_')
}

/** The code of `virtual:limn` in a build: what is not used goes with its module. */
export function renderBuildIndex(entries: readonly IndexEntry[]): string {
  return entries
    .map(
      ({ name, identifier }) =>
        `export { ${exportNames('default', { name, identifier })} } from ${JSON.stringify(`${MODULE_PREFIX}${name}`)}\n`,
    )
    .join('')
}

/** The code of `virtual:limn` in dev: one module, as a browser would load one for each picture. */
export function renderDevIndex(
  state: State,
  urlsOf: (asset: Asset) => UrlOf,
  adjust: (asset: Asset) => Asset,
): string {
  const entries = indexEntries(state)
  const valueByName: Record<string, Picture | string> = Object.fromEntries(
    entries.map(({ name }) => [
      name,
      valueOf(see(state, { asset: name, selector: undefined }, adjust), 'value', urlsOf),
    ]),
  )
  const exports = entries.map(
    ({ name, identifier }, index) =>
      `const p${index} = hold(${JSON.stringify(name)})\nexport { ${exportNames(`p${index}`, { name, identifier })} }\n`,
  )
  return `import { update } from ${JSON.stringify(CLIENT_ID)}
const values = ${JSON.stringify(valueByName)}
const hold = (name) => import.meta.hot ? update(import.meta.hot.data[name] ??= {}, values[name]) : values[name]
${exports.join('')}if (import.meta.hot) import.meta.hot.accept()
`
}

/** What stands in the braces of an `export`: everything that a picture is exported as. */
export function exportNames(from: string, { name, identifier }: IndexEntry): string {
  return [...new Set([identifier, identifier === name ? undefined : JSON.stringify(name)])]
    .flatMap((as) => (as === undefined ? [] : [`${from} as ${as}`]))
    .join(', ')
}
