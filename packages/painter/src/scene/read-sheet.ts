import { normalizePrompt } from './read-words.ts'

/** A prompt for a sheet: several pictures in a grid. */
export interface Sheet {
  readonly columns: number
  readonly rows: number
  /** The prompt of each picture, row by row. */
  readonly prompts: readonly string[]
}

/** "a grid of 3 columns and 2 rows …: 1. mail; 2. phone. The rest", "排成3列2行……：1. 邮件；2. 电话。其余" */
const GRIDS = [
  /grid of (\d+) columns? and (\d+) rows?[^:]*:\s*(1\. .*)/is,
  /排成(\d+)列(\d+)行[^：]*：\s*(1\. .*)/s,
] as const
/** "Character sheet: 3 views of …: front, side, back. The rest", "角色设定图：同一个角色的3个视图……。其余" */
const VIEWS = [
  /character sheet: (\d+) views? of [^.]*\.\s*(.*)/is,
  /角色设定图：同一个角色的(\d+)个视图[^。]*。\s*(.*)/s,
] as const
/** What a prompt says about the sheet as a whole, not about its pictures. */
const ABOUT_SHEET =
  /Each picture is whole and .*?without lines, frames, numbers or text\.|每个图案都完整.*?没有线条、边框、编号和文字。|The whole figure in each view.*?without text\.|每个视图都是完整的全身.*?没有文字。/gs

/** The list of pictures, and what follows it; each before the next. */
const LISTS = [
  /^(.*?)(?:\.(?= Each picture is whole)|。(?=每个图案都完整))(.*)$/s,
  /^(.*?)(?:\.(?=\s|$)|。)(.*)$/s,
] as const

const MAX_CELLS = 144

/** Reads a prompt for a sheet, or null for any other prompt. */
export function readSheet(prompt: string): Sheet | null {
  for (const pattern of GRIDS) {
    const match = pattern.exec(prompt)
    if (match === null) continue
    return readGrid(prompt.slice(0, match.index), match)
  }
  for (const pattern of VIEWS) {
    const match = pattern.exec(prompt)
    const count = Number(match?.[1])
    if (match === null || count < 1 || count > MAX_CELLS) continue
    const rest = `${match[2]!.replace(ABOUT_SHEET, '')} ${prompt.slice(0, match.index)}`.trim()
    return { columns: count, rows: 1, prompts: Array.from({ length: count }, () => rest) }
  }
  return null
}

function readGrid(before: string, [, columnText, rowText, list]: RegExpExecArray): Sheet | null {
  const [columns, rows] = [Number(columnText), Number(rowText)]
  if (columns < 1 || rows < 1 || columns * rows > MAX_CELLS) return null
  const numbered = list!.replaceAll(/(^|[;；]\s*)(\d+)\. /g, '$1$2) ')
  const end = LISTS.map((pattern) => pattern.exec(numbered)).find((found) => found !== null)
  const [, items = '', rest = ''] = end ?? [numbered, numbered]
  const subjects = items.split(/[;；]\s*/).map((item) => item.replace(/^\s*\d+\)\s*/, '').trim())
  const manner = normalizePrompt(
    `${rest.replace(ABOUT_SHEET, '')} ${before.replace(/[^.。!?]*$/, '')}`,
  )
  const prompts = subjects.slice(0, columns * rows).map((subject) => `${subject}. ${manner}`.trim())
  return prompts.length === 0 ? null : { columns, rows, prompts }
}
