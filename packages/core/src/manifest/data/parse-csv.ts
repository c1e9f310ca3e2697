import { DataSyntaxError, type Range } from './data-node.ts'

/** A cell of a CSV file: its value without quotes, and where it is written. */
export type CsvCell = { value: string; range: Range }

const [QUOTE, LF, CR] = ['"', '\n', '\r']

/**
 * Parses CSV as RFC 4180 describes it, and as spreadsheets write it: with a comma, a semicolon or a
 * tab between cells, and any line endings. Skips empty lines. White space around a cell without
 * quotes is no part of it.
 *
 * @param delimiter default: the one that the first line has most often
 * @returns the cells of each line, the header first
 * @throws DataSyntaxError
 */
export function parseCsv(text: string, delimiter?: string): CsvCell[][] {
  const start = /^sep=([,;\t|])(?:\r\n|\n)/.exec(text)
  const mark = delimiter ?? start?.[1] ?? findDelimiter(text)
  const lines: CsvCell[][] = []
  let line: CsvCell[] = []
  let at = start?.[0].length ?? 0
  for (;;) {
    const { cell, end } = readCell(text, at, mark)
    line.push(cell)
    at = end
    if (text[at] === mark) {
      at++
      continue
    }
    if (line.some(({ value }) => value !== '')) lines.push(line)
    line = []
    if (at >= text.length) return lines
    at += text.startsWith('\r\n', at) ? 2 : 1
  }
}

/** Returns the delimiter that the first line has most often outside quotes. */
function findDelimiter(text: string): string {
  const counts = new Map([
    [',', 0],
    [';', 0],
    ['\t', 0],
  ])
  let isQuoted = false
  for (const character of text) {
    if (character === QUOTE) isQuoted = !isQuoted
    if (isQuoted) continue
    if (character === LF || character === CR) {
      // Empty lines before the header have none.
      if ([...counts.values()].some((count) => count > 0)) break
      continue
    }
    const count = counts.get(character)
    if (count !== undefined) counts.set(character, count + 1)
  }
  return [...counts].reduce((best, next) => (next[1] > best[1] ? next : best))[0]
}

type ReadCell = { cell: CsvCell; end: number }

/** Reads the cell at an offset, and returns where its delimiter or line break is. */
function readCell(text: string, from: number, mark: string): ReadCell {
  const start = skipBlanks(text, from, mark)
  if (text[start] === QUOTE) return readQuoted(text, start, mark)
  let end = from
  while (end < text.length && text[end] !== mark && text[end] !== LF && text[end] !== CR) end++
  const value = text.slice(from, end).trim()
  return { cell: { value: value.normalize('NFC'), range: [start, start + value.length] }, end }
}

function readQuoted(text: string, start: number, mark: string): ReadCell {
  let end = start + 1
  for (;;) {
    end = text.indexOf(QUOTE, end)
    if (end < 0) {
      throw new DataSyntaxError(
        [start, start + 1],
        'The quote that opens here is not closed.',
        'Close it, and write a quote within quotes twice: "a ""big"" mug".',
      )
    }
    if (text[end + 1] !== QUOTE) break
    end += 2
  }
  const value = text
    .slice(start + 1, end)
    .replaceAll('""', QUOTE)
    .replace(/\r\n?/g, LF)
  const after = skipBlanks(text, end + 1, mark)
  if (after < text.length && text[after] !== mark && text[after] !== LF && text[after] !== CR) {
    throw new DataSyntaxError(
      [after, after + 1],
      'Text follows a closing quote.',
      'Put quotes around the whole cell, and write a quote within quotes twice: "a ""big"" mug".',
    )
  }
  return { cell: { value: value.normalize('NFC'), range: [start, end + 1] }, end: after }
}

function skipBlanks(text: string, from: number, mark: string): number {
  const blanks = mark === '\t' ? / */y : /[ \t]*/y
  blanks.lastIndex = from
  return from + blanks.exec(text)![0].length
}
