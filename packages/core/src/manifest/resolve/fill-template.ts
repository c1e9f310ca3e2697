import type { Scalar } from '../scalar.ts'

/** Values of the names in a template. */
export type Vars = Readonly<Record<string, Scalar | readonly Scalar[]>>

const PLACE = /\{\{([^{}]*)\}\}/g
/** Length at which a text is no longer filled, characters: no model accepts as many. */
const MAX_CHARACTERS = 100_000

/**
 * Replaces each `{{name}}` of a text by its value. A list is joined with commas; `{{#name}}`
 * numbers it, one entry per line, for step diagrams. Unknown names stay as they are.
 *
 * @returns the text, and the unknown names
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
    if (length > MAX_CHARACTERS) return place
    const list = Array.isArray(value) ? value.map(String) : [String(value)]
    const entries = isNumbered
      ? list.map((entry, index) => `\n${index + 1}. ${entry}`).join('')
      : list.join(', ')
    length += entries.length
    return entries
  })
  return { text: filled, unknown }
}
