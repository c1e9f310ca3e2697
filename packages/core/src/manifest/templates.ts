/** What a template's names stand for. */
export type Vars = Readonly<Record<string, string | number | readonly (string | number)[]>>

const PLACE = /\{\{\s*(#?)\s*([^{}]*?)\s*\}\}/g

/**
 * Fills `{{name}}`. A list is joined with commas; `{{#name}}` numbers it, one entry a line,
 * for step diagrams. Names that are not known stay as they are, and are given back.
 */
export function fillTemplate(text: string, vars: Vars): { text: string; unknown: string[] } {
  const unknown: string[] = []
  const filled = text.replace(PLACE, (place, numbered: string, name: string) => {
    const value = Object.hasOwn(vars, name) ? vars[name] : undefined
    if (value === undefined) {
      unknown.push(name)
      return place
    }
    const list = Array.isArray(value) ? value.map(String) : [String(value)]
    return numbered === '' ? list.join(', ') : list.map((entry, index) => `\n${index + 1}. ${entry}`).join('')
  })
  return { text: filled, unknown }
}
