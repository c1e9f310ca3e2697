import { type Document, isScalar, visit } from 'yaml'

/** A text in which no colour begins a comment, and where they were. */
export type MendedColours = {
  /** As long as it was: places stay. */
  text: string
  /** The colours with their #, from start to end. */
  found: { start: number; end: number; colour: string }[]
}

/**
 * Up to so many colours, in a text of so many characters, each is looked at by itself: each takes a
 * reading of the text.
 */
const MOST_COLOURS = 30
const MOST_CHARACTERS = 200_000

/** A colour as people write it, where a value can stand: to YAML a # after a space begins a comment. */
const COLOUR = /(?<=[:,[][ \t]+)#(?:[\da-f]{8}|[\da-f]{6}|[\da-f]{3,4})(?![\w-])/gi

/**
 * Finds colours without quotes, which YAML takes for comments, and makes them plain text. Only
 * those count that leave a key without a value, or whose comment hides a brace or bracket that is
 * missed.
 *
 * @param document the text as `parse` reads it
 * @returns `undefined` where there is nothing to mend
 */
export function mendColours(
  text: string,
  document: Document,
  parse: (text: string) => Document,
): MendedColours | undefined {
  const written = [...text.matchAll(COLOUR)].map(({ index, 0: colour }) => ({
    start: index,
    end: index + colour.length,
    colour,
  }))
  if (written.length === 0) return undefined
  const found =
    document.errors.length === 0
      ? inPlaceOfValues(written, text, document)
      : neededColours(written, text, document, parse)
  return found.length === 0 ? undefined : { text: withPlain(text, found), found }
}

type Colours = MendedColours['found']

/** Each # as a letter, so that what follows is text. */
function withPlain(text: string, colours: Colours): string {
  let out = ''
  let last = 0
  for (const { start } of colours) {
    out += `${text.slice(last, start)}x`
    last = start + 1
  }
  return out + text.slice(last)
}

/** The colours behind the colon of a key that has no value. */
function inPlaceOfValues(colours: Colours, text: string, document: Document): Colours {
  const keyEnds = new Set<number>()
  visit(document, {
    Pair(_, { key, value }) {
      const isEmpty =
        value === null || (isScalar(value) && value.value === null && (value.source ?? '') === '')
      if (isEmpty && isScalar(key)) keyEnds.add(key.range?.[1] ?? -1)
    },
  })
  return colours.filter(({ start }) =>
    keyEnds.has(text.slice(0, start).replace(/\s*:\s*$/, '').length),
  )
}

/** The colours without which the text would have more syntax errors. */
function neededColours(
  colours: Colours,
  text: string,
  document: Document,
  parse: (text: string) => Document,
): Colours {
  const errorsWith = (some: Colours): number => parse(withPlain(text, some)).errors.length
  const errors = errorsWith(colours)
  if (errors >= document.errors.length) return []
  if (colours.length > MOST_COLOURS || text.length > MOST_CHARACTERS) return colours
  return colours.filter(
    (colour) => errorsWith(colours.filter((other) => other !== colour)) > errors,
  )
}
