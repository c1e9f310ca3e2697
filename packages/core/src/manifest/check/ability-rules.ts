import type { Model } from '../../models/model.ts'
import { findModel } from '../../models/models.ts'
import type { Asset } from '../manifest.ts'
import type { Path } from '../parse/path.ts'
import { abilities, type Ability } from './abilities.ts'
import { type Field, pathOfField } from './field-path.ts'
import { findCapableModel } from './find-capable-model.ts'
import { isRequested } from './is-requested.ts'
import type { Checked, Problem, Report } from './rule.ts'
import { conflicts } from './setting-conflicts.ts'

/** Finds what a model can't do, and what no model can do. */
export function checkAbilities(checked: Checked, report: Report): void {
  const { manifest } = checked
  // The local provider ignores these settings, as it stands in for a model that may have them.
  if (manifest.providers[0]?.server === 'local') return
  for (const asset of manifest.assets) {
    if (!isRequested(asset)) continue
    const reportAt = (at: Field | Path, wording: Omit<Problem, 'path' | 'part'>): void =>
      typeof at === 'string'
        ? report({ path: pathOfField(checked, asset, at), part: 'value', ...wording })
        : report({ path: at, part: 'key', ...wording })
    const row = findModel(asset.model, manifest.models)
    for (const ability of row === undefined ? [] : missingAbilities(asset, row)) {
      const { code, at, cannot } = ability
      reportAt(typeof at === 'function' ? at(asset) : at, {
        code,
        message: `${row!.id} ${cannot(row!, asset)}.`,
        hint: hintForMissingAbility(asset),
      })
    }
    const written = checked.file.assets[asset.key] ?? {}
    for (const { at, when, ...wording } of conflicts) {
      if (when(asset, written)) reportAt(typeof at === 'function' ? at(asset) : at, wording)
    }
  }
}

function missingAbilities(asset: Asset, row: Model): Ability[] {
  return abilities.filter(({ needs, can }) => needs(asset) && !can(row, asset))
}

function hintForMissingAbility(asset: Asset): string {
  const capable = findCapableModel((model) => missingAbilities(asset, model).length === 0)
  if (capable === undefined) return 'Remove a setting: no model supports all of them.'
  const until = capable.shutdown === undefined ? '' : ` (until ${capable.shutdown.date})`
  return `Use a model that supports it, for example ${capable.id}${until}, or remove the setting.`
}
