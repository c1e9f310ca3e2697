import type { Asset } from '@limn/core'
import {
  exportNames,
  indexEntries,
  type IndexEntry,
  type Picture,
  type UrlOf,
} from '@limn/core/for-vite'
import type { ProjectState } from '../context.ts'
import { CLIENT_ID, MODULE_PREFIX } from '../references/module-id.ts'
import { moduleValue, resolveReference } from '../references/resolve-reference.ts'

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
  const entries = indexEntries(state.snapshot.manifest.assets)
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
