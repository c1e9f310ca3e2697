import { count } from '../../count.ts'
import { adviceFor, type ListedAsset, listAssets } from '../../project/list.ts'
import { pad, shortenMiddle, widest } from '../../project/plan-text.ts'
import type { CommandContext } from '../command.ts'
import { openProjectFor } from '../open-project.ts'
import type { Output } from '../output.ts'
import { describeSuggestedAlts } from '../suggested-alts.ts'

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
    const suggested = describeSuggestedAlts(checked.snapshot.manifest)
    if (suggested !== undefined) output.line(suggested)
  }
  return 0
}

/** The columns after the name, and the spaces between all columns. */
const OTHER_CELLS = 45
/** What a terminal shows of a long name at least, cells. */
const MIN_NAME = 16

function printRows(rows: readonly ListedAsset[], { line, paint, columns, verbose }: Output): void {
  const longest = widest(rows.map(({ name }) => name))
  const room =
    columns === undefined || verbose ? longest : Math.max(MIN_NAME, columns - OTHER_CELLS)
  const width = Math.min(longest, room)
  const stateWidth = Math.max(9, ...rows.map(({ state }) => state.length))
  const filesWidth = Math.max(8, ...rows.map(({ outputs }) => count(outputs, 'file').length))
  for (const { name, state, size, outputs, why } of rows) {
    const cells = [
      paint('bold', pad(shortenMiddle(name, width), width)),
      pad(state, stateWidth),
      pad(size, 9),
      count(outputs, 'file').padEnd(filesWidth),
      paint('dim', why),
    ]
    line(cells.join('  ').trimEnd())
  }
}
