import type { Asset, Output } from '@limn/core'
import {
  animatedOutputs,
  createPicture,
  draftRequest,
  hashRecipe,
  hashRequest,
  isPictureSelector,
  type LockEntry,
  mainOutput,
  mainOutputs,
  outputsOf,
  type Picture,
  type UrlOf,
  withActualSizes,
} from '@limn/core/for-vite'
import type { Context, PartialImage, ProjectState } from '../context.ts'
import { currentEntry, findAsset } from './lookup.ts'
import { CLIENT_ID, DEV_PATH, type Form, type Reference } from './module-id.ts'

/** What a reference resolves to in the project's current state. */
export type ResolvedReference = {
  /** The asset; its outputs have their actual sizes. */
  asset: Asset
  /** The selected outputs, at least one. */
  outputs: Output[]
  /** Whether the reference resolves to a `Picture`, else to one URL. */
  isPicture: boolean
  /** The lock entry of the current image; `undefined` before it is generated. */
  entry: LockEntry | undefined
  /** The placeholder as a data URL; empty before the image is generated. */
  readonly placeholder: string
}

/**
 * Resolves a reference.
 *
 * @param adjust removes outputs from the asset that are used only if the reference selects their
 *   preset
 * @throws LimnError `asset/unknown`, `output/unknown`
 */
export function resolveReference(
  state: ProjectState,
  reference: Reference,
  adjust: (asset: Asset) => Asset = (asset) => asset,
): ResolvedReference {
  const { selector } = reference
  const found = findAsset(state, reference)
  const entry = currentEntry(state, found)
  const complete = withActualSizes(
    found,
    entry ?? { master: { ...sizeOfDraft(found), path: '', sha256: '' }, outputs: {} },
  )
  const adjusted = adjust(complete)
  const isAdjusted =
    selector === undefined || adjusted.outputs.some(({ preset }) => preset === selector)
  const asset = isAdjusted ? adjusted : complete
  const selected = selector === undefined ? mainOutputs(asset.outputs) : outputsOf(asset, selector)
  return {
    asset,
    outputs: entry === undefined ? selected : animatedOutputs(selected, entry),
    isPicture: selector === undefined || isPictureSelector(complete, selector),
    entry,
    // Rendered on access: most references are resolved for their URLs alone.
    get placeholder() {
      return entry === undefined ? '' : state.renderPlaceholder(entry.master.thumbhash)
    },
  }
}

/** Returns the size of the picture that is about to be requested, px. */
function sizeOfDraft({ size }: Asset): { width: number; height: number } {
  const [width, height] = size.split('x').map(Number)
  return { width: width!, height: height! }
}

/**
 * Returns what a module of a form exports. For `inline`, `urlsOf` must return data URLs or tokens
 * for them.
 */
export function moduleValue(
  resolved: ResolvedReference,
  form: Form,
  urlsOf: (asset: Asset) => UrlOf,
): Picture | string {
  const { asset, outputs, isPicture } = resolved
  if (form === 'placeholder') return resolved.placeholder
  if (form === 'value' && isPicture) {
    return createPicture(asset, {
      outputs,
      urlOf: urlsOf(asset),
      placeholder: resolved.placeholder,
    })
  }
  return urlsOf(asset)(mainOutput(outputs))
}

/**
 * Renders an image module for the dev server. The module accepts its own updates: it changes the
 * object that importers hold, and swaps the image in the page without a reload.
 */
export function renderDevModule(value: Picture | string): string {
  return `import { update } from ${JSON.stringify(CLIENT_ID)}
const value = ${JSON.stringify(value)}
export default import.meta.hot ? update(import.meta.hot.data, value) : value
if (import.meta.hot) import.meta.hot.accept()
`
}

/** Renders an image module for a build. */
export function renderBuildModule(value: Picture | string): string {
  return `export default ${JSON.stringify(value)}\n`
}

/** Returns the start of the dev server's URLs: its `server.origin`, if set, and base. */
export function devBase({ config }: Context): string {
  return `${config.server.origin ?? ''}${config.base}`
}

/**
 * Returns the URLs of an asset's outputs on the dev server. The query changes with the image, so
 * that browsers request it again; the server reads the path only.
 */
export function devUrls(
  state: ProjectState,
  base: string,
  partialByAsset: ReadonlyMap<string, PartialImage>,
): (asset: Asset) => UrlOf {
  return (asset) => {
    const entry = currentEntry(state, asset)
    const folder = `${base}${DEV_PATH}${asset.name.split('/').map(encodeURIComponent).join('/')}`
    const temporary =
      entry === undefined ? (partialByAsset.get(asset.name)?.version ?? draftVersion(asset)) : ''
    return (output) => {
      const version =
        entry === undefined ? temporary : hashRecipe(entry.master, output).slice(0, 12)
      return `${folder}/${encodeURIComponent(output.file)}?v=${version}`
    }
  }
}

function draftVersion(asset: Asset): string {
  return `draft-${hashRequest(draftRequest(asset)).slice(0, 8)}`
}

/**
 * Removes the AVIF outputs of each preset that has another format: encoding AVIF takes seconds, too
 * long for dev.
 */
export function withoutSlowFormats(asset: Asset): Asset {
  const hasOtherFormat = (preset: string): boolean =>
    asset.outputs.some((output) => output.preset === preset && output.format !== 'avif')
  return {
    ...asset,
    outputs: asset.outputs.filter(
      ({ format, preset }) => format !== 'avif' || !hasOtherFormat(preset),
    ),
  }
}
