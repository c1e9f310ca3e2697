import { compareText } from '../digest.ts'
import { hashRecipe } from '../identity/recipe.ts'
import type { LockEntry } from '../lock/lock.ts'
import type { Asset, Output } from '../manifest/manifest.ts'
import { extensionByFormat } from '../manifest/presets.ts'
import type { Inventory } from './inventory.ts'
import type { Reason, Step } from './plan.ts'

/** The outputs of a master that is as it should be. */
export function planOutputs(
  asset: Asset,
  entry: LockEntry,
  inventory: Inventory,
  hasOut: boolean,
): Step | undefined {
  const uncut: Output[] = []
  const added: Output[] = []
  const changed: Output[] = []
  const missing: Output[] = []
  const altered: Output[] = []
  for (const output of asset.outputs) {
    const locked = entry.outputs[output.file]
    const recipe = hashRecipe(entry.master.sha256, output)
    if (locked === undefined) added.push(output)
    else if (locked.recipe === null) uncut.push(output)
    else if (locked.recipe !== recipe) changed.push(output)
    else if (!hasOut) {
      if (!inventory.cached.has(cacheName(recipe, output))) missing.push(output)
    } else {
      const fact = inventory.out?.get(`${asset.name}/${output.file}`)
      if (fact === undefined) missing.push(output)
      else if (fact.sha256 !== locked.sha256 && fact.sha256 !== inventory.ownDigests.get(recipe)) {
        altered.push(output)
      }
    }
  }
  // Of a picture that was brought, nothing is cut yet.
  if (entry.made.provider === 'adopted' && Object.keys(entry.outputs).length === 0) {
    uncut.push(...added.splice(0))
  }
  const reasons: Reason[] = []
  if (uncut.length > 0) {
    reasons.push(
      entry.made.picked === undefined
        ? { code: 'adopted' }
        : { code: 'picked', candidate: entry.made.picked },
    )
  }
  if (added.length > 0) reasons.push({ code: 'outputs-added', presets: presetsOf(added) })
  if (changed.length > 0) reasons.push({ code: 'outputs-changed', presets: presetsOf(changed) })
  if (altered.length > 0) {
    reasons.push({ code: 'outputs-altered', files: altered.map(({ file }) => file) })
  }
  if (missing.length > 0) reasons.push({ code: 'outputs-missing', files: missing.length })
  if (reasons.length === 0) return undefined
  const outputs = [...uncut, ...added, ...changed, ...missing, ...altered]
    .map(({ file }) => file)
    .sort(compareText)
  return { kind: 'derive', asset: asset.name, reasons, outputs }
}

/**
 * The outputs to make for an asset that takes over another's master: none where a person edited
 * that.
 */
export function movedOutputs(
  asset: Asset,
  entry: LockEntry,
  inventory: Inventory,
  hasOut: boolean,
): string[] {
  const standing = inventory.masters.get(entry.master.path)
  if (standing !== undefined && standing.sha256 !== entry.master.sha256) return []
  const isCurrent = (output: Output): boolean => {
    const recipe = hashRecipe(entry.master.sha256, output)
    return (
      !hasOut &&
      entry.outputs[output.file]?.recipe === recipe &&
      inventory.cached.has(cacheName(recipe, output))
    )
  }
  return asset.outputs.filter((output) => !isCurrent(output)).map(({ file }) => file)
}

/** Files in an asset's lock entry that no output of the manifest stands for any more. */
export function unaskedOutputs(asset: Asset, entry: LockEntry | undefined): string[] {
  if (entry === undefined) return []
  const asked = new Set(asset.outputs.map(({ file }) => file))
  return Object.keys(entry.outputs)
    .filter((file) => !asked.has(file))
    .sort(compareText)
}

/** Name of a cached output, `<recipe>.<ext>`. */
export function cacheName(recipe: string, { format }: Pick<Output, 'format'>): string {
  return `${recipe}.${extensionByFormat[format]}`
}

function presetsOf(outputs: readonly Output[]): string[] {
  return [...new Set(outputs.map(({ preset }) => preset))]
}
