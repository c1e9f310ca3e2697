import { type DataNode, DataSyntaxError } from './data-node.ts'
import {
  type DataRow,
  type DataTable,
  MAX_ROWS,
  type PlacedMistake,
  type TableProblems,
} from './data-table.ts'
import { createDataText, type DataText } from './data-text.ts'
import { extensionOf, isMarkdown } from './formats.ts'
import { parseFrontMatter } from './front-matter.ts'
import { parseJson } from './parse-json.ts'
import { parseYamlData } from './parse-yaml-data.ts'
import { rowsOfCsv } from './rows-of-csv.ts'
import { readRow, rowsOfNode } from './rows-of-node.ts'

/** Parses data files as one table, in their order. A file with a mistake adds no rows. */
export function parseTable(
  files: readonly { path: string; text: string }[],
): DataTable & Omit<TableProblems, 'problems'> {
  const rows: DataRow[] = []
  const columns = new Set<string>()
  const mistakes: PlacedMistake[] = []
  const texts = files.map(({ path, text }) => createDataText(path, text))
  for (const file of texts) {
    try {
      const read = readFile(file)
      for (const column of read.columns) columns.add(column)
      for (const row of read.rows) {
        for (const column of row.rangeByColumn.keys()) columns.add(column)
        rows.push(row)
      }
    } catch (error) {
      if (!(error instanceof DataSyntaxError)) throw error
      const { range, ...wording } = error.mistake
      mistakes.push({ ...wording, place: file.placeAt(...range) })
    }
    if (rows.length > MAX_ROWS) {
      mistakes.push(tooManyRows(rows[MAX_ROWS]!))
      break
    }
  }
  return { rows: rows.slice(0, MAX_ROWS), columns, mistakes, files: texts }
}

function tooManyRows({ file, range }: DataRow): PlacedMistake {
  return {
    message: `There are more than ${MAX_ROWS.toLocaleString('en')} rows.`,
    hint: 'Split them into several files, and use each in an asset of its own.',
    place: file.placeAt(range[0], range[0] + 1),
  }
}

/** Reads the rows of a file, and the columns that its header names. @throws DataSyntaxError */
function readFile(file: DataText): { rows: DataRow[]; columns: string[] } {
  const { path, text } = file
  if (text.trim() === '' && !isMarkdown(path)) throw emptyFile(path)
  if (isMarkdown(path)) return { rows: [rowOfMarkdown(file)], columns: ['file', 'path'] }
  const extension = extensionOf(path)
  if (extension === 'csv') return rowsOfCsv(file)
  if (extension === 'tsv') return rowsOfCsv(file, '\t')
  const node = extension === 'json' ? parseJson(text) : parseYamlData(text)
  if (node === undefined) throw emptyFile(path)
  return { rows: rowsOfNode(node, file), columns: [] }
}

function emptyFile(path: string): DataSyntaxError {
  return new DataSyntaxError([0, 1], `${path} is empty.`, 'Add a row, or remove its `from`.')
}

/** Reads the row of a Markdown file: its front matter, and what its path says. */
function rowOfMarkdown(file: DataText): DataRow {
  const { node, range } = parseFrontMatter(file.text)
  const row = readRow(node ?? emptyMap, file, { ownName: nameOfFile(file.path), range })
  return { ...row, values: { file: nameOfFile(file.path), path: file.path, ...row.values } }
}

const emptyMap: DataNode = { kind: 'map', entries: [], range: [0, 1] }

/** Returns the name of a Markdown file; for an `index`, that of its folder. */
function nameOfFile(path: string): string {
  const [folder, last = ''] = path.split('/').slice(-2)
  const [own, parent] = path.includes('/') ? [last, folder] : [path, undefined]
  const name = own.slice(0, own.lastIndexOf('.'))
  return parent !== undefined && /^_?index$/i.test(name) ? parent : name
}
