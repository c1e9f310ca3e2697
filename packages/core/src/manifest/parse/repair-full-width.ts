import { type Document, isPair, isScalar, isSeq, type Scalar, visit } from 'yaml'

/*
 * Chinese and Japanese keyboards write full-width punctuation where YAML wants ASCII: `：`
 * for `:`, `，` for `,`, “ ” for quotes, a wide space for indentation. YAML takes all of it for letters
 * and complains of something else, or of nothing. What was surely meant is recognised here and read so.
 */

/** Full-width punctuation in the place of YAML's own. */
export type FullWidth = {
  /** Offsets in the text as it was written. */
  start: number
  end: number
  message: string
  hint: string
}

export type Mended = {
  /** The text with ASCII punctuation in place of the full-width one. */
  text: string
  found: FullWidth[]
  /** An offset of the mended text in the text as it was written. */
  toOriginal: (offset: number) => number
}

type Kind = 'colon' | 'comma' | 'quotes' | 'bracket' | 'space'
/** One character becomes another, or two. */
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
/** Keys whose text may hold any punctuation. */
const FREE_TEXT = new Set(['prompt', 'alt', 'prepend', 'append', 'avoid', 'vars', 'matrix'])
/**
 * Texts beyond this many characters, or with more guesses, are mended without asking which guess is
 * needed.
 */
const MOST_CHARACTERS = 100_000
const MOST_GUESSES = 40
/** What lies beyond these bounds is no slip: files can be large. */
const MOST_FINDINGS = 200
const LONGEST_LINE = 5000
const LONGEST_QUOTE = 500

/**
 * Finds full-width punctuation that stands for YAML's own, and mends it. Where the text has syntax
 * errors a guess counts only if it takes one of them away.
 *
 * @param document the text as `parse` reads it
 * @returns `undefined` where there is nothing to mend
 */
export function mendFullWidth(
  text: string,
  document: Document,
  parse: (text: string) => Document,
): Mended | undefined {
  if (!ANY.test(text)) return undefined
  let findings = document.errors.length > 0 ? neededGuesses(text, document, parse) : []
  let mended = mend(text, findings)
  // Entries show only once their brackets do, and quotes once there are entries.
  for (let round = 0; round < 3; round++) {
    const { text: current, toOriginal } = mended
    const read = findings.length === 0 ? document : parse(current)
    const more = read.errors.length > 0 ? [] : findInNodes(current, read)
    if (more.length === 0) break
    findings = [
      ...findings,
      ...more.map(({ kind, edits }) => ({
        kind,
        edits: edits.map(({ offset, to }) => ({ offset: toOriginal(offset), to })),
      })),
    ]
    mended = mend(text, findings)
  }
  if (findings.length === 0) return undefined
  return { ...mended, found: explain(text, findings, mended.text) }
}

function mend(text: string, findings: readonly Finding[]): Omit<Mended, 'found'> {
  const edits = editsOf(findings)
  let out = ''
  let last = 0
  for (const { offset, to } of edits) {
    out += text.slice(last, offset) + to
    last = offset + 1
  }
  const toOriginal = (offset: number): number => {
    let added = 0
    for (const edit of edits) {
      if (edit.offset + added >= offset) break
      added += Math.min(edit.to.length - 1, offset - edit.offset - added)
    }
    return offset - added
  }
  return { text: out + text.slice(last), toOriginal }
}

/** All edits, in the order of the text, one a character. */
function editsOf(findings: readonly Finding[]): Edit[] {
  const byOffset = new Map(
    findings.flatMap(({ edits }) => edits).map((edit) => [edit.offset, edit]),
  )
  return [...byOffset.values()].sort((a, b) => a.offset - b.offset)
}

/** The guesses without which the text would have more syntax errors. */
function neededGuesses(
  text: string,
  document: Document,
  parse: (text: string) => Document,
): Finding[] {
  let needed = guess(text)
  const errorsWith = (findings: readonly Finding[]): number =>
    parse(mend(text, findings).text).errors.length
  const least = needed.length === 0 ? Infinity : errorsWith(needed)
  if (least >= document.errors.length) return []
  if (text.length > MOST_CHARACTERS || needed.length > MOST_GUESSES) return needed
  for (const finding of needed) {
    const without = needed.filter((other) => other !== finding)
    if (errorsWith(without) <= least) needed = without
  }
  return needed
}

/** Everything in the lines of a text that could stand for YAML's own punctuation. */
function guess(text: string): Finding[] {
  const found: Finding[] = []
  let offset = 0
  let depth = 0
  let blockIndent = -1
  for (const line of text.split('\n')) {
    const start = offset
    offset += line.length + 1
    if (found.length > MOST_FINDINGS) break
    if (line.length > LONGEST_LINE) continue
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

/** Punctuation within the brackets of one line, and quotes and brackets that open its value. */
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
  // Whether a value or key may begin here.
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

/** The quotes or brackets that open at an offset and close later in the line. */
function pairEdits(text: string, start: number): Finding | undefined {
  const opening = text[start]!
  const closing = Object.hasOwn(closingByOpening, opening) ? closingByOpening[opening]! : undefined
  if (closing === undefined) return undefined
  const rest = text.slice(start + 1, start + LONGEST_QUOTE).split('\n', 1)[0]!
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

/** Full-width punctuation in the nodes of a text without syntax errors. */
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
      if (found.length > MOST_FINDINGS) return visit.BREAK
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
    // Quotes around a text that is free may belong to it; those that a comma tore apart don't.
    const isTorn = pair.edits[1]!.offset >= start + source.length
    return isFree && !isTorn ? [] : [pair]
  }
  const isInFlowList = isSeq(parent) && parent.flow === true
  const isInRule = isPair(parent) && !isFree
  if (!isInFlowList && !isInRule) return []
  const commas = [...source.matchAll(isFree ? /，/g : /[，、]/g)].slice(0, MOST_FINDINGS)
  return commas.length === 0
    ? []
    : [{ kind: 'comma', edits: commas.map(({ index }) => commaEdit(text, start + index)) }]
}

/** Whether a map stands at a path: the manifest, its groups, and their entries. */
function holdsMap(keys: readonly string[]): boolean {
  const [group] = keys
  return keys.length === 0 || ['assets', 'styles', 'presets', 'profiles'].includes(group!)
    ? keys.length < 3
    : group === 'defaults' && keys.length === 1
}

/** The line that an offset lies in, without its indentation, short enough for a sentence. */
function shortLine(text: string, offset: number): string {
  const from = text.lastIndexOf('\n', offset - 1) + 1
  const start = Math.max(from, offset - LONGEST_LINE)
  const line = text
    .slice(start, offset + LONGEST_LINE)
    .split('\n', 1)[0]!
    .trim()
  return line.length > 80 ? `${line.slice(0, 79)}…` : line
}

/** Findings in words, those of one kind in one line told together. */
function explain(text: string, findings: readonly Finding[], mended: string): FullWidth[] {
  const toldByLine = new Map<string, FullWidth>()
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
      if (!toldByLine.has(key)) {
        toldByLine.set(key, {
          start: offset,
          end,
          message: messageFor(kind, text[offset]!),
          hint: hintFor(kind, shortLine(mended, offset + added)),
        })
      }
    }
    added += to.length - 1
  }
  return [...toldByLine.values()]
}

function messageFor(kind: Kind, character: string): string {
  if (kind === 'colon') return '`：` is a full-width colon, which YAML takes for a letter.'
  if (kind === 'comma') {
    return `\`${character}\` is ${character === '、' ? 'an enumeration comma' : 'a full-width comma'}, which YAML takes for a letter.`
  }
  if (kind === 'quotes') {
    return `${character} ${closingByOpening[character]!} are full-width quotes, which YAML takes for letters.`
  }
  if (kind === 'bracket') {
    return `\`${character}\` is a full-width bracket, which YAML takes for a letter.`
  }
  return `The line is indented with ${character === '\u00A0' ? 'a no-break space' : 'a full-width space'}, which YAML takes for a letter.`
}

function hintFor(kind: Kind, right: string): string {
  if (kind === 'colon') return `Type a colon and a space: \`${right}\`.`
  if (kind === 'comma') {
    return `Type a comma and a space: \`${right}\`. Put quotes around a text that the comma belongs to.`
  }
  if (kind === 'quotes') return `Type straight quotes: \`${right}\`.`
  if (kind === 'bracket') return `Type ASCII brackets: \`${right}\`.`
  return 'Type ordinary spaces there, two a level.'
}
