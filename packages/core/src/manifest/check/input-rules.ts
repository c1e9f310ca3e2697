import { didYouMean } from '../../did-you-mean.ts'
import type { Asset, Input } from '../manifest.ts'
import type { Path } from '../parse/path.ts'
import { findCycles, formatCycle } from './find-cycles.ts'
import { leavesRoot } from './leaves-root.ts'
import type { Checked, Report } from './rule.ts'

/*
 * Existing pictures that are the source or an input of assets.
 */

const COPY_INTO_PROJECT =
  'Copy the file into the project, and write its path relative to the manifest.'

export function checkSourceFiles({ manifest }: Checked, report: Report): void {
  for (const { key, source } of manifest.assets) {
    if (source === null || !leavesRoot(source.path)) continue
    report({
      code: 'path',
      path: ['assets', key, 'source'],
      message: `The source must be inside the project, but "${source.path}" is not.`,
      hint: COPY_INTO_PROJECT,
    })
  }
}

export function checkInputFiles({ manifest }: Checked, report: Report): void {
  for (const asset of manifest.assets) {
    for (const input of asset.inputs) {
      const { kind, target } = input
      if (kind !== 'file' || !leavesRoot(target)) continue
      report({
        code: 'path',
        path: pathOfInput(asset, input),
        message: `Input pictures must be inside the project, but "${target}" is not.`,
        hint: COPY_INTO_PROJECT,
      })
    }
  }
}

export function checkInputNames({ manifest }: Checked, report: Report): void {
  const names = new Set(manifest.assets.map(({ name }) => name))
  for (const asset of manifest.assets) {
    for (const input of asset.inputs) {
      const { kind, target } = input
      if (kind !== 'asset' || names.has(target) || isCharacter(input)) continue
      report({
        code: 'unknown-asset',
        path: pathOfInput(asset, input),
        message: `There is no asset "${target}".`,
        hint: didYouMean(target, names) ?? 'Name an asset, or a file such as ./photos/shop.png.',
      })
    }
  }
}

/** Finds assets that depend on themselves: by their inputs, or by the pictures they are like. */
export function checkCycles({ manifest }: Checked, report: Report): void {
  const assetByName = new Map(manifest.assets.map((asset) => [asset.name, asset]))
  const inputsOf = (name: string): string[] => {
    const { inputs, expect } = assetByName.get(name)!
    const targets = inputs.flatMap(({ kind, target }) => (kind === 'asset' ? [target] : []))
    return [...targets, ...(expect?.like ?? [])].filter((target) => assetByName.has(target))
  }
  const inFileOrder = manifest.assets
    .toSorted((a, b) => a.place.line - b.place.line || a.place.column - b.place.column)
    .map(({ name }) => name)
  for (const cycle of findCycles(inFileOrder, inputsOf)) {
    const { name, key } = assetByName.get(cycle[0]!)!
    report({
      code: 'circle',
      path: ['assets', key],
      part: 'key',
      message: `"${name}" depends on itself: ${formatCycle(cycle)}.`,
      hint: 'Remove one of the pictures from the cycle.',
    })
  }
}

/** Whether an input is written as the name of a character. */
function isCharacter({ path }: Input): boolean {
  return path?.[0] === 'assets'
}

function pathOfInput({ key, operation }: Asset, { role, path }: Input): Path {
  if (path !== undefined) return path
  if (role === 'reference') return ['assets', key, 'references']
  const group = operation === 'variation' ? 'variation' : 'edit'
  return ['assets', key, group, role]
}
