/** An attribute of a tag: a text, or the code of an expression. */
export type Attribute = { text: string; isCode: boolean }

/** A tag of a page or a component, with its attributes by name: lower case, without `:`. */
export type Tag = { name: string; attributes: ReadonlyMap<string, Attribute> }

/** Longest tag that is read, characters. */
const MAX_TAG = 8000

/**
 * Finds the opening tags of HTML, JSX, Vue, Svelte or Astro. Tolerant: what is no tag after all has
 * no attributes that mean anything.
 */
export function* scanTags(code: string): Generator<Tag> {
  // Tags within tags are read twice. Code that has nothing but starts of tags is not read for ever.
  let left = 4 * code.length + 1000
  for (const { 0: start, 1: name, index } of code.matchAll(/<([A-Za-z][\w:.-]{0,60})(?=[\s/>])/g)) {
    const from = index + start.length
    const { attributes, length } = readAttributes(code.slice(from, from + MAX_TAG))
    left -= length
    if (left < 0) return
    if (attributes.size > 0) yield { name: name!, attributes }
  }
}

/** Prefixes with which frameworks bind an attribute to code. */
const BOUND = /^(?:v-bind:|:|bind:|\[(?=[\w-]+\]$))/

function readAttributes(text: string): { attributes: Map<string, Attribute>; length: number } {
  const attributes = new Map<string, Attribute>()
  let length = 0
  const pattern =
    /[\s/]*(?:([^\s=<>/"'{}]{1,80})(?:\s{0,20}=\s{0,20}(?=("|'|\{|[^\s>"'{])))?|(\{))/y
  while (pattern.lastIndex < text.length) {
    const at = pattern.lastIndex
    length = at
    const [whole, rawName, mark, spread] = pattern.exec(text) ?? []
    if (whole === undefined) break
    const from = at + whole.length
    if (spread !== undefined) {
      const end = endOfBraces(text, from - 1)
      const inner = text.slice(from, end - 1).trim()
      // `{src}` of Svelte and Astro.
      if (/^[\w$]+$/.test(inner)) attributes.set(inner.toLowerCase(), { text: inner, isCode: true })
      pattern.lastIndex = end
      continue
    }
    const name = rawName!.replace(BOUND, '').replace(/\]$/, '').toLowerCase()
    if (mark === undefined) {
      attributes.set(name, { text: '', isCode: false })
      pattern.lastIndex = from
      continue
    }
    const { text: value, end } = readValue(text, from, mark)
    attributes.set(name, { text: value, isCode: mark === '{' || BOUND.test(rawName!) })
    pattern.lastIndex = end
  }
  return { attributes, length: Math.max(length, pattern.lastIndex) }
}

function readValue(text: string, from: number, mark: string): { text: string; end: number } {
  if (mark === '{') {
    const end = endOfBraces(text, from)
    return { text: text.slice(from + 1, end - 1), end }
  }
  if (mark === '"' || mark === "'") {
    const end = text.indexOf(mark, from + 1)
    return end < 0
      ? { text: '', end: text.length }
      : { text: text.slice(from + 1, end), end: end + 1 }
  }
  const [value = ''] = /^[^\s>]+/.exec(text.slice(from, from + 2000)) ?? []
  return { text: value, end: from + value.length }
}

/** Returns where a pair of braces ends, with those in it; texts in quotes are skipped. */
function endOfBraces(text: string, from: number): number {
  let depth = 0
  for (let at = from; at < text.length; at++) {
    const character = text[at]!
    if (character === '{') depth++
    else if (character === '}' && --depth === 0) return at + 1
    else if (/["'`]/.test(character)) {
      const end = text.indexOf(character, at + 1)
      if (end < 0) return text.length
      at = end
    }
  }
  return text.length
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
}

/** Returns the text of an attribute; `undefined` if code computes it. */
export function literalOf(attribute: Attribute | undefined): string | undefined {
  if (attribute === undefined) return undefined
  const { text, isCode } = attribute
  if (isCode) {
    const [, , inner] = /^\s*(["'`])((?:(?!\1|\\|\$\{).)*)\1\s*$/s.exec(text) ?? []
    return inner ?? (/^\s*\d+(?:\.\d+)?\s*$/.test(text) ? text.trim() : undefined)
  }
  // Templates of Vue, Astro, Angular, Liquid and the like.
  if (/\{\{|\{%|<%|\$\{/.test(text)) return undefined
  return text.replace(
    /&(?:#(\d{1,6})|#x([\da-f]{1,5})|([a-z]{2,5}));/gi,
    (all, decimal, hex, name) => {
      if (name !== undefined) return ENTITIES[String(name).toLowerCase()] ?? all
      const code = decimal === undefined ? parseInt(hex, 16) : Number(decimal)
      return code > 0 && code < 0x11_0000 && !(code >= 0xd800 && code < 0xe000)
        ? String.fromCodePoint(code)
        : all
    },
  )
}
