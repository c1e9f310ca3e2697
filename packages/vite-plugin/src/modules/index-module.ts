import type { Asset } from '@limn/core'
import type { ProjectState } from '../context.ts'
import { CLIENT_ID, MODULE_PREFIX } from '../references/module-id.ts'
import type { Picture, UrlOf } from '../references/picture.ts'
import { moduleValue, resolveReference } from '../references/resolve-reference.ts'

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
export function indexEntries({ snapshot }: ProjectState): IndexEntry[] {
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

/** Matches a JavaScript identifier. */
const IDENTIFIER = /^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u

/** Converts `product/mug-red` to `productMugRed`. */
function toIdentifier(name: string): string {
  return name
    .replace(/[-/]+(.?)/gu, (_, letter: string) => letter.toUpperCase())
    .replace(/^(?=\p{N})/u, '_')
}

/** Renders `virtual:limn` for a build: one re-export per image, so that unused ones are dropped. */
export function renderBuildIndex(entries: readonly IndexEntry[]): string {
  return entries
    .map(
      ({ name, identifier }) =>
        `export { ${exportNames('default', { name, identifier })} } from ${JSON.stringify(`${MODULE_PREFIX}${name}`)}\n`,
    )
    .join('')
}

/** Renders `virtual:limn` for dev: one module, so that a browser sends no request per image. */
export function renderDevIndex(
  state: ProjectState,
  urlsOf: (asset: Asset) => UrlOf,
  adjust: (asset: Asset) => Asset,
): string {
  const entries = indexEntries(state)
  const valueOf = (name: string): Picture | string =>
    moduleValue(
      resolveReference(state, { asset: name, selector: undefined }, adjust),
      'value',
      urlsOf,
    )
  const valueByName = Object.fromEntries(entries.map(({ name }) => [name, valueOf(name)]))
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

/** Returns the text between the braces of an `export`: every name of an image. */
export function exportNames(from: string, { name, identifier }: IndexEntry): string {
  return [...new Set([identifier, identifier === name ? undefined : JSON.stringify(name)])]
    .flatMap((as) => (as === undefined ? [] : [`${from} as ${as}`]))
    .join(', ')
}
