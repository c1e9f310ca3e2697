import { LimnError } from '../errors.ts'
import type { ImageRequest } from '../identity/request.ts'
import type { Manifest } from '../manifest/manifest.ts'
import type { CutSheet } from '../pictures/cells/cut-sheet.ts'
import type { InputPicture } from '../pictures/input-picture.ts'
import type { Received } from './find-received.ts'
import type { RunJournal } from './run-journal.ts'
import type { Workspace } from './workspace.ts'

type CellOrder = { asset: string; request: ImageRequest; inputs: readonly InputPicture[] }

/**
 * Cuts the picture of a cell out of its sheet into the journal. It costs nothing.
 *
 * @throws LimnError `sheet/cells` if the sheet does not show every cell, or not apart from others;
 *   `picture/unreadable`
 */
export async function cutIntoJournal(
  { asset, request, inputs }: CellOrder,
  { workspace, journal }: { workspace: Workspace; journal: RunJournal },
): Promise<Received> {
  const started = performance.now()
  const { number } = request.cell!
  const sheet = await openSheet(request, inputs[0]!, workspace)
  requireCells(asset, sheet, workspace.manifest)
  const { fromPixels } = await import('../pictures/decode.ts')
  const { data, width, height } = sheet.draw(number - 1)
  const picture = fromPixels({ data: Buffer.from(data.buffer), width, height, channels: 4 })
  const bytes = await (sheet.isTransparent ? picture : picture.removeAlpha()).png().toBuffer()
  const made = { provider: 'sheet', at: new Date().toISOString(), usd: 0 }
  const keys = await journal.keep([bytes], { asset, request, made })
  const ms = performance.now() - started
  const folder = workspace.paths.journal
  return { asset, request, folder, keys, digest: null, made, recovered: false, ms }
}

/** The sheets that a run has just cut, by their digest and grid. The cells of one come together. */
const sheetsByRun = new WeakMap<Workspace, Map<string, Promise<CutSheet>>>()
/** Number of sheets whose pixels stay in memory. */
const MAX_SHEETS = 2

function openSheet(
  { inputs, cell }: ImageRequest,
  { bytes }: InputPicture,
  workspace: Workspace,
): Promise<CutSheet> {
  const { columns, count } = cell!
  const key = `${inputs![0]!.sha256} ${columns} ${count}`
  const sheets = sheetsByRun.get(workspace) ?? new Map<string, Promise<CutSheet>>()
  sheetsByRun.set(workspace, sheets)
  const known = sheets.get(key)
  if (known !== undefined) return known
  const sheet = Promise.all([
    import('../pictures/decode.ts'),
    import('../pictures/cells/cut-sheet.ts'),
  ]).then(async ([{ decodeRgba }, { cutSheet }]) =>
    cutSheet(await decodeRgba(bytes), { columns, count }),
  )
  sheets.set(key, sheet)
  for (const old of [...sheets.keys()].slice(0, -MAX_SHEETS)) sheets.delete(old)
  return sheet
}

/** @throws LimnError `sheet/cells` */
function requireCells(asset: string, sheet: CutSheet, { assets }: Manifest): void {
  const target = assets.find(({ name }) => name === asset)!.inputs[0]!.target
  const cells = assets.filter(
    ({ operation, inputs }) => operation === 'cut' && inputs[0]!.target === target,
  )
  const nameOf = (index: number): string | undefined =>
    cells.find(({ settings }) => settings.cell!.number === index + 1)?.name
  const missing = sheet.empty.flatMap((index) => nameOf(index) ?? [])
  if (missing.length > 0) {
    const shown = cells.length - missing.length
    throw cellsError(
      target,
      `The sheet "${target}" shows ${shown} of ${cells.length} pictures: nothing is where ${missing.join(', ')} should be.`,
    )
  }
  const own = cells.find(({ name }) => name === asset)!.settings.cell!.number - 1
  const pair = sheet.touching.find((cellPair) => cellPair.includes(own))
  if (pair === undefined) return
  const names = pair.map((index) => nameOf(index) ?? `cell ${index + 1}`)
  throw cellsError(target, `${names.join(' and ')} touch in the sheet "${target}".`)
}

function cellsError(sheet: string, message: string): LimnError {
  return new LimnError('sheet/cells', message, {
    hint: `Limn keeps the sheet. Run \`limn generate ${sheet} --force\` for another one, adopt a corrected one with \`limn adopt ${sheet} FILE\`, or set \`again: true\` on a cell to request it by itself.`,
  })
}
