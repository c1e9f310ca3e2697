/** Parts of an HTML file that nobody sees, by their start and their end. */
const hidden: readonly (readonly [start: string, end: string])[] = [
  ['<!--', '-->'],
  ['<style', '</style'],
  ['<script', '</script'],
  ['<title', '</title'],
]

/** Returns the text that a reader of an HTML file sees, roughly: without tags, styles and comments. */
export function visibleText(html: string): string {
  let text = html
  for (const [start, end] of hidden) text = removeBetween(text, start, end)
  return removeBetween(text, '<', '>').replace(
    /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));/gi,
    decodeEntity,
  )
}

/** Replaces everything from a start to the next end by a space. Takes time linear in the text. */
function removeBetween(text: string, start: string, end: string): string {
  const lower = text.toLowerCase()
  const kept: string[] = []
  let at = 0
  for (let from = lower.indexOf(start); from >= 0; from = lower.indexOf(start, at)) {
    kept.push(text.slice(at, from), ' ')
    const to = lower.indexOf(end, from)
    if (to < 0) return kept.join('')
    at = to + end.length
  }
  return kept.join('') + text.slice(at)
}

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
}

function decodeEntity(_: string, decimal?: string, hex?: string, name?: string): string {
  if (name !== undefined) return entities[name.toLowerCase()] ?? ' '
  const value = decimal === undefined ? Number.parseInt(hex!, 16) : Number(decimal)
  return value <= 0x10ffff ? String.fromCodePoint(value) : ' '
}

/** Returns the code points of a text that need a glyph: neither spaces nor invisible marks. */
export function visibleCharacters(text: string): Set<number> {
  const characters = new Set<number>()
  for (const character of text) {
    if (!INVISIBLE.test(character)) characters.add(character.codePointAt(0)!)
  }
  return characters
}

/** Spaces, control and format characters, and the selectors of emoji variants. */
const INVISIBLE = /^[\s\p{Cc}\p{Cf}\p{Variation_Selector}]$/u
