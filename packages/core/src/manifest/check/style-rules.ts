import type { Place } from '../../diagnostic.ts'
import { didYouMean } from '../../did-you-mean.ts'
import { placeOfRow, valueInColumn } from '../data/data-table.ts'
import type { Path } from '../parse/path.ts'
import { builtInStyleNames, findStyle, namesOf } from '../resolve/styles.ts'
import { findCycles, formatCycle } from './find-cycles.ts'
import type { Checked, Report } from './rule.ts'

export function checkStyles({ file, expanded }: Checked, report: Report): void {
  const own = file.styles ?? {}
  const known = [...Object.keys(own), ...builtInStyleNames]
  const check = (
    written: string | readonly string[] | undefined,
    path: Path,
    place?: Place,
  ): void => {
    for (const [index, style] of namesOf(written).entries()) {
      if (findStyle(style, own) !== undefined) continue
      report({
        code: 'unknown-style',
        path: typeof written === 'string' ? path : [...path, index],
        place,
        message: `There is no style "${style}".`,
        hint:
          didYouMean(style, known) ??
          'Define it below `styles:`, or run `limn styles` to list the built-in ones.',
      })
    }
  }
  for (const [name, { style }] of Object.entries(file.assets)) {
    check(style, ['assets', name, 'style'])
  }
  for (const { key, asset, row } of expanded) {
    if (row === undefined || valueInColumn(row, 'style') === undefined) continue
    check(asset.style, ['assets', key, 'style'], placeOfRow(row, 'style'))
  }
  for (const [name, { extends: base }] of Object.entries(own)) {
    check(base, ['styles', name, 'extends'])
  }
}

export function checkStyleCycles({ file }: Checked, report: Report): void {
  const own = file.styles ?? {}
  const basesOf = (name: string): readonly string[] =>
    Object.hasOwn(own, name) ? namesOf(own[name]!.extends) : []
  for (const cycle of findCycles(Object.keys(own), basesOf)) {
    const [name] = cycle
    report({
      code: 'style-circle',
      path: ['styles', name!, 'extends'],
      message: `The style "${name}" extends itself${cycle.length > 1 ? `: ${formatCycle(cycle)}` : ''}.`,
      hint: 'Remove one of the names from `extends`.',
    })
  }
}
