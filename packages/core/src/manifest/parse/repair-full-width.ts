import type { Document } from 'yaml'
import { explainFullWidth } from './explain-full-width.ts'
import { findFullWidth } from './find-full-width.ts'
import { FULL_WIDTH, type Edit, editsOf, type Finding, type FullWidth } from './full-width.ts'
import { guessFullWidth } from './guess-full-width.ts'
import type { ParsedText } from './parse-yaml.ts'

/** A text with ASCII punctuation in place of the full-width one. */
type Repaired = ParsedText & {
  /** Returns where an offset of the repaired text is in the text as it was written. */
  toOriginal: (offset: number) => number
}

/**
 * Texts with more characters or guesses than this are repaired without a check of which guesses are
 * needed: each check parses the text.
 */
const MAX_CHARACTERS = 100_000
const MAX_GUESSES = 40

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
  if (!FULL_WIDTH.test(written.text)) {
    return { ...written, toOriginal: (offset) => offset, found: [] }
  }
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
  return { ...repaired, found: explainFullWidth(written.text, findings, repaired.text) }
}

/** Finds full-width punctuation in a document without syntax errors, by offsets as it was written. */
function findInDocument({ text, document, toOriginal }: Repaired): Finding[] {
  if (document.errors.length > 0) return []
  return findFullWidth(text, document).map(({ kind, edits }) => ({
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
  let findings = document.errors.length > 0 ? guessFullWidth(text) : []
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
