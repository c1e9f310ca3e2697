import {
  colonEdit,
  commaEdit,
  type Finding,
  MAX_FINDINGS,
  MAX_LINE_LENGTH,
  pairEdits,
  spaceEdits,
} from './full-width.ts'

/** Finds everything in the lines of a text that could be meant as YAML's own punctuation. */
export function guessFullWidth(text: string): Finding[] {
  const found: Finding[] = []
  let offset = 0
  let depth = 0
  let blockIndent = -1
  for (const line of text.split('\n')) {
    const start = offset
    offset += line.length + 1
    if (found.length > MAX_FINDINGS) break
    if (line.length > MAX_LINE_LENGTH) continue
    const indent = /^ */.exec(line)![0].length
    if (blockIndent >= 0 && (line.trim() === '' || indent > blockIndent)) continue
    blockIndent = /(^|[:：-] *)[|>][-+\d]*\s*(#.*)?$/.test(line) ? indent : -1
    if (line.trimStart().startsWith('#')) continue
    found.push(...guessIndent(line, start))
    const key =
      depth > 0 ? null : /^[ \u3000\u00A0]*(?:- +)*[^\s：:"'#，{}[\]]{1,60} ?([：:])/.exec(line)
    if (key?.[1] === '：') {
      found.push({ kind: 'colon', edits: [colonEdit(text, start + key[0].length - 1)] })
    }
    const from = key === null ? /^[ \u3000\u00A0]*(?:- +)*/.exec(line)![0].length : key[0].length
    const flow = guessInFlow({ text, from: start + from, end: start + line.length, depth })
    depth = flow.depth
    found.push(...flow.found)
  }
  return found
}

function guessIndent(line: string, start: number): Finding[] {
  const indent = /^[ \u3000\u00A0]*/.exec(line)![0]
  return /[^ ]/.test(indent) ? [{ kind: 'space', edits: spaceEdits(indent, start) }] : []
}

/** Finds punctuation within the brackets of a line, and quotes and brackets that open its value. */
function guessInFlow({
  text,
  from,
  end,
  depth: above,
}: {
  text: string
  from: number
  end: number
  depth: number
}): { found: Finding[]; depth: number } {
  const found: Finding[] = []
  let depth = above
  let quote = ''
  // Whether a value or key may start here.
  let isOpen = true
  for (let index = from; index < end; index++) {
    const character = text[index]!
    if (quote !== '') {
      if (character === quote) quote = ''
      continue
    }
    if (/\s/.test(character)) continue
    const pair = isOpen ? pairEdits(text, index) : undefined
    if (isOpen && (character === '"' || character === "'")) quote = character
    else if (pair !== undefined) {
      found.push(pair)
      if (pair.kind === 'quotes') index = pair.edits[1]!.offset
      else depth++
    } else if (isOpen && '[{'.includes(character)) depth++
    else if (depth > 0 && ']}］】｝'.includes(character)) depth--
    else if (depth > 0 && '，、'.includes(character)) {
      found.push({ kind: 'comma', edits: [commaEdit(text, index)] })
    } else if (depth > 0 && character === '：') {
      found.push({ kind: 'colon', edits: [colonEdit(text, index)] })
    }
    isOpen =
      (isOpen && '[{［【｛'.includes(character)) || (depth > 0 && ',，、:：'.includes(character))
  }
  return { found, depth }
}
