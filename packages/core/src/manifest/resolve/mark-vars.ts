import type { Asset } from '../manifest.ts'
import type { Vars } from './fill-template.ts'

/** The characters before a name and before a value. No prompt has reason to contain them. */
const [START, MIDDLE] = ['\uE000', '\uE001']
/**
 * The characters after a value: of the kind of its last character, because the end of a text
 * decides how a prompt continues after it.
 */
const [AFTER_HAN, AFTER_LETTER, AFTER_OTHER] = ['\u4DB5', '\u3164', '\uE002']
const ENDS = `${AFTER_HAN}${AFTER_LETTER}${AFTER_OTHER}`
const MARK = new RegExp(`${START}([^${MIDDLE}]*)${MIDDLE}([^${ENDS}]*)[${ENDS}]`, 'u')

/** Variables whose values carry marks, and what reads the marks in a text that they filled. */
type MarkedVars = {
  vars: Vars
  /**
   * Returns the variable of each part of `plain`, which is the text without marks; empty if no
   * variable fills it, or if the parts cannot be told apart.
   */
  origins: (marked: string, plain: string) => Asset['varOrigins']
}

/** Marks the values of some variables, so that a filled text shows where they are. */
export function markVars(vars: Vars, names: readonly string[]): MarkedVars {
  const marked = names.flatMap((name) => {
    const value = vars[name]
    if (value === undefined) return []
    const mark = (text: string | number): string =>
      `${START}${name}${MIDDLE}${text}${endOf(String(text))}`
    return [[name, Array.isArray(value) ? value.map(mark) : mark(value as string)] as const]
  })
  return { vars: { ...vars, ...Object.fromEntries(marked) }, origins: readMarks }
}

function endOf(text: string): string {
  if (/\p{Script=Han}$/u.test(text)) return AFTER_HAN
  return /[\p{L}\p{N}]$/u.test(text) ? AFTER_LETTER : AFTER_OTHER
}

function readMarks(marked: string, plain: string): Asset['varOrigins'] {
  const pieces = marked.split(MARK)
  if (pieces.length === 1) return []
  const origins: (readonly [string | null, number])[] = []
  let text = ''
  for (let at = 0; at < pieces.length; at += 3) {
    const [written, name, value] = pieces.slice(at, at + 3) as [string, string?, string?]
    if (written !== '') origins.push([null, written.length])
    if (name !== undefined && value !== undefined) origins.push([name, value.length])
    text += `${written}${value ?? ''}`
  }
  return text === plain ? origins : []
}
