import type { AssetView, SheetOutput } from '@limn/contact-sheet'
import { hashRecipe } from '../../identity/recipe.ts'
import type { LockEntry, MasterRecord } from '../../lock/lock.ts'
import type { Asset, Output } from '../../manifest/manifest.ts'
import { findAsset } from '../find-asset.ts'
import type { SheetContext } from './context.ts'
import { listEarlier } from './earlier.ts'
import { createAsset, stepsByAsset } from './read-sheet.ts'

/**
 * Returns everything that the page shows of one asset.
 *
 * @throws LimnError `asset/unknown`; the error of the read
 */
export async function readAssetView(
  { host, runs, requireState }: SheetContext,
  { name }: { name: string },
): Promise<AssetView> {
  const state = await requireState()
  const { plan, snapshot } = state
  const asset = findAsset(snapshot, name)
  const entry = snapshot.lock.assets.get(name)
  const step = stepsByAsset(plan).get(name)
  const { file, line, column } = asset.place
  return {
    asset: createAsset(asset, { step, entry, snapshot, failure: runs.failureByAsset.get(name) }),
    prompt: asset.source === null ? [{ text: asset.prompt, style: null }] : [],
    madePrompt:
      entry === undefined || entry.request.operation === 'source' ? null : entry.request.prompt,
    changes: [],
    outputs: asset.outputs.map((output) => createOutput(asset, output, entry)),
    made:
      entry === undefined || entry.request.operation === 'source' ? null : createMade(entry.made),
    isMarked: asset.outputs.some(({ provenance }) => provenance),
    credentials: null,
    earlier: await listEarlier(name, { paths: host.project.paths, state }),
    imports: host.importsOf === undefined ? null : await host.importsOf(name),
    place: { file, line, column },
    editable: {
      prompt: asset.ownPrompt,
      styles: [],
      alt: asset.alt,
      model: asset.model,
      quality: asset.quality,
      outputs: [...new Set(asset.outputs.map(({ preset }) => preset))],
      focus: null,
      knownStyles: [],
      knownPresets: [],
    },
    models: [],
    noMask: null,
  }
}

function createMade({
  provider,
  at,
  usd,
  estimated,
  usage,
  requestId,
  revisedPrompt,
  batch,
}: MasterRecord): AssetView['made'] {
  return {
    provider,
    at,
    usd: usd ?? null,
    isEstimate: estimated === true,
    tokens: { ...usage },
    ms: null,
    requestId: requestId ?? null,
    revisedPrompt: revisedPrompt ?? null,
    batch: batch ?? null,
  }
}

function createOutput(asset: Asset, output: Output, entry: LockEntry | undefined): SheetOutput {
  const { file, preset, width, height, format, position, fit } = output
  const locked = entry?.outputs[file]
  const recipe = entry === undefined ? `draft-${asset.name}` : hashRecipe(entry.master, output)
  const isCurrent = locked !== undefined && locked.recipe === recipe
  return {
    file,
    preset,
    width: isCurrent ? locked.width : width,
    height: isCurrent ? locked.height : height,
    format,
    bytes: isCurrent ? locked.bytes : null,
    version: recipe.slice(0, 16),
    safeArea: null,
    position: typeof position === 'string' ? position : formatFocus(position),
    fit,
  }
}

/** Returns a focal point as the page shows it: `30% 40%` from the left and the top. */
function formatFocus({ x, y }: { x: number; y: number }): string {
  return `${Math.round(x * 100)}% ${Math.round(y * 100)}%`
}
