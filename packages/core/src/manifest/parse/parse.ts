import { type Document, LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'
import { codeFrame, type Diagnostic, type Place, shorten, splitLines } from '../../diagnostic.ts'
import { suggest } from '../../did-you-mean.ts'
import {
  checkAliases,
  findDuplicateKeys,
  findKeys,
  findTooDeep,
  offsets,
  offsetsOf,
  placeOfError,
  rangeOf,
} from './document.ts'
import { explainIssue } from './explain-issue.ts'
import { explainSyntax, sentence } from './explain-syntax.ts'
import type { Path } from './path.ts'
import { mendColours } from './repair-bare-colours.ts'
import { mendFullWidth } from './repair-full-width.ts'
import { includedSchema, type ManifestFile, manifestSchema } from './schema.ts'

/** A manifest's text, its value, and where each part of it stands. */
export type ParsedManifest = {
  /**
   * What could be understood: without the parts that `diagnostics` tell of. `undefined` where
   * nothing could.
   */
  file: ManifestFile | undefined
  diagnostics: Diagnostic[]
  /** The place of a key (`key`) or of its value; the nearest parent's where it is not written. */
  placeOf: (path: Path, part?: 'key' | 'value') => Place
  /** The lines of the text around a place. */
  frameOf: (place: Place) => string
}

/** Nobody reads more of them at once. */
const MOST_SYNTAX_ERRORS = 100

/** Aliases that are expanded at most, so that a few lines can't become gigabytes. */
const MAX_ALIASES = 1000

/**
 * Reads a manifest: YAML, then its shape. All mistakes are told at once. `file` is the path that
 * diagnostics name. A file that another one includes says less: see `includedSchema`.
 */
export function parseManifest(
  text: string,
  file: string,
  role: 'root' | 'included' = 'root',
): ParsedManifest {
  const schema = role === 'root' ? manifestSchema : includedSchema
  const deep = findTooDeep(text)
  if (deep !== undefined) return refuse(text, file, deep)
  const lines = new LineCounter()
  const read = parseYaml(text, lines)
  const colours = mendColours(text, read, parseYaml)
  const plain = colours?.text ?? text
  const written = colours === undefined ? read : parseYaml(plain)
  const mended = mendFullWidth(plain, written, parseYaml)
  const document = mended === undefined ? written : parseYaml(mended.text)
  const originalOf = mended?.toOriginal ?? ((offset: number) => offset)
  const placeAt = (from: number, to: number): Place => {
    const [start, end] = [originalOf(from), originalOf(to)]
    const { line, col } = lines.linePos(start)
    return {
      file,
      line: Math.max(1, line),
      column: Math.max(1, col),
      length: Math.max(1, Math.min(end - start, 200)),
    }
  }
  const placeOf = (path: Path, part: 'key' | 'value' = 'value'): Place =>
    placeAt(...rangeOf(document, path, part))
  let split: string[] | undefined
  const frameOf = (place: Place): string => codeFrame((split ??= splitLines(text)), place)
  const diagnostics: Diagnostic[] = []
  const report = (code: string, place: Place, message: string, hint?: string): void => {
    const diagnostic: Diagnostic = {
      code: `manifest/${code}`,
      severity: 'error',
      message: shorten(message),
      place,
      frame: frameOf(place),
    }
    diagnostics.push(hint === undefined ? diagnostic : { ...diagnostic, hint: shorten(hint) })
  }

  for (const { start, end, message, hint } of mended?.found ?? []) {
    const { line, col } = lines.linePos(start)
    report('full-width', { file, line, column: col, length: end - start }, message, hint)
  }
  for (const { start, end, colour } of colours?.found ?? []) {
    const { line, col } = lines.linePos(start)
    report(
      'syntax',
      { file, line, column: col, length: end - start },
      `YAML takes ${colour}, and all behind it in the line, for a comment.`,
      `Put quotes around the colour: "${colour}".`,
    )
  }
  const conflict = document.errors.length > 0 ? /^<{7} .*$/m.exec(text) : null
  if (conflict !== null && /^>{7} /m.test(text)) {
    diagnostics.length = 0
    const { line } = lines.linePos(conflict.index)
    report(
      'syntax',
      { file, line, column: 1, length: Math.min(conflict[0].length, 200) },
      'The file has the conflict markers of a merge.',
      'Keep one of the two sides, and take out the lines that begin with <<<<<<<, ======= and >>>>>>>.',
    )
    return { file: undefined, diagnostics, placeOf, frameOf }
  }
  const toldLines = new Set<unknown>()
  for (const error of document.errors.slice(0, MOST_SYNTAX_ERRORS)) {
    const place = placeAt(...placeOfError(document, error, mended?.text ?? plain))
    // A second mistake in a line only follows from the first, and so do tabs below a tab.
    const keys = error.code === 'TAB_AS_INDENT' ? [place.line, error.code] : [place.line]
    const isTold = keys.some((key) => toldLines.has(key))
    for (const key of keys) toldLines.add(key)
    const { message, hint } = explainSyntax(error)
    if (!isTold) report('syntax', place, message, hint)
  }
  if (document.errors.length > 0) return { file: undefined, diagnostics, placeOf, frameOf }

  for (const { key, first } of findDuplicateKeys(document)) {
    const [start, end] = key.range ?? [0, 1]
    report(
      'duplicate-key',
      placeAt(start, end),
      `"${String(key.value)}" is written twice.`,
      `Keep one of them; the other is on line ${lines.linePos(originalOf(first)).line}.`,
    )
  }
  const { count, unresolved, endless, wrongMerges } = checkAliases(document)
  if (count > MAX_ALIASES) {
    report(
      'alias',
      placeAt(0, 1),
      `The file has ${count.toLocaleString('en')} aliases (*name), and ${MAX_ALIASES.toLocaleString('en')} are the most.`,
      'Write values out, or put what they share into `defaults`, `styles` and `presets`.',
    )
    return { file: undefined, diagnostics, placeOf, frameOf }
  }
  for (const { source, range } of unresolved) {
    report(
      'alias',
      placeAt(...(offsetsOf(range) ?? [0, 1])),
      `*${source} names an anchor that does not stand before it.`,
      `Write &${source} at the value it stands for, or quotes around the text.`,
    )
  }
  for (const { source, range } of endless) {
    report(
      'alias',
      placeAt(...(offsetsOf(range) ?? [0, 1])),
      `*${source} stands within the value that it repeats.`,
      'Write the value out there, or take the alias out.',
    )
  }
  for (const { key } of wrongMerges) {
    report(
      'merge',
      placeAt(...(offsets(key) ?? [0, 1])),
      '`<<` merges maps, and this value is none.',
      'Write an alias of a map there, as `<<: *base`.',
    )
  }
  if (unresolved.length + endless.length + wrongMerges.length > 0) {
    return { file: undefined, diagnostics, placeOf, frameOf }
  }
  const value = withAssets(toValue(document))
  if (value instanceof Error) {
    const isBomb = value.message.startsWith('Excessive alias count')
    report(
      'alias',
      placeAt(0, 1),
      isBomb
        ? 'The aliases (*name) of the file repeat one another too often.'
        : sentence(value.message),
      `Use at most ${MAX_ALIASES.toLocaleString('en')} aliases, those within aliases counted too.`,
    )
    return { file: undefined, diagnostics, placeOf, frameOf }
  }
  if (value === null || value === undefined) {
    report(
      'empty',
      placeAt(0, 1),
      'The manifest is empty.',
      'Write `version: 1` and an asset below `assets:`, or run `limn init` in an empty folder.',
    )
    return { file: undefined, diagnostics, placeOf, frameOf }
  }
  const understood = check(schema, value, (issues) => {
    const explanations = issues.flatMap((issue) => explainIssue(issue, value))
    // A key that is only misspelt is not missing as well.
    const misspelt = new Set(
      explanations.flatMap(({ path, meant }) =>
        meant === undefined ? [] : [JSON.stringify([...path.slice(0, -1), meant])],
      ),
    )
    const isColour = ({ line, column }: Place): boolean =>
      colours?.found.some(
        ({ start }) => lines.linePos(start).line === line && lines.linePos(start).col === column,
      ) === true
    for (const { code, path, part, message, hint } of explanations) {
      if (isColour(placeOf(path, part))) continue
      if (code !== 'missing' || !misspelt.has(JSON.stringify(path))) {
        report(code, placeOf(path, part), message, hint)
      }
    }
  })
  // The schema leaves `__proto__` out of its records without a word.
  for (const { range } of findKeys(document, '__proto__')) {
    const place = placeAt(...(offsetsOf(range) ?? [0, 1]))
    const isTold = diagnostics.some(
      (told) => told.place.line === place.line && told.place.column === place.column,
    )
    if (!isTold) {
      report(
        'name',
        place,
        '"__proto__" is a reserved name.',
        'Choose another: JavaScript keeps it for itself.',
      )
    }
  }
  return { file: understood, diagnostics, placeOf, frameOf }
}

/** A text that is not read any further. */
function refuse(text: string, file: string, offset: number): ParsedManifest {
  const lines = splitLines(text.slice(0, offset + 1))
  const place: Place = {
    file,
    line: lines.length,
    column: Math.max(1, lines.at(-1)!.length),
    length: 1,
  }
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

function parseYaml(text: string, lineCounter?: LineCounter): Document {
  // The library's own check for double keys is quadratic; `findDuplicateKeys` is not.
  return parseDocument(text, {
    ...(lineCounter === undefined ? {} : { lineCounter }),
    uniqueKeys: false,
    stringKeys: true,
    merge: true,
    prettyErrors: false,
  })
}

type Issues = z.core.$ZodIssue[]

/**
 * Holds a value against the schema. Where parts of it are wrong they are told to `onIssues` and
 * left out, so that the rest can still be checked by the rules.
 */
function check(
  schema: z.ZodType<ManifestFile>,
  value: unknown,
  onIssues: (issues: Issues) => void,
): ManifestFile | undefined {
  let result = schema.safeParse(value)
  if (result.success) return result.data
  onIssues(result.error.issues)
  const rest: unknown = structuredClone(value)
  if (typeof rest !== 'object' || rest === null || Array.isArray(rest)) return undefined
  Object.assign(rest, { version: 1 })
  for (let round = 0; round < 4; round++) {
    result = schema.safeParse(rest)
    if (result.success) return result.data
    for (const issue of result.error.issues) leaveOut(rest, issue)
  }
  return undefined
}

/**
 * Keys of an asset whose absence is told too: in place of a wrong or misspelt one stands something,
 * so that it isn't called missing as well.
 */
const toldOnce: readonly string[] = ['prompt', 'alt', 'source']
/** Keys in whose place a prompt is not needed. */
const inPlaceOfPrompt: readonly string[] = ['source', 'variation']

/** Takes out of a value what an issue speaks of; a thing without a part that it needs goes whole. */
function leaveOut(root: object, issue: Issues[number]): void {
  const parents: Record<PropertyKey, unknown>[] = [root as Record<PropertyKey, unknown>]
  for (const step of issue.path) {
    const next = parents.at(-1)![step]
    if (typeof next !== 'object' || next === null) break
    parents.push(next as Record<PropertyKey, unknown>)
  }
  const isOfAsset =
    issue.path[0] === 'assets' && issue.path.length === (issue.code === 'unrecognized_keys' ? 2 : 3)
  if (issue.code === 'unrecognized_keys') {
    const owner = parents.at(-1)!
    for (const key of issue.keys) {
      delete owner[key]
      const meant = isOfAsset ? suggest(key, [...toldOnce, ...inPlaceOfPrompt]) : undefined
      if (meant !== undefined) owner[inPlaceOfPrompt.includes(meant) ? 'prompt' : meant] ??= '?'
    }
    return
  }
  if (isOfAsset && toldOnce.includes(String(issue.path[2]))) {
    parents.at(-1)![issue.path[2]!] = '?'
    return
  }
  // A preset or style that is wrong is still one.
  if (
    (issue.path[0] === 'presets' || issue.path[0] === 'styles') &&
    issue.path.length === 2 &&
    parents.length === 2
  ) {
    parents[1]![issue.path[1]!] = {}
    return
  }
  const isMissing =
    parents.length === issue.path.length && !Object.hasOwn(parents.at(-1)!, issue.path.at(-1)!)
  const depth =
    Math.min(parents.length, issue.path.length) - (isMissing && issue.path.length > 1 ? 2 : 1)
  const owner = parents[depth] ?? root
  const key = issue.path[depth]
  if (key === undefined) return
  if (isMissing && issue.path.length === 1) (owner as Record<PropertyKey, unknown>)[key] = {}
  else if (Array.isArray(owner)) owner.splice(Number(key), 1)
  else delete (owner as Record<PropertyKey, unknown>)[key]
}

/** A manifest that includes others needs no assets of its own. */
function withAssets(value: unknown): unknown {
  const isPlain = typeof value === 'object' && value !== null && !(value instanceof Error)
  return isPlain && 'include' in value && !('assets' in value) ? { ...value, assets: {} } : value
}

function toValue(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES })
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}
