import { diffArrays, diffWordsWithSpace } from 'diff'

/** A part of two compared texts: in both, only in the new one, or only in the old one. */
export type DiffPart = { kind: 'same' | 'added' | 'removed'; text: string }

/** Time after which two texts are shown as wholly different, ms. */
const TIME_LIMIT = 400

/**
 * Compares two texts word by word. Words are those of the reader, so that Chinese, Japanese and
 * Thai, which have no spaces between them, change by words too. Joined without the added parts, the
 * result is `from`; without the removed ones, `to`.
 */
export function diffByWords(from: string, to: string): DiffPart[] {
  if (from === to) return from === '' ? [] : [{ kind: 'same', text: from }]
  const parts = compare(from, to)
  if (parts === undefined) return joinEqual(replaced(from, to))
  return joinEqual(absorbGaps(parts))
}

function compare(from: string, to: string): DiffPart[] | undefined {
  if (typeof Intl.Segmenter !== 'function') {
    return diffWordsWithSpace(from, to, { timeout: TIME_LIMIT })?.map((part) => ({
      kind: kindOf(part),
      text: part.value,
    }))
  }
  const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' })
  const wordsOf = (text: string): string[] =>
    Array.from(segmenter.segment(text), ({ segment }) => segment)
  return diffArrays(wordsOf(from), wordsOf(to), { timeout: TIME_LIMIT })?.map((part) => ({
    kind: kindOf(part),
    text: part.value.join(''),
  }))
}

function kindOf({ added, removed }: { added: boolean; removed: boolean }): DiffPart['kind'] {
  if (added) return 'added'
  return removed ? 'removed' : 'same'
}

function replaced(from: string, to: string): DiffPart[] {
  return [
    { kind: 'removed', text: from },
    { kind: 'added', text: to },
  ]
}

/**
 * Makes one change of two that only a space or a mark separates: "red fox" → "blue owl" is one
 * replacement, not two.
 */
function absorbGaps(parts: readonly DiffPart[]): DiffPart[] {
  const result: DiffPart[] = []
  let [removed, added] = ['', '']
  const flush = (): void => {
    if (removed !== '') result.push({ kind: 'removed', text: removed })
    if (added !== '') result.push({ kind: 'added', text: added })
    removed = ''
    added = ''
  }
  for (const [index, part] of parts.entries()) {
    if (part.kind === 'removed') removed += part.text
    else if (part.kind === 'added') added += part.text
    else if (isGap(part.text) && removed !== '' && added !== '' && changesAfter(parts, index)) {
      removed += part.text
      added += part.text
    } else {
      flush()
      result.push(part)
    }
  }
  flush()
  return result
}

/** Returns whether a text has no letter and no digit, and does not end a line. */
function isGap(text: string): boolean {
  return !/[\p{L}\p{N}\n]/u.test(text)
}

function changesAfter(parts: readonly DiffPart[], index: number): boolean {
  const next = parts[index + 1]
  return next !== undefined && next.kind !== 'same'
}

function joinEqual(parts: readonly DiffPart[]): DiffPart[] {
  const result: DiffPart[] = []
  for (const { kind, text } of parts) {
    const last = result.at(-1)
    if (text === '') continue
    if (last?.kind === kind) last.text += text
    else result.push({ kind, text })
  }
  return result
}
