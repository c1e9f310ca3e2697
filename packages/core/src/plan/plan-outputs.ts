import { compareText } from '../digest.ts'
import { hashRecipe } from '../identity/recipe.ts'
import type { LockedOutput, LockEntry } from '../lock/lock.ts'
import type { Asset, Output } from '../manifest/manifest.ts'
import { extensionByFormat } from '../manifest/presets.ts'
import { hasContent } from './inventory.ts'
import type { PlanOptions, Reason, Step } from './plan.ts'

/** What planning outputs needs of the options of a plan. */
type Context = Pick<PlanOptions, 'manifest' | 'inventory'>

/** Plans the outputs of a master that is up to date; `undefined` if all of them are, too. */
export function planOutputs(asset: Asset, entry: LockEntry, context: Context): Step | undefined {
  const outdated = groupOutdated(asset, entry, context)
  const reasons = reasonsFor(outdated, entry)
  if (reasons.length === 0) return undefined
  const outputs = Object.values(outdated)
    .flat()
    .map(({ file }) => file)
    .sort(compareText)
  return { kind: 'derive', asset: asset.name, reasons, outputs }
}

/** Why an output has to be cut. */
type Defect = 'uncut' | 'added' | 'changed' | 'missing' | 'altered'

function groupOutdated(asset: Asset, entry: LockEntry, context: Context): Record<Defect, Output[]> {
  const outdated: Record<Defect, Output[]> = {
    uncut: [],
    added: [],
    changed: [],
    missing: [],
    altered: [],
  }
  // Nothing has been cut from an adopted picture yet.
  const isNewlyAdopted =
    entry.made.provider === 'adopted' && Object.keys(entry.outputs).length === 0
  for (const output of asset.outputs) {
    const defect = isNewlyAdopted ? 'uncut' : findDefect({ asset, output }, entry, context)
    if (defect !== undefined) outdated[defect].push(output)
  }
  return outdated
}

function findDefect(
  { asset, output }: { asset: Asset; output: Output },
  { master, outputs }: LockEntry,
  context: Context,
): Defect | undefined {
  const locked = outputs[output.file]
  if (locked === undefined) return 'added'
  if (locked.recipe === null) return 'uncut'
  if (locked.recipe !== hashRecipe(master, output)) return 'changed'
  return context.manifest.out === null
    ? findCacheDefect(output, locked.recipe, context)
    : findFileDefect(`${asset.name}/${output.file}`, locked, context)
}

function findCacheDefect(
  output: Output,
  recipe: string,
  { inventory }: Context,
): Defect | undefined {
  return inventory.cached.has(cacheName(recipe, output)) ? undefined : 'missing'
}

function findFileDefect(
  path: string,
  { sha256, recipe }: LockedOutput,
  { inventory }: Context,
): Defect | undefined {
  const file = inventory.out?.get(path)
  if (file === undefined) return 'missing'
  const own = inventory.ownDigests.get(recipe!)
  const isKnown = hasContent(file, sha256) || (own !== undefined && hasContent(file, own))
  return isKnown ? undefined : 'altered'
}

function reasonsFor(
  { uncut, added, changed, missing, altered }: Record<Defect, Output[]>,
  { made }: LockEntry,
): Reason[] {
  const reasons: Reason[] = []
  if (uncut.length > 0) {
    reasons.push(
      made.picked === undefined ? { code: 'adopted' } : { code: 'picked', candidate: made.picked },
    )
  }
  if (added.length > 0) reasons.push({ code: 'outputs-added', presets: presetsOf(added) })
  if (changed.length > 0) reasons.push({ code: 'outputs-changed', presets: presetsOf(changed) })
  if (altered.length > 0) {
    reasons.push({ code: 'outputs-altered', files: altered.map(({ file }) => file) })
  }
  if (missing.length > 0) reasons.push({ code: 'outputs-missing', files: missing.length })
  return reasons
}

/** The files to derive for an asset that gets another master; none if a person edited that. */
export function movedOutputs(
  asset: Asset,
  { master, outputs }: LockEntry,
  { manifest, inventory }: Context,
): string[] {
  const file = inventory.masters.get(master.path)
  if (file !== undefined && !hasContent(file, master.sha256)) return []
  const isCurrent = (output: Output): boolean => {
    const recipe = hashRecipe(master, output)
    return (
      manifest.out === null &&
      outputs[output.file]?.recipe === recipe &&
      inventory.cached.has(cacheName(recipe, output))
    )
  }
  return asset.outputs.filter((output) => !isCurrent(output)).map((output) => output.file)
}

/** The files in an asset's lock entry that the manifest no longer requests. */
export function unrequestedOutputs(asset: Asset, entry: LockEntry | undefined): string[] {
  if (entry === undefined) return []
  const requested = new Set(asset.outputs.map(({ file }) => file))
  return Object.keys(entry.outputs)
    .filter((file) => !requested.has(file))
    .sort(compareText)
}

/** Name of an output in the cache, `<recipe>.<ext>`. */
export function cacheName(recipe: string, { format }: Pick<Output, 'format'>): string {
  return `${recipe}.${extensionByFormat[format]}`
}

function presetsOf(outputs: readonly Output[]): string[] {
  return [...new Set(outputs.map(({ preset }) => preset))]
}
