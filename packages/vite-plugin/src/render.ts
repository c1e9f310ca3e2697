import type { Asset } from '@limn/core'
import { createPlaceholder, hashRecipe, hashRequest, draftRequest, pictureOf, selectionOf, type Picture, type UrlOf, withActualSizes } from '@limn/core/internal'
import { currentEntry, findAsset, type State } from './context.ts'
import { CLIENT_ID, type ModuleId } from './module-id.ts'

/** Path below the base at which the dev server has pictures. */
export const DEV_PATH = '@limn/'

/** The value of a picture module; `adjust` leaves out of an asset what is not to be shown. @throws LimnError `asset/unknown`, `output/unknown` */
export function valueOf(state: State, { asset: name, selector }: ModuleId, urlsOf: (asset: Asset) => UrlOf, adjust: (asset: Asset) => Asset = (asset) => asset): Picture | string {
  const whole = findAsset(state, name, selector)
  const entry = currentEntry(state, whole)
  const found = adjust(whole)
  const asset = entry === undefined ? found : withActualSizes(found, entry.master)
  const thumbhash = entry?.master.thumbhash
  const placeholder = thumbhash === undefined ? '' : createPlaceholder(thumbhash)
  return selector === undefined ? pictureOf(asset, urlsOf(asset), placeholder) : selectionOf(asset, selector, urlsOf(asset), placeholder)
}

/**
 * The code of a picture module in dev. It takes its own updates: the object that importers
 * hold is changed in place, and what the page shows of it is swapped without a reload.
 */
export function renderDevModule(value: Picture | string): string {
  return `import { update } from ${JSON.stringify(CLIENT_ID)}
const value = ${JSON.stringify(value)}
export default import.meta.hot ? update(import.meta.hot.data, value) : value
if (import.meta.hot) import.meta.hot.accept()
`
}

/** The code of a picture module in a build. */
export function renderBuildModule(value: Picture | string): string {
  return `export default ${JSON.stringify(value)}\n`
}

/**
 * URLs of an asset's files on the dev server. The query changes with the picture, so that
 * browsers ask anew; the server itself goes by the path alone.
 */
export function devUrls(state: State, base: string): (asset: Asset) => UrlOf {
  return (asset) => {
    const entry = currentEntry(state, asset)
    const folder = `${base}${DEV_PATH}${asset.name.split('/').map(encodeURIComponent).join('/')}`
    const draft = entry === undefined ? `draft-${hashRequest(draftRequest(asset)).slice(0, 8)}` : ''
    return (output) => `${folder}/${encodeURIComponent(output.file)}?v=${entry === undefined ? draft : hashRecipe(entry.master.sha256, output).slice(0, 12)}`
  }
}

/** An asset as dev shows it: AVIF takes seconds to encode, so it is left out where another format will do. */
export function withoutSlowFormats(asset: Asset): Asset {
  const isDispensable = (preset: string): boolean => asset.outputs.some((output) => output.preset === preset && output.format !== 'avif')
  return { ...asset, outputs: asset.outputs.filter(({ format, preset }) => format !== 'avif' || !isDispensable(preset)) }
}
