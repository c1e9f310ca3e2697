import type { Lock, LockEntry } from './lock.ts'

/*
 * A lockfile in which git left the markers of a merge. One asset is a block and one output a
 * line, so that each side can be put together from the text again; what both sides changed is
 * decided by the picture that stands on the disk.
 */

type Marker = '<' | '|' | '=' | '>'
/** What may stand before each. */
const BEFORE: Readonly<Record<Marker, string>> = { '<': '>', '|': '<', '=': '<|', '>': '=' }
const MARKER = /^(<{7}|\|{7}|={7}|>{7})( |$)/

/**
 * The two versions of a text that has the markers of a merge, git's own first; `undefined` where it
 * has none, or not whole ones.
 */
export function splitConflict(text: string): [ours: string, theirs: string] | undefined {
  if (!text.includes('<<<<<<<')) return undefined
  const sides: [string[], string[]] = [[], []]
  let part: Marker = '>'
  let isFound = false
  // Empty lines say nothing, and a hostile text may have millions.
  for (const [line] of text.matchAll(/[^\r\n]+/g)) {
    const marker = MARKER.exec(line)?.[1]?.[0] as Marker | undefined
    if (marker === undefined) {
      // The third version that some settings of git add, before both, is of no use.
      if (part !== '=' && part !== '|') sides[0].push(line)
      if (part !== '<' && part !== '|') sides[1].push(line)
      continue
    }
    if (!BEFORE[marker].includes(part)) return undefined
    part = marker
    isFound = true
  }
  return isFound && part === '>' ? [mendCommas(sides[0]), mendCommas(sides[1])] : undefined
}

/**
 * A block that was last on one side may be followed by others, and the other way round. A text
 * within a line is never touched.
 */
function mendCommas(lines: readonly string[]): string {
  const mend = (line: string, next: string): string => {
    const [end, start] = [line.trimEnd(), next.trimStart()]
    if (end.endsWith(',') && /^[}\]]/.test(start)) return end.slice(0, -1)
    return /[}\]"\del]$/.test(end) && start.startsWith('"') ? `${end},` : line
  }
  return lines.map((line, index) => mend(line, lines[index + 1] ?? '')).join('\n')
}

/**
 * One lock of two. Of an asset that both have, the entry counts whose picture is on the disk; where
 * both are, or neither, ours.
 *
 * @param digestOf SHA-256 of a file, relative to the root; `undefined` where there is none
 */
export function mergeLocks(
  ours: Lock,
  theirs: Lock,
  digestOf: (path: string) => string | undefined,
): Lock {
  const assets = new Map(ours.assets)
  for (const [name, their] of theirs.assets) {
    const our = ours.assets.get(name)
    assets.set(
      name,
      our === undefined
        ? their
        : mergeEntries(our, their, ({ master }) => digestOf(master.path) === master.sha256),
    )
  }
  return {
    encoder: ours.encoder ?? theirs.encoder,
    assets,
    extra: { ...theirs.extra, ...ours.extra },
    isHealed: true,
  }
}

function mergeEntries(
  our: LockEntry,
  their: LockEntry,
  isOnDisk: (entry: LockEntry) => boolean,
): LockEntry {
  // The same picture, with other outputs: all of them were cut from it.
  if (our.master.sha256 === their.master.sha256) {
    return { ...our, outputs: { ...their.outputs, ...our.outputs } }
  }
  return !isOnDisk(our) && isOnDisk(their) ? their : our
}
