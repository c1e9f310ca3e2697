/** A part of a text that is on both sides, or only on one. */
export type Word = { kind: 'same' | 'removed' | 'added'; text: string }

/** Most pairs of words that are compared; a longer text counts as replaced. */
const MAX_PAIRS = 4_000_000
/** Characters of a text that are compared: no model accepts as many. */
const MAX_LENGTH = 100_000

/**
 * Compares two texts word by word. Words are found as people read them, in Chinese too; a word
 * includes the spaces after it.
 */
export function diffWords(before: string, after: string): Word[] {
  const a = splitWords(before)
  const b = splitWords(after)
  let start = 0
  while (start < a.length && start < b.length && isSame(a[start]!, b[start]!)) start++
  let end = 0
  while (end < Math.min(a.length, b.length) - start && isSame(a.at(-1 - end)!, b.at(-1 - end)!)) {
    end++
  }
  const middle = diffMiddle(a.slice(start, a.length - end), b.slice(start, b.length - end))
  return joinWords([
    ...b.slice(0, start).map(asSame),
    ...middle,
    ...b.slice(b.length - end).map(asSame),
  ])
}

function asSame(text: string): Word {
  return { kind: 'same', text }
}

const segmenter = new Intl.Segmenter('en', { granularity: 'word' })

function splitWords(text: string): string[] {
  const words: string[] = []
  for (const { segment } of segmenter.segment(text.slice(0, MAX_LENGTH))) {
    if (/^\s+$/.test(segment) && words.length > 0) words.push(words.pop()! + segment)
    else words.push(segment)
  }
  return words
}

function isSame(a: string, b: string): boolean {
  return a === b || a.trimEnd() === b.trimEnd()
}

/** Finds the longest common subsequence of two lists of words. */
function diffMiddle(a: readonly string[], b: readonly string[]): Word[] {
  const removed = a.map((text): Word => ({ kind: 'removed', text }))
  const added = b.map((text): Word => ({ kind: 'added', text }))
  if (a.length === 0 || b.length === 0 || a.length * b.length > MAX_PAIRS) {
    return [...removed, ...added]
  }
  const width = b.length + 1
  // The length of the longest common subsequence of the words from each pair on.
  const lengths = new Uint32Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i * width + j] = isSame(a[i]!, b[j]!)
        ? lengths[(i + 1) * width + j + 1]! + 1
        : Math.max(lengths[(i + 1) * width + j]!, lengths[i * width + j + 1]!)
    }
  }
  const words: Word[] = []
  let [i, j] = [0, 0]
  while (i < a.length && j < b.length) {
    if (isSame(a[i]!, b[j]!)) {
      words.push(asSame(b[j]!))
      i++
      j++
    } else if (lengths[(i + 1) * width + j]! >= lengths[i * width + j + 1]!) {
      words.push(removed[i++]!)
    } else words.push(added[j++]!)
  }
  return [...words, ...removed.slice(i), ...added.slice(j)]
}

/** Joins neighbours of a kind; between two parts that are the same, what is removed comes first. */
function joinWords(words: readonly Word[]): Word[] {
  const joined: Word[] = []
  let [removed, added] = ['', '']
  const flush = (next = ''): string => {
    // The space after both is the same.
    const space = removed !== '' && added !== '' && next !== '' ? sharedSpace(removed, added) : ''
    removed = removed.slice(0, removed.length - space.length)
    added = added.slice(0, added.length - space.length)
    if (removed !== '') joined.push({ kind: 'removed', text: removed })
    if (added !== '') joined.push({ kind: 'added', text: added })
    removed = added = ''
    return space + next
  }
  for (const { kind, text } of words) {
    if (kind === 'removed') removed += text
    else if (kind === 'added') added += text
    else {
      const rest = flush(text)
      const last = joined.at(-1)
      if (last?.kind === 'same') last.text += rest
      else joined.push({ kind, text: rest })
    }
  }
  flush()
  return joined
}

function sharedSpace(a: string, b: string): string {
  const [space, other] = [a, b].map((text) => text.slice(text.trimEnd().length))
  return space === other ? space! : ''
}
