import type { Reason } from './plan.ts'

/** Number of characters of a value that are shown. */
const SHOWN = 100

/** Number of characters of a value that are compared: no model accepts as many. */
const MAX_COMPARED = 100_000

/** One line of a comparison: an old value (`remove`) or a new one (`add`). */
export type ChangeLine = { kind: 'remove' | 'add'; text: string }

/** Formats the changed fields of a request, each old value above the new one. */
export function formatChanges(reason: Reason): ChangeLine[] {
  if (reason.code !== 'request-changed') return []
  return reason.changes.flatMap(({ field, from, to }): ChangeLine[] => {
    const label = field === 'prompt' ? '' : `${field}: `
    const [before, after] = [collapse(from ?? '(none)'), collapse(to ?? '(none)')]
    const start = startOfDifference(before, after)
    return [
      { kind: 'remove', text: `- ${label}${clip(before, start)}` },
      { kind: 'add', text: `+ ${label}${clip(after, start)}` },
    ]
  })
}

/** Joins the words of a text by single spaces. */
function collapse(text: string): string {
  return text.slice(0, MAX_COMPARED).replace(/\s+/g, ' ')
}

/** The index from which two long texts are shown, so that their first difference is visible. */
function startOfDifference(a: string, b: string): number {
  let same = 0
  while (same < a.length && same < b.length && a[same] === b[same]) same++
  if (same < SHOWN - 30) return 0
  return a.lastIndexOf(' ', same - 30) + 1
}

function clip(text: string, start: number): string {
  const rest = start === 0 ? text : `…${text.slice(start)}`
  return rest.length > SHOWN ? `${rest.slice(0, SHOWN - 1)}…` : rest
}
