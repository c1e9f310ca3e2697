import { LineCounter } from 'yaml'
import { codeFrame, type Diagnostic, type Place, splitLines } from '../../diagnostic.ts'
import type { ManifestFile } from '../manifest-file.ts'
import { checkDocument, reportProtoKeys } from './check-document.ts'
import { checkShape, type Issue } from './check-shape.ts'
import { createRangeFinder, findTooDeep } from './document.ts'
import { explainIssue } from './explain-issue.ts'
import { explainSyntax } from './explain-syntax.ts'
import type { Path } from './path.ts'
import { readPlainYaml } from './plain-yaml.ts'
import { type ReadYaml, readYaml } from './read-yaml.ts'
import { createReporter, type Reporter } from './reporter.ts'
import { includedSchema, manifestSchema } from './schema.ts'

/** A manifest's text as a value, and the place of each part of it. */
export type ParsedManifest = {
  /** What could be understood, without the parts that have mistakes; `undefined` if nothing could. */
  file: ManifestFile | undefined
  diagnostics: Diagnostic[]
  /** Returns the place of a key (`key`) or its value; the nearest parent's if it is not written. */
  placeOf: (path: Path, part?: 'key' | 'value') => Place
  /** Returns the lines of the text around a place. */
  frameOf: (place: Place) => string
}

type Role = 'root' | 'included'

/**
 * Parses a manifest: YAML first, then its shape. Reports all mistakes at once.
 *
 * @param file the path that diagnostics name
 * @param role `included` for a file that another one includes: it has fewer keys, see
 *   `includedSchema`
 */
export function parseManifest(text: string, file: string, role: Role = 'root'): ParsedManifest {
  return parsePlain(text, file, role) ?? parseAny(text, file, role)
}

/** Texts with fewer characters than this are parsed quickly enough by the library. */
const MIN_PLAIN = 20_000

/** Parses a large manifest in plain YAML; `undefined` if it is not plain, or its shape is wrong. */
function parsePlain(text: string, file: string, role: Role): ParsedManifest | undefined {
  const plain = text.length < MIN_PLAIN ? undefined : readPlainYaml(text)
  if (plain === undefined) return undefined
  const { issues, file: understood } = checkShape(schemaOf(role), withAssets(plain.value))
  if (issues.length > 0) return undefined
  const lines = new LineCounter()
  lines.lineStarts = plain.lineStarts
  const reporter = createReporter(text, file, { lines, toOriginal: (offset) => offset })
  return {
    file: understood,
    diagnostics: [],
    placeOf: (path, part = 'value') => reporter.placeAt(...plain.findRange(path, part)),
    frameOf: reporter.frameOf,
  }
}

function schemaOf(role: Role): typeof manifestSchema | typeof includedSchema {
  return role === 'root' ? manifestSchema : includedSchema
}

function parseAny(text: string, file: string, role: Role): ParsedManifest {
  const tooDeep = findTooDeep(text)
  if (tooDeep !== undefined) return rejectDeepText(text, file, tooDeep)
  const read = readYaml(text)
  const reporter = createReporter(text, file, read)
  const { diagnostics, frameOf } = reporter
  const findRange = createRangeFinder(read.document)
  const placeOf: ParsedManifest['placeOf'] = (path, part = 'value') =>
    reporter.placeAt(...findRange(path, part))
  const value = withAssets(checkDocument(text, read, reporter))
  if (value === undefined) return { file: undefined, diagnostics, placeOf, frameOf }

  const { file: understood, issues } = checkShape(schemaOf(role), value)
  reportIssues(issues, value, { read, reporter, placeOf })
  reportProtoKeys(read, reporter)
  return { file: understood, diagnostics, placeOf, frameOf }
}

/** Returns the result for a text that is nested too deeply to be parsed. */
function rejectDeepText(text: string, file: string, offset: number): ParsedManifest {
  const lines = splitLines(text.slice(0, offset + 1))
  const column = Math.max(1, lines.at(-1)!.length)
  const place: Place = { file, line: lines.length, column, length: 1 }
  const frameOf = (at: Place): string => codeFrame(text, at)
  const diagnostic: Diagnostic = {
    code: 'manifest/syntax',
    severity: 'error',
    ...explainSyntax({ code: 'RESOURCE_EXHAUSTION', message: '' }),
    place,
    frame: frameOf(place),
  }
  return { file: undefined, diagnostics: [diagnostic], placeOf: () => place, frameOf }
}

/** Adds `assets` where `include` makes them optional. */
function withAssets(value: unknown): unknown {
  const isMap = typeof value === 'object' && value !== null
  return isMap && 'include' in value && !('assets' in value) ? { ...value, assets: {} } : value
}

type IssueContext = { read: ReadYaml; reporter: Reporter; placeOf: ParsedManifest['placeOf'] }

function reportIssues(
  issues: readonly Issue[],
  value: unknown,
  { read, reporter, placeOf }: IssueContext,
): void {
  const explanations = issues.flatMap((issue) => explainIssue(issue, value))
  const misspelt = new Set(
    explanations.flatMap(({ path, meant }) =>
      meant === undefined ? [] : [JSON.stringify([...path.slice(0, -1), meant])],
    ),
  )
  for (const { code, path, part, message, hint } of explanations) {
    const place = placeOf(path, part)
    if (isRepairedColour(place, read)) continue
    // A misspelt key is not missing as well.
    if (code === 'missing' && misspelt.has(JSON.stringify(path))) continue
    reporter.report(code, place, message, hint)
  }
}

/** Whether a place is that of a colour without quotes, which is a mistake already. */
function isRepairedColour({ line, column }: Place, { colours, lines }: ReadYaml): boolean {
  return colours.some(({ start }) => {
    const at = lines.linePos(start)
    return at.line === line && at.col === column
  })
}
