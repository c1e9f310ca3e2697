import { type ListedAsset, listAssets, type NextCommand, nextCommand } from '../../project/list.ts'
import { displayWidth, pad } from '../../project/plan-text.ts'
import type { CommandContext } from '../command.ts'
import { openProjectFor } from '../open-project.ts'
import type { Output } from '../output.ts'
import { count } from '../text.ts'

/** How the last line ends, by the command that reports what is left. */
const endings: Record<NonNullable<NextCommand>, string> = {
  plan: '; `limn plan` shows what there is to do.',
  batch: '; `limn batch` shows the progress of the rest.',
  check: '; `limn check` reports what is wrong.',
}

/** Runs `limn list`: prints every asset with its state, size and number of files. */
export async function run(context: CommandContext): Promise<number> {
  const { output } = context
  const checked = await openProjectFor(context).check()
  const rows = listAssets(checked)
  for (const row of rows) output.event({ type: 'asset', ...row })
  printRows(rows, output)
  output.line()
  const next = nextCommand(checked)
  if (rows.length === 0) output.line('The manifest has no assets yet.')
  else {
    const ending = next === null ? ', nothing to do.' : endings[next]
    output.line(`${count(rows.length, 'asset')}${ending}`)
  }
  return 0
}

function printRows(rows: readonly ListedAsset[], { line, paint }: Output): void {
  const width = Math.max(0, ...rows.map(({ name }) => displayWidth(name)))
  for (const { name, state, size, outputs, why } of rows) {
    const cells = [
      paint('bold', pad(name, width)),
      pad(state, 9),
      pad(size, 9),
      count(outputs, 'file').padEnd(8),
      paint('dim', why),
    ]
    line(cells.join('  ').trimEnd())
  }
}
