/** Two pictures of one asset. The one that did not become the master is kept as an earlier one. */
export type MergeConflict = {
  asset: string
  /** The folders that have the pictures, as they were named; `null` for the project. */
  kept: string | null
  other: string
  /** What they cost, USD; `null` if it is unknown. */
  keptUsd: number | null
  otherUsd: number | null
  /** Whether both answer the same request: it was paid for twice. */
  isSameRequest: boolean
}

export type MergeResult = {
  /** The folders, as they were named, and how many entries each of them has changed. */
  parts: { folder: string; shard: string | null; changed: number }[]
  /** Names of the assets whose entry is new in the lockfile. */
  merged: string[]
  /** Assets that were renamed. */
  moved: { from: string; to: string }[]
  /** Pictures that were received and are in no lockfile yet: `limn generate` installs them. */
  received: number
  conflicts: MergeConflict[]
  /** What does not fit together or is incomplete: one sentence, and what to do. */
  problems: MergeProblem[]
}

/** Something that a person has to look at. */
export type MergeProblem = { message: string; hint: string }
