/** Scripts that are written without spaces, so that a line can break anywhere. */
const WITHOUT_SPACES =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u

/**
 * Whether a picture shows a text, among the texts that can be read in it. Letters, case, accents
 * and punctuation must be equal after Unicode normalization (NFC); any white space, also the end of
 * a line, equals one space. The text may be a part of a longer one, but not of a longer word.
 */
export function showsText(expected: string, seen: readonly string[]): boolean {
  const wanted = normalizeText(expected)
  const lines = seen.map(normalizeText).filter((line) => line !== '')
  if (` ${lines.join(' ')} `.includes(` ${wanted} `)) return true
  return WITHOUT_SPACES.test(wanted) && isRunOfLines(wanted, lines)
}

/** Applies NFC, and turns each run of white space into one space. */
export function normalizeText(text: string): string {
  return text.normalize('NFC').replace(/\s+/gu, ' ').trim()
}

/** Whether some lines that follow each other spell a text, if white space does not count. */
function isRunOfLines(wanted: string, lines: readonly string[]): boolean {
  const compact = (text: string): string => text.replaceAll(' ', '')
  const target = compact(wanted)
  return lines.some((_, start) => {
    let run = ''
    for (const line of lines.slice(start)) {
      run += compact(line)
      if (run.length >= target.length) break
    }
    return run === target
  })
}
