import { join } from 'node:path'
import type { AssetView, SheetOutput } from '@limn/contact-sheet'
import { maxBytes, readInside } from '../../disk/read-inside.ts'
import { hashRecipe } from '../../identity/recipe.ts'
import { currentVerdicts } from '../../lock/examination.ts'
import type { LockEntry } from '../../lock/lock.ts'
import type { Asset, Output } from '../../manifest/manifest.ts'
import { formatPosition } from '../../manifest/presets.ts'
import { readCredentials } from '../../pictures/credentials/read-credentials.ts'
import type { ProjectPaths } from '../../store/paths.ts'
import { auditLock } from '../audit-lock.ts'
import { explain } from '../explain.ts'
import type { Project } from '../project.ts'
import { whyNoMask } from '../set-mask.ts'
import type { SheetContext } from './context.ts'
import { listEarlier } from './earlier.ts'
import { readEditedPicture } from './edited-picture.ts'
import { listPricedModels } from './priced-models.ts'
import { readEditable } from './read-editable.ts'
import { createAsset, stepsByAsset } from './read-sheet.ts'
import { timeOfRequest } from './request-time.ts'
import { safeAreaOf } from './safe-area.ts'
import type { SheetState } from './session-state.ts'
import { shownPicture } from './shown-picture.ts'

/**
 * Returns everything that the page shows of one asset.
 *
 * @throws LimnError `asset/unknown`; the error of the read
 */
export async function readAssetView(
  { host, failureOf, requireState }: SheetContext,
  { name }: { name: string },
): Promise<AssetView> {
  const state = await requireState()
  const { paths, history } = host.project
  const { plan, snapshot } = state
  const { manifest } = snapshot
  const { asset, entry, changes } = explain(state, name)
  const step = stepsByAsset(plan).get(name)
  const { file, line, column } = asset.place
  const generated = entry?.request.operation === 'source' ? undefined : entry
  return {
    asset: createAsset(asset, { step, entry, snapshot, failure: failureOf(name) }),
    prompt: partsOfPrompt(asset),
    madePrompt: promptOf(generated),
    changes: changes
      .filter(({ field }) => field !== 'prompt')
      .map(({ field, from, to }) => ({ field, from: from ?? '', to: to ?? '' })),
    outputs: asset.outputs.map((output) => createOutput(asset, output, entry)),
    faults: await faultsOf(name, state, paths),
    verdicts: currentVerdicts(entry).map(({ test, of = '', passed, reason }) => ({
      test,
      of,
      passed,
      reason,
    })),
    made: generated === undefined ? null : createMade(generated, await history(), name),
    isMarked: asset.outputs.some(({ provenance }) => provenance),
    credentials: readCredentialsOf(asset, { snapshot, root: paths.root }),
    earlier: await listEarlier(name, { paths, state, history: host.history }),
    imports: host.importsOf === undefined ? null : await host.importsOf(name),
    place: { file, line, column },
    editable: readEditable(paths.root, manifest, asset),
    models: listPricedModels(asset, manifest, new Date().toISOString().slice(0, 10)),
    noMask: whyNoMask(asset, manifest),
    edits: await readEdits(asset, { snapshot, root: paths.root }),
  }
}

/** Returns what is wrong with the entry of an asset, as `limn show` reports it. */
async function faultsOf(
  name: string,
  { snapshot }: SheetState,
  paths: ProjectPaths,
): Promise<AssetView['faults']> {
  try {
    const faults = await auditLock(snapshot, paths, name)
    return faults
      .filter(({ asset }) => asset === name)
      .map(({ message, hint }) => ({ message, hint }))
  } catch {
    // The file has gone since it was listed: the next read reports that.
    return []
  }
}

function promptOf(entry: LockEntry | undefined): string | null {
  return entry === undefined || entry.request.operation === 'source' ? null : entry.request.prompt
}

/** Returns the prompt of an asset in parts: its own, and what each style adds. */
function partsOfPrompt({ prompt, promptOrigins }: Asset): AssetView['prompt'] {
  if (prompt === '') return []
  if (promptOrigins.length === 0) return [{ text: prompt, style: null }]
  let start = 0
  return promptOrigins.map(([style, length]) => {
    start += length
    return { text: prompt.slice(start - length, start), style }
  })
}

function createMade(
  entry: LockEntry,
  history: Awaited<ReturnType<Project['history']>>,
  name: string,
): NonNullable<AssetView['made']> {
  const { provider, at, usd, estimated, usage, requestId, revisedPrompt, batch } = entry.made
  const tokens = {
    'text input': usage?.inputTextTokens,
    'image input': usage?.inputImageTokens,
    output: usage?.outputTokens,
    'text output': usage?.outputTextTokens,
  }
  return {
    provider,
    at,
    usd: usd ?? null,
    isEstimate: estimated === true,
    tokens: Object.fromEntries(
      Object.entries(tokens).filter((each): each is [string, number] => each[1] !== undefined),
    ),
    ms: timeOfRequest(history, name, entry),
    requestId: requestId ?? null,
    revisedPrompt: revisedPrompt ?? null,
    batch: batch ?? null,
  }
}

function createOutput(asset: Asset, output: Output, entry: LockEntry | undefined): SheetOutput {
  const { file, preset, width, height, format, position, fit } = output
  const locked = entry?.outputs[file]
  const recipe = entry === undefined ? `draft-${asset.name}` : hashRecipe(entry.master, output)
  const current = locked?.recipe === recipe ? locked : undefined
  return {
    file,
    preset,
    width: current?.width ?? width,
    height: current?.height ?? height,
    format,
    bytes: current?.bytes ?? null,
    version: recipe.slice(0, 16),
    safeArea: safeAreaOf(output),
    position: formatPosition(position),
    fit,
  }
}

/** Reads the size and version of the picture that an asset edits. */
async function readEdits(
  asset: Asset,
  sources: Pick<SheetState, 'snapshot'> & { root: string },
): Promise<AssetView['edits']> {
  const edited = await readEditedPicture(asset, sources)
  if (edited === undefined) return null
  const { width, height, version } = edited
  return { width, height, version }
}

/** Reads what the Content Credentials of an asset's picture say. */
function readCredentialsOf(
  asset: Asset,
  { snapshot, root }: Pick<SheetState, 'snapshot'> & { root: string },
): AssetView['credentials'] {
  const picture = shownPicture(asset, snapshot)
  if (picture.kind !== 'file') return null
  try {
    return readCredentials(readInside(root, join(root, picture.path), maxBytes.picture))
  } catch {
    // The picture itself is missing on the page then.
    return null
  }
}
