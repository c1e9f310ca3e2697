import type { AssetFile, CellFile, SheetFile } from '../manifest-file.ts'
import type { RequestSettings } from '../manifest.ts'
import { joinTexts } from './styles.ts'

/** How an asset is cut from the picture of another. */
export type Cut = {
  /** Name of the asset that has the picture. */
  sheet: string
  cell: NonNullable<RequestSettings['cell']>
}

/** An asset that a sheet defines. */
export type SheetPart = {
  key: string
  asset: AssetFile
  /** Index of its cell. */
  index: number
  /** Absent if it is requested from a model. */
  cut?: Cut
}

/** Returns columns and rows of a grid as it is written, `3x2`. */
export function parseGrid(grid: string): { columns: number; rows: number } {
  const [columns = 1, rows = 1] = grid.split('x').map(Number)
  return { columns, rows }
}

/** Returns the columns and rows of a sheet that have cells. */
export function gridOf({ grid, cells }: SheetFile): { columns: number; rows: number } {
  const columns = Math.min(parseGrid(grid).columns, cells.length)
  return { columns, rows: Math.ceil(cells.length / columns) }
}

/** Returns the cells of a sheet, each with its name and what it shows. */
export function cellsOf({ cells }: SheetFile): (CellFile & { prompt: string })[] {
  return cells.map((cell) =>
    typeof cell === 'string'
      ? { name: cell, prompt: cell }
      : { ...cell, prompt: cell.prompt ?? cell.name },
  )
}

/** Returns the asset of the whole sheet. Its outputs are those of the cells. */
export function sheetAsset(asset: AssetFile, sheet: SheetFile): AssetFile {
  const { source, alt, prompt = '' } = asset
  return {
    ...asset,
    ...(source === undefined ? { prompt: sheetPrompt(sheet, prompt) } : {}),
    ...(alt === undefined ? { decorative: true } : {}),
    outputs: [],
  }
}

function sheetPrompt(sheet: SheetFile, prompt: string): string {
  const { columns, rows } = gridOf(sheet)
  const subjects = cellsOf(sheet).map((cell) => cell.prompt.trim().replace(/[.;。；]+$/, ''))
  const isChinese = /\p{Script=Han}/u.test(`${prompt}${subjects.join('')}`)
  const list = subjects.map((subject, index) => `${index + 1}. ${subject}`)
  const text = isChinese
    ? `一张包含${list.length}个独立图案的图集，排成${columns}列${rows}行，从左到右、从上到下依次为：${list.join('；')}。每个图案都完整并居中在自己的格子里，大小一致，四周留有宽阔的空白：互不接触或重叠。统一的纯色背景，没有线条、边框、编号和文字。`
    : `A sheet of ${list.length} separate pictures in a grid of ${columns} columns and ${rows} rows, from left to right and top to bottom: ${list.join('; ')}. Each picture is whole and centred in its own cell, all at the same scale, with wide empty gaps between them: nothing touches or overlaps a neighbour. One plain flat background, without lines, frames, numbers or text.`
  return prompt.trim() === '' ? text : joinTexts(text, prompt)
}

/**
 * Returns the assets of the cells. A cell that is requested again is cut from a picture of its own,
 * the asset `SHEET/NAME/again`.
 */
export function sheetParts(key: string, asset: AssetFile, sheet: SheetFile): SheetPart[] {
  const { columns } = gridOf(sheet)
  const cells = cellsOf(sheet)
  return cells.flatMap((cell, index): SheetPart[] => {
    const name = `${key}/${cell.name}`
    const own = cellAsset(cell, asset)
    if (cell.again === undefined || cell.again === false) {
      const position = { number: index + 1, count: cells.length, columns }
      return [{ key: name, asset: own, index, cut: { sheet: key, cell: position } }]
    }
    const again = `${name}/again`
    const whole = { number: 1, count: 1, columns: 1 }
    return [
      { key: again, asset: againAsset(cell, asset, key), index },
      { key: name, asset: own, index, cut: { sheet: again, cell: whole } },
    ]
  })
}

function cellAsset(cell: CellFile & { prompt: string }, sheet: AssetFile): AssetFile {
  const { prompt, decorative, alt = decorative === true ? undefined : prompt } = cell
  const { vars, background, position, outputs } = sheet
  return { prompt, alt, decorative, vars, background, position, outputs: cell.outputs ?? outputs }
}

function againAsset(
  { prompt, again }: CellFile & { prompt: string },
  sheet: AssetFile,
  key: string,
): AssetFile {
  const { sheet: _, source: __, alt: ___, edit: ____, ...settings } = sheet
  const subject = typeof again === 'string' ? again : prompt
  const isChinese = /\p{Script=Han}/u.test(`${subject}${sheet.prompt ?? ''}`)
  const text = isChinese
    ? `只画一个图案，风格与输入图片1中的图集完全一致：${subject}。图案完整居中，四周留有宽阔的空白，统一的纯色背景，没有边框和文字。`
    : `One single picture in exactly the style of the sheet in input picture 1: ${subject}. It is whole and centred, with wide empty margins, on the same plain flat background, without frames or text.`
  return {
    ...settings,
    prompt: joinTexts(text, sheet.prompt ?? ''),
    references: [key, ...(sheet.references ?? [])],
    decorative: true,
    outputs: [],
  }
}
