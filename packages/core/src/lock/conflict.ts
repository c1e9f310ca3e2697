import type { Lock, LockedMaster, LockEntry } from './lock.ts'

type Marker = '<' | '|' | '=' | '>'
/** The markers that may precede each marker. */
const BEFORE: Readonly<Record<Marker, string>> = { '<': '>', '|': '<', '=': '<|', '>': '=' }
const MARKER = /^(<{7}|\|{7}|={7}|>{7})( |$)/

/**
 * Splits a lockfile with merge conflict markers into its two versions. The lockfile has one block
 * per asset and one line per output, so that each version is valid JSON again.
 *
 * @returns `undefined` if the text has no markers, or an incomplete set
 */
export function splitConflict(text: string): [ours: string, theirs: string] | undefined {
  if (!text.includes('<<<<<<<')) return undefined
  const sides: [string[], string[]] = [[], []]
  let part: Marker = '>'
  let isFound = false
  // Skips empty lines: a hostile text may have millions.
  for (const [line] of text.matchAll(/[^\r\n]+/g)) {
    const marker = MARKER.exec(line)?.[1]?.[0] as Marker | undefined
    if (marker === undefined) {
      // Drops the common ancestor, which the diff3 conflict style adds.
      if (part !== '=' && part !== '|') sides[0].push(line)
      if (part !== '<' && part !== '|') sides[1].push(line)
      continue
    }
    if (!BEFORE[marker].includes(part)) return undefined
    part = marker
    isFound = true
  }
  return isFound && part === '>' ? [repairCommas(sides[0]), repairCommas(sides[1])] : undefined
}

/**
 * Adds and removes commas at ends of lines: a block that was last on one side may precede another
 * block after the merge, or the reverse.
 */
function repairCommas(lines: readonly string[]): string {
  const repair = (line: string, next: string): string => {
    const [end, start] = [line.trimEnd(), next.trimStart()]
    if (end.endsWith(',') && /^[}\]]/.test(start)) return end.slice(0, -1)
    return /[}\]"\del]$/.test(end) && start.startsWith('"') ? `${end},` : line
  }
  return lines.map((line, index) => repair(line, lines[index + 1] ?? '')).join('\n')
}

/**
 * Merges two locks. Of two entries for an asset, the one whose master is on the disk wins; if both
 * or neither are, ours wins.
 *
 * @param isOnDisk Returns whether the file of a master has its content
 */
export function mergeLocks(
  ours: Lock,
  theirs: Lock,
  isOnDisk: (master: LockedMaster) => boolean,
): Lock {
  const assets = new Map(ours.assets)
  for (const [name, their] of theirs.assets) {
    const our = ours.assets.get(name)
    assets.set(
      name,
      our === undefined ? their : mergeEntries(our, their, ({ master }) => isOnDisk(master)),
    )
  }
  return {
    encoder: ours.encoder ?? theirs.encoder,
    assets,
    extra: { ...theirs.extra, ...ours.extra },
    isMerged: true,
  }
}

function mergeEntries(
  our: LockEntry,
  their: LockEntry,
  isOnDisk: (entry: LockEntry) => boolean,
): LockEntry {
  // Both sides have the same picture: the outputs of both were cut from it.
  if (our.master.sha256 === their.master.sha256) {
    return { ...our, outputs: { ...their.outputs, ...our.outputs } }
  }
  return !isOnDisk(our) && isOnDisk(their) ? their : our
}
