import { type Document, isPair, isScalar, isSeq, type Scalar, visit } from 'yaml'
import type { ParsedText } from './parse-yaml.ts'

/*
 * Chinese and Japanese keyboards write full-width punctuation where YAML requires ASCII: `：` for
 * `:`, `，` for `,`, “ ” for quotes, a wide space for indentation. YAML reads all of it as letters, and
 * reports another error or none. This module recognises what was meant and repairs the text.
 */

/** Full-width punctuation in place of YAML's own. */
export type FullWidth = {
  /** Offsets in the text as it was written. */
  start: number
  end: number
  message: string
  hint: string
}

/** A text with ASCII punctuation in place of the full-width one. */
type Repaired = ParsedText & {
  /** Returns where an offset of the repaired text is in the text as it was written. */
  toOriginal: (offset: number) => number
}

type Kind = 'colon' | 'comma' | 'quotes' | 'bracket' | 'space'
/** Replaces one character by one or two others. */
type Edit = { offset: number; to: string }
type Finding = { kind: Kind; edits: Edit[] }

const ANY = /[：，、“‘「『＂［【｛\u3000\u00A0]/
const closingByOpening: Readonly<Record<string, string>> = {
  '“': '”',
  '‘': '’',
  '「': '」',
  '『': '』',
  '＂': '＂',
  '［': '］',
  '【': '】',
  '｛': '｝',
}
const OPENING_QUOTE = /[“‘「『＂]/
const asciiBracket: Readonly<Record<string, string>> = {
  '［': '[',
  '］': ']',
  '【': '[',
  '】': ']',
  '｛': '{',
  '｝': '}',
}
/** Keys whose text may contain any punctuation. */
const FREE_TEXT = new Set(['prompt', 'alt', 'prepend', 'append', 'avoid', 'vars', 'matrix'])
/**
 * Texts with more characters or guesses than this are repaired without a check of which guesses are
 * needed: each check parses the text.
 */
const MAX_CHARACTERS = 100_000
const MAX_GUESSES = 40
/** Files can be large: what is beyond these limits is not a slip. */
const MAX_FINDINGS = 200
const MAX_LINE_LENGTH = 5000
const MAX_QUOTE_LENGTH = 500

/**
 * Finds full-width punctuation in place of YAML's own, and repairs it. In a text with syntax errors
 * a guess counts only if it removes one of them.
 *
 * @param written the text and its document, as `parse` reads it
 */
export function repairFullWidth(
  written: ParsedText,
  parse: (text: string) => Document,
): Repaired & { found: FullWidth[] } {
  if (!ANY.test(written.text)) return { ...written, toOriginal: (offset) => offset, found: [] }
  let { findings, repaired, guessed } = repairNeeded(written, parse)
  const parseOnce = (text: string): Document =>
    text === guessed?.text ? guessed.document : parse(text)
  // Entries are found only once their brackets are, and quotes once there are entries.
  for (let round = 0; round < 3; round++) {
    const more = findInDocument(repaired)
    if (more.length === 0) break
    findings = [...findings, ...more]
    repaired = repair(written.text, findings, parseOnce)
  }
  return { ...repaired, found: explain(written.text, findings, repaired.text) }
}

/** Finds full-width punctuation in a document without syntax errors, by offsets as it was written. */
function findInDocument({ text, document, toOriginal }: Repaired): Finding[] {
  if (document.errors.length > 0) return []
  return findInNodes(text, document).map(({ kind, edits }) => ({
    kind,
    edits: edits.map(({ offset, to }) => ({ offset: toOriginal(offset), to })),
  }))
}

function repair(
  text: string,
  findings: readonly Finding[],
  parse: (text: string) => Document,
): Repaired {
  const edits = editsOf(findings)
  let out = ''
  let last = 0
  for (const { offset, to } of edits) {
    out += text.slice(last, offset) + to
    last = offset + 1
  }
  out += text.slice(last)
  return { text: out, document: parse(out), toOriginal: (offset) => originalOffset(edits, offset) }
}

function originalOffset(edits: readonly Edit[], offset: number): number {
  let added = 0
  for (const edit of edits) {
    if (edit.offset + added >= offset) break
    added += Math.min(edit.to.length - 1, offset - edit.offset - added)
  }
  return offset - added
}

/** Returns all edits in the order of the text, one per character. */
function editsOf(findings: readonly Finding[]): Edit[] {
  const byOffset = new Map(
    findings.flatMap(({ edits }) => edits).map((edit) => [edit.offset, edit]),
  )
  return [...byOffset.values()].sort((a, b) => a.offset - b.offset)
}

/**
 * Repairs what the text would have more syntax errors without. `guessed` is the text with all
 * guesses repaired.
 */
function repairNeeded(
  written: ParsedText,
  parse: (text: string) => Document,
): { findings: Finding[]; repaired: Repaired; guessed?: Repaired } {
  const { text, document } = written
  const none = { findings: [], repaired: { ...written, toOriginal: (offset: number) => offset } }
  let findings = document.errors.length > 0 ? guess(text) : []
  if (findings.length === 0) return none
  const guessed = repair(text, findings, parse)
  let repaired = guessed
  const errors = repaired.document.errors.length
  if (errors >= document.errors.length) return none
  if (text.length > MAX_CHARACTERS || findings.length > MAX_GUESSES) {
    return { findings, repaired, guessed }
  }
  for (const finding of findings) {
    const others = findings.filter((other) => other !== finding)
    // Without any finding the text has more errors.
    if (others.length === 0) break
    const rest = repair(text, others, parse)
    if (rest.document.errors.length <= errors) [findings, repaired] = [others, rest]
  }
  return { findings, repaired, guessed }
}

/** Finds everything in the lines of a text that could be meant as YAML's own punctuation. */
function guess(text: string): Finding[] {
  const found: Finding[] = []
  let offset = 0
  let depth = 0
  let blockIndent = -1
  for (const line of text.split('\n')) {
    const start = offset
    offset += line.length + 1
    if (found.length > MAX_FINDINGS) break
    if (line.length > MAX_LINE_LENGTH) continue
    const indent = /^ */.exec(line)![0].length
    if (blockIndent >= 0 && (line.trim() === '' || indent > blockIndent)) continue
    blockIndent = /(^|[:：-] *)[|>][-+\d]*\s*(#.*)?$/.test(line) ? indent : -1
    if (line.trimStart().startsWith('#')) continue
    found.push(...guessIndent(line, start))
    const key =
      depth > 0 ? null : /^[ \u3000\u00A0]*(?:- +)*[^\s：:"'#，{}[\]]{1,60} ?([：:])/.exec(line)
    if (key?.[1] === '：') {
      found.push({ kind: 'colon', edits: [colonEdit(text, start + key[0].length - 1)] })
    }
    const from = key === null ? /^[ \u3000\u00A0]*(?:- +)*/.exec(line)![0].length : key[0].length
    const flow = guessInFlow({ text, from: start + from, end: start + line.length, depth })
    depth = flow.depth
    found.push(...flow.found)
  }
  return found
}

function guessIndent(line: string, start: number): Finding[] {
  const indent = /^[ \u3000\u00A0]*/.exec(line)![0]
  return /[^ ]/.test(indent) ? [{ kind: 'space', edits: spaceEdits(indent, start) }] : []
}

function spaceEdits(space: string, start: number): Edit[] {
  return [...space].flatMap((character, index) =>
    character === ' ' ? [] : [{ offset: start + index, to: character === '\u3000' ? '  ' : ' ' }],
  )
}

function colonEdit(text: string, offset: number): Edit {
  return { offset, to: /^(\s|$)/.test(text.charAt(offset + 1)) ? ':' : ': ' }
}

function commaEdit(text: string, offset: number): Edit {
  return { offset, to: /^\s/.test(text.charAt(offset + 1)) ? ',' : ', ' }
}

/** Finds punctuation within the brackets of a line, and quotes and brackets that open its value. */
function guessInFlow({
  text,
  from,
  end,
  depth: above,
}: {
  text: string
  from: number
  end: number
  depth: number
}): { found: Finding[]; depth: number } {
  const found: Finding[] = []
  let depth = above
  let quote = ''
  // Whether a value or key may start here.
  let isOpen = true
  for (let index = from; index < end; index++) {
    const character = text[index]!
    if (quote !== '') {
      if (character === quote) quote = ''
      continue
    }
    if (/\s/.test(character)) continue
    const pair = isOpen ? pairEdits(text, index) : undefined
    if (isOpen && (character === '"' || character === "'")) quote = character
    else if (pair !== undefined) {
      found.push(pair)
      if (pair.kind === 'quotes') index = pair.edits[1]!.offset
      else depth++
    } else if (isOpen && '[{'.includes(character)) depth++
    else if (depth > 0 && ']}］】｝'.includes(character)) depth--
    else if (depth > 0 && '，、'.includes(character)) {
      found.push({ kind: 'comma', edits: [commaEdit(text, index)] })
    } else if (depth > 0 && character === '：') {
      found.push({ kind: 'colon', edits: [colonEdit(text, index)] })
    }
    isOpen =
      (isOpen && '[{［【｛'.includes(character)) || (depth > 0 && ',，、:：'.includes(character))
  }
  return { found, depth }
}

/** Finds quotes or brackets that open at an offset and close later in the line. */
function pairEdits(text: string, start: number): Finding | undefined {
  const opening = text[start]!
  const closing = Object.hasOwn(closingByOpening, opening) ? closingByOpening[opening]! : undefined
  if (closing === undefined) return undefined
  const rest = text.slice(start + 1, start + MAX_QUOTE_LENGTH).split('\n', 1)[0]!
  const length = rest.indexOf(closing)
  if (length < 0) return undefined
  const isQuote = OPENING_QUOTE.test(opening)
  const quote = rest.slice(0, length).includes('"') ? "'" : '"'
  const [left, right] = isQuote ? [quote, quote] : [asciiBracket[opening]!, asciiBracket[closing]!]
  return {
    kind: isQuote ? 'quotes' : 'bracket',
    edits: [
      { offset: start, to: left },
      { offset: start + 1 + length, to: right },
    ],
  }
}

/** Finds full-width punctuation in the nodes of a text without syntax errors. */
function findInNodes(text: string, document: Document): Finding[] {
  const found: Finding[] = []
  visit(document, {
    Scalar(role, node, path) {
      if (node.type !== 'PLAIN' || !node.range) return undefined
      const [start, end] = node.range
      const source = text.slice(start, end)
      if (!ANY.test(source)) return undefined
      const keys = path
        .filter((parent) => isPair(parent))
        .map(({ key }) => (isScalar(key) ? String(key.value) : ''))
      if (found.length > MAX_FINDINGS) return visit.BREAK
      found.push(
        ...(role === 'key'
          ? findInKey(text, node, source)
          : findInValue({ text, node, source, keys, parent: path.at(-1) })),
      )
      return undefined
    },
  })
  return found
}

function findInKey(text: string, { range }: Scalar, source: string): Finding[] {
  const [start] = range!
  const found: Finding[] = []
  const space = /^[\u3000\u00A0][ \u3000\u00A0]*/.exec(source)?.[0]
  if (space !== undefined) found.push({ kind: 'space', edits: spaceEdits(space, start) })
  const colon = source.indexOf('：')
  if (colon >= 0) found.push({ kind: 'colon', edits: [colonEdit(text, start + colon)] })
  const pair = closingByOpening[source[0]!] === source.at(-1) ? pairEdits(text, start) : undefined
  return pair === undefined ? found : [...found, pair]
}

type ValueContext = {
  text: string
  node: Scalar
  source: string
  keys: readonly string[]
  parent: unknown
}

function findInValue({ text, node, source, keys, parent }: ValueContext): Finding[] {
  const start = node.range![0]
  const isFree = keys.some((key) => FREE_TEXT.has(key))
  if (holdsMap(keys)) {
    const colons = guess(source).filter(({ kind }) => kind === 'colon')
    if (colons.length > 0) {
      return colons.map(({ kind, edits }) => ({
        kind,
        edits: edits.map((edit) => ({ ...edit, offset: edit.offset + start })),
      }))
    }
  }
  const pair = pairEdits(text, start)
  if (pair !== undefined) {
    // Quotes around free text may belong to it, but not those that a comma split.
    const isSplit = pair.edits[1]!.offset >= start + source.length
    return isFree && !isSplit ? [] : [pair]
  }
  const isInFlowList = isSeq(parent) && parent.flow === true
  const isInRule = isPair(parent) && !isFree
  if (!isInFlowList && !isInRule) return []
  const commas = [...source.matchAll(isFree ? /，/g : /[，、]/g)].slice(0, MAX_FINDINGS)
  return commas.length === 0
    ? []
    : [{ kind: 'comma', edits: commas.map(({ index }) => commaEdit(text, start + index)) }]
}

/** Whether the value of these keys is a map: the manifest, its groups, and their entries. */
function holdsMap(keys: readonly string[]): boolean {
  const [group] = keys
  return keys.length === 0 || ['assets', 'styles', 'presets', 'profiles'].includes(group!)
    ? keys.length < 3
    : group === 'defaults' && keys.length === 1
}

/** Returns the line of an offset without its indentation, short enough for a sentence. */
function shortLine(text: string, offset: number): string {
  const from = text.lastIndexOf('\n', offset - 1) + 1
  const start = Math.max(from, offset - MAX_LINE_LENGTH)
  const line = text
    .slice(start, offset + MAX_LINE_LENGTH)
    .split('\n', 1)[0]!
    .trim()
  return line.length > 80 ? `${line.slice(0, 79)}…` : line
}

/** Explains findings; those of one kind in one line are explained once. */
function explain(text: string, findings: readonly Finding[], repaired: string): FullWidth[] {
  const explanationByLine = new Map<string, FullWidth>()
  let added = 0
  const starts = new Map<number, Finding>(
    findings.map((finding) => [finding.edits[0]!.offset, finding]),
  )
  for (const { offset, to } of editsOf(findings)) {
    const finding = starts.get(offset)
    if (finding !== undefined) {
      const { kind, edits } = finding
      const key = `${text.lastIndexOf('\n', offset - 1)} ${kind}`
      const end = kind === 'quotes' || kind === 'bracket' ? edits.at(-1)!.offset + 1 : offset + 1
      if (!explanationByLine.has(key)) {
        explanationByLine.set(key, {
          start: offset,
          end,
          message: messageFor(kind, text[offset]!),
          hint: hintFor(kind, shortLine(repaired, offset + added)),
        })
      }
    }
    added += to.length - 1
  }
  return [...explanationByLine.values()]
}

function messageFor(kind: Kind, character: string): string {
  if (kind === 'colon') return '`：` is a full-width colon, which YAML reads as a letter.'
  if (kind === 'comma') {
    return `\`${character}\` is ${character === '、' ? 'an enumeration comma' : 'a full-width comma'}, which YAML reads as a letter.`
  }
  if (kind === 'quotes') {
    return `${character} ${closingByOpening[character]!} are full-width quotes, which YAML reads as letters.`
  }
  if (kind === 'bracket') {
    return `\`${character}\` is a full-width bracket, which YAML reads as a letter.`
  }
  return `The line is indented with ${character === '\u00A0' ? 'a no-break space' : 'a full-width space'}, which YAML reads as a letter.`
}

function hintFor(kind: Kind, right: string): string {
  if (kind === 'colon') return `Type a colon and a space: \`${right}\`.`
  if (kind === 'comma') {
    return `Type a comma and a space: \`${right}\`, or put quotes around text that contains the comma.`
  }
  if (kind === 'quotes') return `Type straight quotes: \`${right}\`.`
  if (kind === 'bracket') return `Type ASCII brackets: \`${right}\`.`
  return 'Indent with ordinary spaces, two per level.'
}
