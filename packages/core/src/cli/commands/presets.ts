import {
  builtInPresets,
  presetAliases,
  presetGroups,
  presetsAsOf,
  presetsSource,
} from '../../manifest/presets.ts'
import { pad } from '../../plan/format-plan.ts'
import type { CommandContext } from '../command.ts'
import { kilobytes } from '../progress.ts'

/** `limn presets`: the built-in output rules, as a table. */
export async function run({ output }: CommandContext): Promise<number> {
  const rows = Object.entries(builtInPresets).map(
    ([name, { width, height, widths, formats = [], maxBytes, safe, note }]) => {
      output.event({
        type: 'preset',
        name,
        ...builtInPresets[name],
        asOf: presetsAsOf,
        source: presetsSource,
      })
      const extra = [
        widths === undefined ? '' : `widths ${widths.join(' ')}`,
        safe === undefined ? '' : `safe ${safe.width}x${safe.height}`,
        note ?? '',
      ].filter((text) => text !== '')
      return [
        name,
        `${width}x${height}`,
        formats.join(' '),
        maxBytes === undefined ? '' : `≤ ${kilobytes(maxBytes)}`,
        extra.join('; '),
      ]
    },
  )
  for (const [name, target] of Object.entries(presetAliases)) {
    rows.push([name, '', '', '', `same as ${target}`])
  }
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]!.length)))
  for (const [name, size, formats, limit, extra] of rows) {
    output.line(
      `${output.paint('bold', pad(name!, widths[0]!))}  ${pad(size!, widths[1]!)}  ${pad(formats!, widths[2]!)}  ${pad(limit!, widths[3]!)}  ${output.paint('dim', extra!)}`.trimEnd(),
    )
  }
  output.line()
  output.line('Groups')
  for (const [name, members] of Object.entries(presetGroups)) {
    output.line(`${output.paint('bold', pad(name, widths[0]!))}  ${members.join(', ')}`)
  }
  output.line()
  output.line(
    output.paint(
      'dim',
      `As of ${presetsAsOf}, from ${presetsSource}. Platforms change their sizes: check one that matters to you.`,
    ),
  )
  return 0
}
