import { count } from '../../count.ts'
import { adviceFor, type ListedAsset, listAssets } from '../../project/list.ts'
import { displayWidth, pad } from '../../project/plan-text.ts'
import type { CommandContext } from '../command.ts'
import { openProjectFor } from '../open-project.ts'
import type { Output } from '../output.ts'

/** Runs `limn list`: prints every asset with its state, size and number of files. */
export async function run(context: CommandContext): Promise<number> {
  const { output } = context
  const checked = await openProjectFor(context).check()
  const rows = listAssets(checked)
  for (const row of rows) output.event({ type: 'asset', ...row })
  printRows(rows, output)
  output.line()
  if (rows.length === 0) output.line('The manifest has no assets yet.')
  else {
    const advice = adviceFor(checked)
    output.line(`${count(rows.length, 'asset')}${advice.length === 0 ? ', nothing to do' : ''}.`)
    for (const sentence of advice) output.line(sentence)
  }
  return 0
}

function printRows(rows: readonly ListedAsset[], { line, paint }: Output): void {
  const width = Math.max(0, ...rows.map(({ name }) => displayWidth(name)))
  const stateWidth = Math.max(9, ...rows.map(({ state }) => state.length))
  for (const { name, state, size, outputs, why } of rows) {
    const cells = [
      paint('bold', pad(name, width)),
      pad(state, stateWidth),
      pad(size, 9),
      count(outputs, 'file').padEnd(8),
      paint('dim', why),
    ]
    line(cells.join('  ').trimEnd())
  }
}
