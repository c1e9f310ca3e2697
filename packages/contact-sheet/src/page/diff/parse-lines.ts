/**
 * One line of a shown diff. `number` is its line in the new file, or in the old one if it is
 * removed.
 */
export type DiffLine = {
  kind: 'same' | 'added' | 'removed' | 'gap'
  number: number | null
  text: string
}

/** Parses a unified diff into its lines. File headers are left out. */
export function parseLines(diff: string): DiffLine[] {
  const lines: DiffLine[] = []
  let [from, to] = [1, 1]
  let isInHunk = false
  for (const line of diff.replace(/\r?\n$/, '').split(/\r?\n/)) {
    const hunk = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(line)
    if (hunk) {
      if (isInHunk) lines.push({ kind: 'gap', number: null, text: '' })
      ;[from, to] = [Number(hunk[1]), Number(hunk[2])]
      isInHunk = true
    } else if (!isInHunk || line.startsWith('\\')) {
      // A header, or the note on a missing line break at the end.
    } else if (line.startsWith('+')) {
      lines.push({ kind: 'added', number: to++, text: line.slice(1) })
    } else if (line.startsWith('-')) {
      lines.push({ kind: 'removed', number: from++, text: line.slice(1) })
    } else {
      lines.push({ kind: 'same', number: to++, text: line.slice(1) })
      from++
    }
  }
  return lines
}
