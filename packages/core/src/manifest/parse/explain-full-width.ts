import {
  closingByOpening,
  editsOf,
  type Finding,
  type FullWidth,
  type Kind,
  MAX_LINE_LENGTH,
} from './full-width.ts'

/** Returns the line of an offset without its indentation, short enough for a sentence. */
function shortLine(text: string, offset: number): string {
  const from = text.lastIndexOf('\n', offset - 1) + 1
  const start = Math.max(from, offset - MAX_LINE_LENGTH)
  const line = text
    .slice(start, offset + MAX_LINE_LENGTH)
    .split('\n', 1)[0]!
    .trim()
  return line.length > 80 ? `${line.slice(0, 79)}…` : line
}

/** Explains findings; those of one kind in one line are explained once. */
export function explainFullWidth(
  text: string,
  findings: readonly Finding[],
  repaired: string,
): FullWidth[] {
  const explanationByLine = new Map<string, FullWidth>()
  let added = 0
  const starts = new Map<number, Finding>(
    findings.map((finding) => [finding.edits[0]!.offset, finding]),
  )
  for (const { offset, to } of editsOf(findings)) {
    const finding = starts.get(offset)
    if (finding !== undefined) {
      const { kind, edits } = finding
      const key = `${text.lastIndexOf('\n', offset - 1)} ${kind}`
      const end = kind === 'quotes' || kind === 'bracket' ? edits.at(-1)!.offset + 1 : offset + 1
      if (!explanationByLine.has(key)) {
        explanationByLine.set(key, {
          start: offset,
          end,
          message: messageFor(kind, text[offset]!),
          hint: hintFor(kind, shortLine(repaired, offset + added)),
        })
      }
    }
    added += to.length - 1
  }
  return [...explanationByLine.values()]
}

function messageFor(kind: Kind, character: string): string {
  if (kind === 'colon') return '`：` is a full-width colon, which YAML reads as a letter.'
  if (kind === 'comma') {
    return `\`${character}\` is ${character === '、' ? 'an enumeration comma' : 'a full-width comma'}, which YAML reads as a letter.`
  }
  if (kind === 'quotes') {
    return `${character} ${closingByOpening[character]!} are full-width quotes, which YAML reads as letters.`
  }
  if (kind === 'bracket') {
    return `\`${character}\` is a full-width bracket, which YAML reads as a letter.`
  }
  return `The line is indented with ${character === '\u00A0' ? 'a no-break space' : 'a full-width space'}, which YAML reads as a letter.`
}

function hintFor(kind: Kind, right: string): string {
  if (kind === 'colon') return `Type a colon and a space: \`${right}\`.`
  if (kind === 'comma') {
    return `Type a comma and a space: \`${right}\`, or put quotes around text that contains the comma.`
  }
  if (kind === 'quotes') return `Type straight quotes: \`${right}\`.`
  if (kind === 'bracket') return `Type ASCII brackets: \`${right}\`.`
  return 'Indent with ordinary spaces, two per level.'
}
