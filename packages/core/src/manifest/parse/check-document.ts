import type { Document } from 'yaml'
import {
  checkAliases,
  findDuplicateKeys,
  findKeys,
  offsets,
  offsetsOf,
  placeOfError,
} from './document.ts'
import { explainSyntax, sentence } from './explain-syntax.ts'
import { MAX_ALIASES, valueOfYaml } from './parse-yaml.ts'
import type { ReadYaml } from './read-yaml.ts'
import type { Reporter } from './reporter.ts'

/** Maximum number of syntax errors to report. */
const MAX_SYNTAX_ERRORS = 100

const ALIAS_LIMIT = MAX_ALIASES.toLocaleString('en')

/**
 * Reports what is wrong with a text as YAML, and returns its value; `undefined` if the text can't
 * be read.
 *
 * @param text as it was written
 */
export function checkDocument(text: string, read: ReadYaml, reporter: Reporter): unknown {
  const { document } = read
  if (document.errors.length > 0) {
    if (!reportConflict(text, reporter)) {
      reportRepairs(read, reporter)
      reportSyntaxErrors(read, reporter)
    }
    return undefined
  }
  reportRepairs(read, reporter)
  reportDuplicateKeys(read, reporter)
  return hasBadAliases(document, reporter) ? undefined : valueOf(document, reporter)
}

function reportRepairs(
  { fullWidth, colours }: ReadYaml,
  { report, originalPlaceAt }: Reporter,
): void {
  for (const { start, end, message, hint } of fullWidth) {
    report('full-width', originalPlaceAt(start, end), message, hint)
  }
  for (const { start, end, colour } of colours) {
    report(
      'syntax',
      originalPlaceAt(start, end),
      `YAML reads ${colour} and the rest of the line as a comment.`,
      `Put quotes around the colour: "${colour}".`,
    )
  }
}

/** Reports the conflict markers of a merge, and returns whether there are any. */
function reportConflict(text: string, { report, originalPlaceAt }: Reporter): boolean {
  const conflict = /^<{7} .*$/m.exec(text)
  if (conflict === null || !/^>{7} /m.test(text)) return false
  const length = Math.min(conflict[0].length, 200)
  report(
    'syntax',
    { ...originalPlaceAt(conflict.index, conflict.index), column: 1, length },
    'The file contains merge conflict markers.',
    'Keep one of the two sides, and remove the lines that begin with <<<<<<<, ======= and >>>>>>>.',
  )
  return true
}

function reportSyntaxErrors({ document, text }: ReadYaml, { report, placeAt }: Reporter): void {
  const reported = new Set<unknown>()
  for (const error of document.errors.slice(0, MAX_SYNTAX_ERRORS)) {
    const place = placeAt(...placeOfError(document, error, text))
    // A second mistake in a line only follows from the first, and so do tabs below a tab.
    const keys = error.code === 'TAB_AS_INDENT' ? [place.line, error.code] : [place.line]
    const isReported = keys.some((key) => reported.has(key))
    for (const key of keys) reported.add(key)
    const { message, hint } = explainSyntax(error)
    if (!isReported) report('syntax', place, message, hint)
  }
}

function reportDuplicateKeys(
  { document, lines, toOriginal }: ReadYaml,
  { report, placeAt }: Reporter,
): void {
  for (const { key, first } of findDuplicateKeys(document)) {
    const [start, end] = key.range ?? [0, 1]
    report(
      'duplicate-key',
      placeAt(start, end),
      `The key "${String(key.value)}" appears twice.`,
      `Keep one of them; the other is on line ${lines.linePos(toOriginal(first)).line}.`,
    )
  }
}

/** Reports aliases that can't be resolved, and returns whether there are any. */
function hasBadAliases(document: Document, { report, placeAt }: Reporter): boolean {
  const { count, unresolved, endless, wrongMerges } = checkAliases(document)
  if (count > MAX_ALIASES) {
    report(
      'alias',
      placeAt(0, 1),
      `The file has ${count.toLocaleString('en')} aliases (*name); the limit is ${ALIAS_LIMIT}.`,
      'Write values out, or move what they share to `defaults`, `styles` and `presets`.',
    )
    return true
  }
  for (const { source, range } of unresolved) {
    report(
      'alias',
      placeAt(...(offsetsOf(range) ?? [0, 1])),
      `*${source} refers to an anchor that is not defined before it.`,
      `Add &${source} to the value to repeat, or put quotes around the text.`,
    )
  }
  for (const { source, range } of endless) {
    report(
      'alias',
      placeAt(...(offsetsOf(range) ?? [0, 1])),
      `*${source} is inside the value that it repeats.`,
      'Write the value out there, or remove the alias.',
    )
  }
  for (const { key } of wrongMerges) {
    report(
      'merge',
      placeAt(...(offsets(key) ?? [0, 1])),
      '`<<` merges maps, but this value is not a map.',
      'Write the alias of a map, for example `<<: *base`.',
    )
  }
  return unresolved.length + endless.length + wrongMerges.length > 0
}

/** Returns a document's value, or reports why it has none. */
function valueOf(document: Document, { report, placeAt }: Reporter): unknown {
  const value = toValue(document)
  if (value instanceof Error) {
    const isBomb = value.message.startsWith('Excessive alias count')
    report(
      'alias',
      placeAt(0, 1),
      isBomb
        ? 'The aliases (*name) of the file repeat each other too often.'
        : sentence(value.message),
      `Use at most ${ALIAS_LIMIT} aliases, including those within aliases.`,
    )
    return undefined
  }
  if (value === null || value === undefined) {
    report(
      'empty',
      placeAt(0, 1),
      'The manifest is empty.',
      'Add `version: 1` and an asset below `assets:`, or run `limn init` in an empty folder.',
    )
    return undefined
  }
  return value
}

function toValue(document: Document): unknown {
  try {
    return valueOfYaml(document)
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

/** Reports `__proto__` as a key: the schema drops it from its records without an issue. */
export function reportProtoKeys({ document }: ReadYaml, reporter: Reporter): void {
  const { diagnostics, placeAt, report } = reporter
  for (const { range } of findKeys(document, '__proto__')) {
    const place = placeAt(...(offsetsOf(range) ?? [0, 1]))
    const isReported = diagnostics.some(
      (other) => other.place.line === place.line && other.place.column === place.column,
    )
    if (!isReported) {
      report(
        'name',
        place,
        '"__proto__" is a reserved name.',
        'Choose another name: JavaScript reserves this one.',
      )
    }
  }
}
