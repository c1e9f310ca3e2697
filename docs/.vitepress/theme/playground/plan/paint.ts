import type { Paint } from '../../../../../packages/core/src/plan/format-plan.ts'
import type { PaintedText } from './planned.ts'

/** Characters that no plan contains: Limn prints no control characters of a manifest. */
const [START, MIDDLE, END] = ['\u0001', '\u0002', '\u0003']

/** Marks a piece of text with the kind of its colour. */
export const paint: Paint = (kind, text) => `${START}${kind}${MIDDLE}${text}${END}`

/** Splits a line at the marks of `paint`. */
export function splitPainted(line: string): PaintedText[] {
  return line.split(START).flatMap((part, index) => {
    if (index === 0) return part === '' ? [] : [{ text: part }]
    const [kind = '', rest = ''] = part.split(MIDDLE)
    const [painted = '', after = ''] = rest.split(END)
    return [{ text: painted, paint: kind }, ...(after === '' ? [] : [{ text: after }])]
  })
}
