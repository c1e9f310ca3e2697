import { type Document, isScalar, visit } from 'yaml'
import type { ParsedText } from './parse-yaml.ts'

/** A colour without quotes, by its offsets from its # to its end. */
export type BareColour = { start: number; end: number; colour: string }

/**
 * Texts with more colours or characters than this are repaired without a check of each colour: each
 * check parses the text.
 */
const MAX_COLOURS = 30
const MAX_CHARACTERS = 200_000

/** A colour where a value can be: YAML reads a # after a space as the start of a comment. */
const COLOUR = /(?<=[:,[][ \t]+)#(?:[\da-f]{8}|[\da-f]{6}|[\da-f]{3,4})(?![\w-])/gi

/** Returns whether a text may have a colour without quotes. */
export function hasBareColours(text: string): boolean {
  return text.search(COLOUR) >= 0
}

/**
 * Finds colours without quotes, which YAML reads as comments, and makes them plain text of the same
 * length. A colour counts only if its key has no value, or if its comment hides a brace or bracket
 * that the text needs.
 *
 * @param written the text and its document, as `parse` reads it
 */
export function repairBareColours(
  written: ParsedText,
  parse: (text: string) => Document,
): ParsedText & { found: BareColour[] } {
  const colours = [...written.text.matchAll(COLOUR)].map(({ index, 0: colour }) => ({
    start: index,
    end: index + colour.length,
    colour,
  }))
  if (colours.length === 0) return { ...written, found: [] }
  if (written.document.errors.length > 0) return repairNeeded(colours, written, parse)
  const found = colours.filter(isInPlaceOfValue(written))
  return found.length === 0 ? { ...written, found } : { ...repair(found, written, parse), found }
}

function repair(
  colours: readonly BareColour[],
  { text }: ParsedText,
  parse: (text: string) => Document,
): ParsedText {
  const repaired = withPlain(text, colours)
  return { text: repaired, document: parse(repaired) }
}

/** Replaces each # by a letter, so that the colour is text. */
function withPlain(text: string, colours: readonly BareColour[]): string {
  let out = ''
  let last = 0
  for (const { start } of colours) {
    out += `${text.slice(last, start)}x`
    last = start + 1
  }
  return out + text.slice(last)
}

/** Returns whether a colour follows the colon of a key that has no value. */
function isInPlaceOfValue({ text, document }: ParsedText): (colour: BareColour) => boolean {
  const keyEnds = new Set<number>()
  visit(document, {
    Pair(_, { key, value }) {
      const isEmpty =
        value === null || (isScalar(value) && value.value === null && (value.source ?? '') === '')
      if (isEmpty && isScalar(key)) keyEnds.add(key.range?.[1] ?? -1)
    },
  })
  return ({ start }) => keyEnds.has(text.slice(0, start).replace(/\s*:\s*$/, '').length)
}

/** Repairs the colours without which the text would have more syntax errors. */
function repairNeeded(
  colours: BareColour[],
  written: ParsedText,
  parse: (text: string) => Document,
): ParsedText & { found: BareColour[] } {
  const all = repair(colours, written, parse)
  const errors = all.document.errors.length
  if (errors >= written.document.errors.length) return { ...written, found: [] }
  const isOne = colours.length === 1
  if (isOne || colours.length > MAX_COLOURS || written.text.length > MAX_CHARACTERS) {
    return { ...all, found: colours }
  }
  let last = all
  const found = colours.filter((colour) => {
    const others = colours.filter((other) => other !== colour)
    const rest = repair(others, written, parse)
    const isNeeded = rest.document.errors.length > errors
    if (!isNeeded) last = rest
    return isNeeded
  })
  if (found.length === 0) return { ...written, found }
  // All colours, or all but the one that was found not to be needed, are parsed already.
  const isParsed = found.length >= colours.length - 1
  return { ...(isParsed ? last : repair(found, written, parse)), found }
}
