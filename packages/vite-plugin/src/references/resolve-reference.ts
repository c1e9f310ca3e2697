import type { Asset, Output } from '@limn/core'
import { draftRequest, hashRecipe, hashRequest, type LockEntry } from '@limn/core/for-vite'
import type { Context, State } from '../context.ts'
import { currentEntry, findAsset } from './lookup.ts'
import { CLIENT_ID, DEV_PATH, type Form, type Reference } from './module-id.ts'
import {
  createPicture,
  isPictureSelector,
  mainOutput,
  mainOutputs,
  outputsOf,
  type Picture,
  type UrlOf,
  withActualSizes,
} from './picture.ts'

/** What a reference stands for, as it is now. */
export type Sight = {
  /** With the sizes that its outputs come to. */
  asset: Asset
  /** The files that were selected, one at least. */
  outputs: Output[]
  /** Whether they stand for a Picture, and not for one URL. */
  isPicture: boolean
  /** What the lock has of its picture; `undefined` where there is none yet. */
  entry: LockEntry | undefined
  /** Draws the stand-in of a picture from its ThumbHash. */
  draw: State['placeholder']
}

/**
 * Looks up what a reference stands for; `adjust` leaves out of an asset what is not to be shown
 * unless it is named.
 *
 * @throws LimnError `asset/unknown`, `output/unknown`
 */
export function see(
  state: State,
  { asset: name, selector }: Reference,
  adjust: (asset: Asset) => Asset = (asset) => asset,
): Sight {
  const found = findAsset(state, name, selector)
  const entry = currentEntry(state, found)
  const whole = entry === undefined ? found : withActualSizes(found, entry.master)
  const isAdjusted =
    selector === undefined || adjust(whole).outputs.some(({ preset }) => preset === selector)
  const asset = isAdjusted ? adjust(whole) : whole
  const outputs = selector === undefined ? mainOutputs(asset) : outputsOf(asset, selector)
  return {
    asset,
    outputs,
    isPicture: selector === undefined || isPictureSelector(whole, selector),
    entry,
    draw: state.placeholder,
  }
}

/** The stand-in of a picture as a data URL; empty where there is no picture yet. */
export function placeholderOf({ entry, draw }: Sight): string {
  return entry === undefined ? '' : draw(entry.master.thumbhash)
}

/**
 * What a picture module of a form gives; where that is a file's content (`inline`), `urlsOf` has to
 * say it.
 */
export function valueOf(
  sight: Sight,
  form: Form,
  urlsOf: (asset: Asset) => UrlOf,
): Picture | string {
  const { asset, outputs, isPicture } = sight
  if (form === 'placeholder') return placeholderOf(sight)
  if (form === 'value' && isPicture) {
    return createPicture(asset, outputs, urlsOf(asset), placeholderOf(sight))
  }
  return urlsOf(asset)(mainOutput(outputs))
}

/**
 * The code of a picture module in dev. It takes its own updates: the object that importers hold is
 * changed in place, and what the page shows of it is swapped without a reload.
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

/** What URLs of the dev server begin with: its origin, where one is set, and base. */
export function devBase({ config }: Context): string {
  return `${config.server.origin ?? ''}${config.base}`
}

/**
 * URLs of an asset's files on the dev server. The query changes with the picture, so that browsers
 * ask anew; the server itself goes by the path alone.
 */
export function devUrls(
  state: State,
  base: string,
  partials: Context['partials'] = new Map(),
): (asset: Asset) => UrlOf {
  return (asset) => {
    const entry = currentEntry(state, asset)
    const folder = `${base}${DEV_PATH}${asset.name.split('/').map(encodeURIComponent).join('/')}`
    const standIn =
      entry === undefined
        ? (partials.get(asset.name)?.version ??
          `draft-${hashRequest(draftRequest(asset)).slice(0, 8)}`)
        : ''
    return (output) =>
      `${folder}/${encodeURIComponent(output.file)}?v=${entry === undefined ? standIn : hashRecipe(entry.master.sha256, output).slice(0, 12)}`
  }
}

/**
 * An asset as dev shows it: AVIF takes seconds to encode, so it is left out where another format
 * will do.
 */
export function withoutSlowFormats(asset: Asset): Asset {
  const isDispensable = (preset: string): boolean =>
    asset.outputs.some((output) => output.preset === preset && output.format !== 'avif')
  return {
    ...asset,
    outputs: asset.outputs.filter(
      ({ format, preset }) => format !== 'avif' || !isDispensable(preset),
    ),
  }
}
