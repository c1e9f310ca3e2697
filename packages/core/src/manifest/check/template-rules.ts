import type { Place } from '../../diagnostic.ts'
import { didYouMean } from '../../did-you-mean.ts'
import { type DataRow, placeOfRow, valueInColumn } from '../data/data-table.ts'
import type { AssetFile, ManifestFile, StyleFile } from '../manifest-file.ts'
import type { Path } from '../parse/path.ts'
import { dataPattern } from '../resolve/data-pattern.ts'
import type { ExpandedAsset } from '../resolve/expand-matrix.ts'
import { fillTemplate } from '../resolve/fill-template.ts'
import { splitMatrix } from '../resolve/split-matrix.ts'
import { namesOf } from '../resolve/styles.ts'
import type { Checked, Problem, Report } from './rule.ts'

/** A text that is a template, and where it is written. */
type Template = { path: Path; text: string | undefined; place?: Place | undefined }

/** Rows of which Limn reports that a cell is empty, for each name in a template. */
const MAX_EMPTY_CELLS = 20

/** Finds names in templates that are not defined. */
export function checkTemplates(checked: Checked, report: Report): void {
  const { file, expanded } = checked
  const columnsOf = createColumnFinder(checked)
  const reported = new Set<string>()
  const emptyByName = new Map<string, number>()
  for (const asset of expanded) {
    for (const { path, text = '', place } of templatesOf(asset, file.styles)) {
      for (const name of fillTemplate(text, asset.vars).unknown) {
        const mistake = `${path.join('.')} ${name}`
        if (asset.row !== undefined && columnsOf(asset).has(name)) {
          const count = (emptyByName.get(mistake) ?? 0) + 1
          emptyByName.set(mistake, count)
          if (count <= MAX_EMPTY_CELLS) report(explainEmptyCell(name, path, asset.row))
          continue
        }
        const isOwn = place !== undefined
        if (!isOwn && reported.size === reported.add(mistake).size) continue
        const known = Object.keys(asset.vars)
        report({
          code: 'unknown-variable',
          path,
          place,
          message: `{{${name}}} is not defined.`,
          hint:
            didYouMean(name, known) ??
            `Define \`${name}\` in \`vars\` or \`matrix\`, or use one of these: ${known.join(', ')}.`,
        })
      }
    }
  }
}

function explainEmptyCell(name: string, path: Path, row: DataRow): Problem {
  return {
    code: 'empty-cell',
    path,
    place: placeOfRow(row, name),
    message: `The row has no value for {{${name}}}.`,
    hint: `Fill in \`${name}\`, or define what rows without it have: \`vars: { ${name}: … }\`.`,
  }
}

/** Creates a function that returns the columns of the data of an asset. */
function createColumnFinder({
  file,
  data,
  scopeOf,
}: Checked): (asset: ExpandedAsset) => ReadonlySet<string> {
  const columnsByKey = new Map<string, ReadonlySet<string>>()
  return ({ key }) => {
    let columns = columnsByKey.get(key)
    if (columns === undefined) {
      const { matrix = {} } = file.assets[key] ?? {}
      const { source } = splitMatrix(matrix)
      const table =
        source === undefined ? undefined : data.get(dataPattern(scopeOf(key), source.from))
      columnsByKey.set(key, (columns = table?.columns ?? new Set()))
    }
    return columns
  }
}

function templatesOf(
  { key, asset, row }: ExpandedAsset,
  own: ManifestFile['styles'] = {},
): Template[] {
  const styles = withBases(namesOf(asset.style), own)
  return [
    { path: ['assets', key, 'prompt'], text: asset.prompt, place: placeIn(row, 'prompt') },
    { path: ['assets', key, 'alt'], text: asset.alt, place: placeIn(row, 'alt') },
    ...expectedTexts(asset.expect, ['assets', key, 'expect']),
    ...styles.flatMap((style) =>
      (['prepend', 'append', 'avoid'] as const).map((part): Template => {
        const text = Object.hasOwn(own, style) ? own[style]![part] : undefined
        return { path: ['styles', style, part], text }
      }),
    ),
  ]
}

/** Returns where a row has a text of its own; `undefined` if it has none. */
function placeIn(row: DataRow | undefined, column: string): Place | undefined {
  return row === undefined || valueInColumn(row, column) === undefined
    ? undefined
    : placeOfRow(row, column)
}

/** Returns the texts of an asset's own expectations. */
function expectedTexts(expect: AssetFile['expect'], path: Path): Template[] {
  if (expect === undefined || expect === false) return []
  return textTests.flatMap((test) => {
    const texts = expect[test]
    return texts === undefined || texts === false
      ? []
      : namesOf(texts).map((text, index) => ({
          path: typeof texts === 'string' ? [...path, test] : [...path, test, index],
          text,
        }))
  })
}

/** The expectations that are lists of texts. */
const textTests = ['unlike', 'shows', 'without', 'text', 'like'] as const

/** Returns styles and all that they extend. */
function withBases(names: readonly string[], own: Readonly<Record<string, StyleFile>>): string[] {
  const all = new Set(names)
  for (const name of all) {
    if (Object.hasOwn(own, name)) for (const base of namesOf(own[name]!.extends)) all.add(base)
  }
  return [...all]
}
