/** What a template's names stand for. */
export type Vars = Readonly<Record<string, string | number | readonly (string | number)[]>>

const PLACE = /\{\{([^{}]*)\}\}/g
/** A text is filled until it has about so many characters: no model takes so much. */
const MOST_CHARACTERS = 100_000

/**
 * Fills `{{name}}`. A list is joined with commas; `{{#name}}` numbers it, one entry a line, for
 * step diagrams. Names that are not known stay as they are, and are given back.
 */
export function fillTemplate(text: string, vars: Vars): { text: string; unknown: string[] } {
  const unknown: string[] = []
  let length = text.length
  const filled = text.replace(PLACE, (place, inner: string) => {
    const written = inner.trim()
    const isNumbered = written.startsWith('#')
    const name = isNumbered ? written.slice(1).trim() : written
    const value = Object.hasOwn(vars, name) ? vars[name] : undefined
    if (value === undefined) {
      unknown.push(name)
      return place
    }
    if (length > MOST_CHARACTERS) return place
    const list = Array.isArray(value) ? value.map(String) : [String(value)]
    const entries = isNumbered
      ? list.map((entry, index) => `\n${index + 1}. ${entry}`).join('')
      : list.join(', ')
    length += entries.length
    return entries
  })
  return { text: filled, unknown }
}
