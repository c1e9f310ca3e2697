import type { Scalar } from 'yaml'
import { parseYaml } from '../parse/parse-yaml.ts'

/** Where a text is written in a manifest. */
export type TextPlace = {
  /** The key, as it is written. */
  key: string
  /** Column of the key, from 0. */
  column: number
  /** Spaces by which a level is indented. */
  step: number
  /** Whether the place is within brackets. */
  isFlow: boolean
  /** Whether keys are in quotes, as in JSON. */
  isJson: boolean
  /** What the place has now, and how it is written; `undefined` if it has no text. */
  old: { type: Scalar.Type; source: string } | undefined
}

/** Longest line that is written if there is another way, characters. */
const MAX_WIDTH = 100

/** What a YAML file cannot contain, or what nobody would see in it. */
const UNPRINTABLE = /(?![\t\n])[\p{Cc}\p{Cs}\u2028\u2029\ufeff\ufffe\uffff]/u

/**
 * Formats a text as a person would write it: as it was written before if possible, several lines as
 * a block, a long line folded, and quotes only where YAML needs them. Line breaks are `\n`.
 */
export function formatText(value: string, place: TextPlace): string {
  const text = value.replace(/\r\n?/g, '\n')
  const isRight = (written: string, wanted: string): boolean => {
    const read = readBack(written, place.isFlow)
    return read !== undefined && read.value === wanted
  }
  const found = candidates(text, place).find((written) => isRight(written, valueOf(text, written)))
  return indent(found ?? quoteTwice(text), place.column)
}

/** The value that a written text has: a block that ends with a line break adds one. */
function valueOf(text: string, written: string): string {
  const isClipped = /^[|>]\d?(\n|$)/.test(written)
  return isClipped && !text.endsWith('\n') ? `${text}\n` : text
}

/** Returns how a text can be written at column 0, the best way first. */
function candidates(text: string, place: TextPlace): string[] {
  const { old, isFlow, isJson } = place
  if (isJson || UNPRINTABLE.test(text)) return [quoteTwice(text)]
  const blocks = isFlow ? [] : blockCandidates(text, place)
  if (text.includes('\n')) return [...blocks, quoteTwice(text)]
  const isOnceBetter = /["\\]/.test(text)
  const quotes = isOnceBetter
    ? [quoteOnce(text), quoteTwice(text)]
    : [quoteTwice(text), quoteOnce(text)]
  const isPlain = !/^(y|n|yes|no|on|off|~)$/i.test(text)
  const plain = isPlain ? [text] : []
  if (old?.type === 'QUOTE_SINGLE') return [...blocks, quoteOnce(text), ...quotes]
  if (old?.type === 'QUOTE_DOUBLE') return [...blocks, quoteTwice(text)]
  return [...blocks, ...plain, ...quotes]
}

/** Returns the blocks that suit a text, the best first; none if it is better in one line. */
function blockCandidates(text: string, { old, step, key, column }: TextPlace): string[] {
  if (/^\s|^$/.test(text)) return []
  const width = MAX_WIDTH - column - step
  const written = /^([|>])([-+]?)/.exec(old?.source ?? '')
  const chomp = written === null ? chompOf(text) : chompLike(text, written[2]!)
  const literal = `|${chomp}\n${indent(text.replace(/\n+$/, ''), step, true)}${trailing(text, chomp)}`
  const lines = fold(text.replace(/\n+$/, ''), width)
  const folded = `>${chomp}\n${indent(lines.join('\n'), step, true)}${trailing(text, chomp)}`
  if (written?.[1] === '|') return [literal]
  if (written?.[1] === '>') return [folded, literal]
  if (text.includes('\n')) return [literal]
  const isLong = column + key.length + 2 + text.length > MAX_WIDTH
  const wasLong = old !== undefined && !old.source.includes('\n') && isTooLong(old, key, column)
  return isLong && !wasLong && lines.length > 1 ? [folded] : []
}

function isTooLong({ source }: { source: string }, key: string, column: number): boolean {
  return column + key.length + 2 + source.length > MAX_WIDTH
}

function chompOf(text: string): string {
  return text.endsWith('\n\n') ? '+' : text.endsWith('\n') ? '' : '-'
}

/** Keeps how a block ends if that is right: a prompt may end with a line break or not. */
function chompLike(text: string, chomp: string): string {
  return text.endsWith('\n') ? chompOf(text) : chomp === '+' ? '-' : chomp
}

/** Returns the line breaks after a block that keeps them. */
function trailing(text: string, chomp: string): string {
  return chomp === '+' ? '\n'.repeat(/\n+$/.exec(text)![0].length - 1) : ''
}

/** Breaks a text into the lines of a folded block: an empty line stands for a line break. */
function fold(text: string, width: number): string[] {
  return text.split('\n').flatMap((line, index) => {
    const lines = wrap(line, width)
    return index === 0 || line === '' ? lines : ['', ...lines]
  })
}

/** Breaks a line at single spaces, where folding puts them back. */
function wrap(line: string, width: number): string[] {
  const lines: string[] = []
  let current = ''
  for (const word of line.split(/(?<=\S) (?=\S)/)) {
    if (current !== '' && current.length + 1 + word.length > width) {
      lines.push(current)
      current = word
    } else current = current === '' ? word : `${current} ${word}`
  }
  return [...lines, current]
}

function quoteOnce(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** Quotes a text like JSON, and escapes what a YAML file cannot contain. */
function quoteTwice(text: string): string {
  return JSON.stringify(text).replace(
    /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** Reads a written text at column 0; `undefined` if it is no text. */
function readBack(written: string, isFlow: boolean): { value: string } | undefined {
  const document = parseYaml(isFlow ? `{ k: ${written}, z: 1 }` : `k: ${written}\nz: 1`)
  const value: unknown = document.errors.length === 0 ? document.get('k') : undefined
  return typeof value === 'string' && document.get('z') === 1 ? { value } : undefined
}

/** Indents the lines of a text, the first one only if `all` is set. Empty lines stay empty. */
function indent(text: string, spaces: number, all = false): string {
  const lines = text.split('\n')
  const indented = lines.map((line, index) =>
    line === '' || (index === 0 && !all) ? line : `${' '.repeat(spaces)}${line}`,
  )
  return indented.join('\n')
}
