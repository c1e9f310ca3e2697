import { displayWidth } from '../project/cell-width.ts'

const ESCAPE = '\u001B'
const COLOURS = new RegExp(`${ESCAPE}\\[\\d+m`, 'g')
/** A line of a source file, or below one: its columns have a meaning. */
const EXCERPT = /^\s*>?\s*\d*\s*\|/
/** A space that is not in a command in backticks, which stays in one piece. */
const GAP = / (?=(?:[^`]*`[^`]*`)*[^`]*$)/
/** What a list or a hint starts with. */
const MARK = /^\s*(?:[→✗✓!~+?·↻…-] )?/
/** The part of a line in which a column may start that the rest is aligned to. */
const COLUMN_WITHIN = 0.4

/**
 * Breaks a line that is wider than a terminal between words, and indents the rest like its last
 * column. Words and commands that are wider than the terminal stay in one piece, to be copied.
 *
 * @param text may contain escape codes of colours
 * @param columns width of the terminal, cells
 */
export function wrapLine(text: string, columns: number): string {
  // Most lines are short: no width is computed for them.
  if (text.length * 2 <= columns || widthOf(text) <= columns) return text
  const plain = text.replaceAll(COLOURS, '')
  if (EXCERPT.test(plain)) return text
  const indent = ' '.repeat(hangOf(plain, columns))
  const lines: string[] = []
  let line = ''
  for (const [index, word] of text.split(GAP).entries()) {
    const longer = index === 0 ? word : `${line} ${word}`
    // A mark is never alone on its line.
    if (widthOf(longer) <= columns || widthOf(line.trim()) <= 1) {
      line = longer
    } else if (word !== '') {
      lines.push(line.trimEnd())
      line = indent + word
    }
  }
  return [...lines, line].join('\n')
}

/** Returns where the rest of a line starts, cells. */
function hangOf(plain: string, columns: number): number {
  const start = Math.max(2, MARK.exec(plain)![0].length)
  const ends = [...plain.matchAll(/\S {2,}(?=\S)/g)].map(({ index, 0: gap }) =>
    displayWidth(plain.slice(0, index + gap.length)),
  )
  return Math.max(start, ...ends.filter((end) => end <= columns * COLUMN_WITHIN))
}

function widthOf(text: string): number {
  return displayWidth(text.replaceAll(COLOURS, ''))
}
