import { join } from 'node:path'
import { type Diagnostic, formatPlace, type Place } from '../diagnostic.ts'
import { sha256 } from '../digest.ts'
import { maxBytes, readTextInside } from '../disk/read-inside.ts'
import { writeFileAtomic } from '../disk/write-atomic.ts'
import { LimnError } from '../errors.ts'
import type { AssetEdit } from '../manifest/edit/edit-asset.ts'
import { ManifestError } from '../manifest/manifest-error.ts'
import type { Asset } from '../manifest/manifest.ts'
import type { Texts } from '../manifest/read-text.ts'
import type { Step } from '../plan/plan.ts'
import { priceOfStep } from '../plan/steps.ts'
import type { ProjectContext } from './context.ts'
import { findAsset } from './find-asset.ts'
import { planSnapshot } from './plan-snapshot.ts'
import { runAsWriter } from './run-as-writer.ts'
import type { FullSnapshot, Snapshot } from './snapshot.ts'
import { diffLines } from './text-diff.ts'

export type { AssetEdit } from '../manifest/edit/edit-asset.ts'

/** What an edit of an asset in the manifest would do. */
export type PreviewedEdit = {
  /** The changed lines, as a unified diff; empty if nothing changes. */
  diff: string
  /** Mistakes that the manifest would have: it is not written then. */
  mistakes: Diagnostic[]
  /** Names of the other assets that it changes: those of the same matrix, or that take it over. */
  others: string[]
  /** What a run would do afterwards because of the edit. */
  steps: Step[]
  /** The price of these steps at most, USD; `null` if a price is unknown. */
  usd: number | null
  /** SHA-256 of the file that the edit changes, as it is now. */
  digest: string
}

/** An edit of the asset `name`. */
type NamedEdit = { name: string; edit: AssetEdit }

/**
 * Returns what an edit of an asset would do. Writes only the cache.
 *
 * @throws LimnError `asset/unknown`, `manifest/not-editable`; ManifestError
 */
export async function previewEdit(
  context: ProjectContext,
  options: NamedEdit,
): Promise<PreviewedEdit> {
  const before = await context.read()
  const file = await editFile(context, before, options)
  return previewFileEdit(context, before, { name: options.name, file })
}

/** Returns what a changed file of the manifest would do; `name` is the asset that it is about. */
export async function previewFileEdit(
  context: ProjectContext,
  before: FullSnapshot,
  { name, file }: { name: string; file: EditedFile },
): Promise<PreviewedEdit> {
  const diff = diffLines(file.before, file.after)
  const { digest } = file
  try {
    const after = await context.read(new Map([[file.path, withoutMark(file.after)]]))
    return { diff, mistakes: [], digest, ...compareSnapshots(name, before, after) }
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error
    const mistakes = error.diagnostics.filter(({ severity }) => severity === 'error')
    return { diff, mistakes, digest, others: [], steps: [], usd: 0 }
  }
}

/**
 * Edits an asset in the manifest file that defines it, if the manifest is valid afterwards.
 *
 * @param options.digest the file as it was shown: if it has changed since, nothing is written.
 *   Default: any
 * @returns the path of the file, relative to the root
 * @throws LimnError `manifest/changed`, and as `previewEdit`; ManifestError
 */
export async function writeEdit(
  context: ProjectContext,
  { digest, ...options }: NamedEdit & { digest?: string | undefined },
): Promise<string> {
  // Reports a mistake in the manifest before anything is written.
  await context.read()
  return runAsWriter(context, {}, () => writeEditAsWriter(context, { digest, ...options }))
}

/** Does the work of `writeEdit`, as the single writer. */
export async function writeEditAsWriter(
  context: ProjectContext,
  { digest, ...options }: NamedEdit & { digest?: string | undefined },
): Promise<string> {
  const file = await editFile(context, await context.read(), options)
  return writeFileEdit(context, file, digest)
}

/** Writes a changed file of the manifest as the single writer, as `writeEdit` does. */
export async function writeFileEdit(
  context: ProjectContext,
  file: EditedFile,
  digest: string | undefined,
): Promise<string> {
  if (digest !== undefined && digest !== file.digest) throw changedMeanwhile(file.path)
  await context.read(new Map([[file.path, withoutMark(file.after)]]))
  if (file.after !== file.before) await replaceFile(context, file)
  return file.path
}

/**
 * Returns the text of the manifest file that an edit changes, to read the manifest with it.
 *
 * @throws LimnError `asset/unknown`, `manifest/not-editable`
 */
export async function editedTexts(
  context: ProjectContext,
  snapshot: Snapshot,
  options: NamedEdit,
): Promise<Texts> {
  const { path, after } = await editFile(context, snapshot, options)
  return new Map([[path, withoutMark(after)]])
}

/** A manifest file with its text before and after an edit. `path` is relative to the root. */
export type EditedFile = { path: string; before: string; after: string; digest: string }

async function editFile(
  { paths: { root } }: Pick<ProjectContext, 'paths'>,
  snapshot: Snapshot,
  { name, edit }: NamedEdit,
): Promise<EditedFile> {
  const { key, place, row } = findAsset(snapshot, name)
  if (row !== null) throw comesFromData(name, row)
  const before = readTextInside(root, place.file, maxBytes.text)
  const { editAsset } = await import('../manifest/edit/edit-asset.ts')
  try {
    const after = editAsset(before, { key, line: place.line }, edit)
    return { path: place.file, before, after, digest: sha256(before) }
  } catch (error) {
    if (error instanceof LimnError) error.location ??= `${place.file}:${place.line}:${place.column}`
    throw error
  }
}

function comesFromData(name: string, row: Place): LimnError {
  const error = new LimnError(
    'manifest/not-editable',
    `"${name}" comes from a row of data, at ${formatPlace(row)}.`,
    { hint: 'Edit that row: its `prompt`, `alt` and `style` override those of the manifest.' },
  )
  error.location = formatPlace(row)
  return error
}

/** Writes a file, unless a person changes it until the last moment. */
async function replaceFile(
  { paths: { root } }: Pick<ProjectContext, 'paths'>,
  { path, after, digest }: EditedFile,
): Promise<void> {
  await writeFileAtomic(root, join(root, path), after, {
    requireUnchanged() {
      if (sha256(readTextInside(root, path, maxBytes.text)) !== digest) throw changedMeanwhile(path)
    },
  })
}

function changedMeanwhile(path: string): LimnError {
  return new LimnError('manifest/changed', `${path} has changed in the meantime.`, {
    hint: 'Look at the edit again, then save it.',
  })
}

/** Returns a text as `readManifest` reads it: without a byte order mark. */
function withoutMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text
}

/** Returns what an edit changes, and what a run would do because of it. */
function compareSnapshots(
  name: string,
  before: FullSnapshot,
  after: FullSnapshot,
): Pick<PreviewedEdit, 'others' | 'steps' | 'usd'> {
  const changed = changedAssets(before, after)
  const affected = withDependants(changed, after.manifest.assets)
  const textByAsset = new Map(
    planAssets(before, affected).map((step) => [step.asset, JSON.stringify(step)]),
  )
  const steps = planAssets(after, affected).filter(
    (step) => changed.has(step.asset) || textByAsset.get(step.asset) !== JSON.stringify(step),
  )
  const prices = steps.map(priceOfStep)
  return {
    others: [...changed].filter((each) => each !== name),
    steps,
    usd: prices.includes(null) ? null : prices.reduce<number>((sum, usd) => sum + usd!, 0),
  }
}

/** Most assets that are planned one by one: the names of more are looked up slowly. */
const MAX_NAMES = 100

/** Plans some assets. Leaves out what is no longer in the manifest. */
function planAssets(snapshot: FullSnapshot, names: ReadonlySet<string>): Step[] {
  const known = snapshot.manifest.assets.map(({ name }) => name).filter((name) => names.has(name))
  if (known.length === 0) return []
  const { steps } = planSnapshot(snapshot, known.length > MAX_NAMES ? {} : { names: known })
  return steps.filter(({ kind }) => kind !== 'prune')
}

/** Adds the assets that are made from the given ones, from those, and so on. */
function withDependants(names: ReadonlySet<string>, assets: readonly Asset[]): Set<string> {
  const found = new Set(names)
  const made = assets.filter(({ inputs }) => inputs.some(({ kind }) => kind === 'asset'))
  for (let size = -1; size !== found.size;) {
    size = found.size
    for (const { name, inputs } of made) {
      if (inputs.some(({ kind, target }) => kind === 'asset' && found.has(target))) found.add(name)
    }
  }
  return found
}

/** Returns the names of the assets that two manifests describe differently. */
export function changedAssets(
  before: Pick<Snapshot, 'manifest'>,
  after: Pick<Snapshot, 'manifest'>,
): Set<string> {
  const textByName = new Map(before.manifest.assets.map((asset) => [asset.name, textOf(asset)]))
  return new Set(
    after.manifest.assets
      .filter((asset) => textByName.get(asset.name) !== textOf(asset))
      .map((asset) => asset.name),
  )
}

/** Formats an asset without its places in the manifest, which an edit above it moves. */
function textOf(asset: Asset): string {
  const { source, inputs } = asset
  const targets = inputs.map(({ role, kind, target }) => [role, kind, target])
  return JSON.stringify({ ...asset, place: null, row: null, source: source?.path, inputs: targets })
}
