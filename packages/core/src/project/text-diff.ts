/** Lines around a change that a diff shows. */
const CONTEXT = 3

/** Largest number of line pairs that are compared one by one. */
const MAX_PAIRS = 1_000_000

/**
 * Formats what changed between two texts as a unified diff of one hunk, without names of files;
 * empty if nothing did.
 */
export function diffLines(before: string, after: string): string {
  const [old, now] = [before, after].map((text) => text.split(/\r?\n/)) as [string[], string[]]
  let start = 0
  while (start < old.length && start < now.length && old[start] === now[start]) start++
  if (start === old.length && start === now.length) return ''
  let end = 0
  while (
    end < Math.min(old.length, now.length) - start &&
    old[old.length - 1 - end] === now[now.length - 1 - end]
  ) {
    end++
  }
  const first = Math.max(0, start - CONTEXT)
  const tail = Math.min(CONTEXT, end)
  const oldPart = old.slice(start, old.length - end)
  const newPart = now.slice(start, now.length - end)
  const lines = [
    ...old.slice(first, start).map((line) => ` ${line}`),
    ...compareLines(oldPart, newPart),
    ...old.slice(old.length - end, old.length - end + tail).map((line) => ` ${line}`),
  ]
  const countOf = (part: readonly string[]): number => start - first + part.length + tail
  return [
    `@@ -${first + 1},${countOf(oldPart)} +${first + 1},${countOf(newPart)} @@`,
    ...lines,
  ].join('\n')
}

/** Returns the lines of two parts with `-`, `+` or a space, with as many common ones as possible. */
export function compareLines(old: readonly string[], now: readonly string[]): string[] {
  if (old.length * now.length > MAX_PAIRS) {
    return [...old.map((line) => `-${line}`), ...now.map((line) => `+${line}`)]
  }
  const common = commonLengths(old, now)
  const lines: string[] = []
  let [a, b] = [0, 0]
  while (a < old.length || b < now.length) {
    if (a < old.length && b < now.length && old[a] === now[b]) {
      lines.push(` ${old[a]}`)
      a++
      b++
    } else if (b === now.length || (a < old.length && common[a + 1]![b]! >= common[a]![b + 1]!)) {
      lines.push(`-${old[a++]}`)
    } else lines.push(`+${now[b++]}`)
  }
  return lines
}

/** Returns, for each pair of lines, how many lines the rests from there have in common. */
function commonLengths(old: readonly string[], now: readonly string[]): number[][] {
  const lengths = Array.from({ length: old.length + 1 }, () =>
    Array.from({ length: now.length + 1 }, () => 0),
  )
  for (let a = old.length - 1; a >= 0; a--) {
    for (let b = now.length - 1; b >= 0; b--) {
      lengths[a]![b] =
        old[a] === now[b]
          ? lengths[a + 1]![b + 1]! + 1
          : Math.max(lengths[a + 1]![b]!, lengths[a]![b + 1]!)
    }
  }
  return lengths
}
