import { type BuiltInPresets, listPresets } from '../../project/built-ins.ts'
import { formatBytes } from '../../project/byte-text.ts'
import { pad } from '../../project/plan-text.ts'
import type { CommandContext } from '../command.ts'
import { columnWidths } from '../table.ts'

type Preset = BuiltInPresets['presets'][string]

/** Runs `limn presets`: prints the built-in presets as a table. */
export async function run({ output }: CommandContext): Promise<number> {
  const { presets, aliases, groups, asOf, source } = listPresets()
  for (const [name, preset] of Object.entries(presets)) {
    output.event({ type: 'preset', name, ...preset, asOf, source })
  }
  const rows = [
    ...Object.entries(presets).map(([name, preset]) => rowOf(name, preset)),
    ...Object.entries(aliases).map(([name, target]) => [name, '', '', '', `same as ${target}`]),
  ]
  const widths = columnWidths(rows)
  for (const row of rows) {
    const [name, size, formats, limit] = row.map((cell, column) => pad(cell, widths[column]!))
    output.line(
      `${output.paint('bold', name!)}  ${size}  ${formats}  ${limit}  ${output.paint('dim', row[4]!)}`.trimEnd(),
    )
  }
  output.line()
  output.line('Groups')
  for (const [name, members] of Object.entries(groups)) {
    output.line(`${output.paint('bold', pad(name, widths[0]!))}  ${members.join(', ')}`)
  }
  output.line()
  output.line(
    output.paint(
      'dim',
      `As of ${asOf}, from ${source}. Platforms change their sizes: verify the ones that matter to you.`,
    ),
  )
  return 0
}

/** Returns name, size, formats, byte limit and notes of a preset. */
function rowOf(
  name: string,
  { width, height, widths, formats = [], maxBytes, safe, note }: Preset,
): string[] {
  const notes = [
    ...(widths === undefined ? [] : [`widths ${widths.join(' ')}`]),
    ...(safe === undefined ? [] : [`safe ${safe.width}x${safe.height}`]),
    ...(note === undefined ? [] : [note]),
  ]
  return [
    name,
    `${width}x${height}`,
    formats.join(' '),
    maxBytes === undefined ? '' : `≤ ${formatBytes(maxBytes)}`,
    notes.join('; '),
  ]
}
