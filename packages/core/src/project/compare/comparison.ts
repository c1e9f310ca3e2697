import type { FieldChange } from '../../identity/request.ts'
import type { MasterState } from '../../lock/lock.ts'
import type { Currency } from '../../models/cost.ts'
import type { Word } from './word-diff.ts'

/** Which pictures a branch changes. A plain JSON value: `limn compare --json` prints it. */
export type Comparison = {
  version: 1
  /** Name of the project's folder. */
  project: string
  /** The commit that the branch is compared with. */
  base: {
    ref: string
    commit: string
    at: string
    /** Whether `commit` is where the branch started, and not what `ref` is now. */
    isStart: boolean
  }
  /** `commit` and `at` are `null` for the working tree. */
  head: { ref: string; commit: string | null; at: string | null }
  /** What differs, sorted by name. */
  assets: ComparedAsset[]
  totals: Totals
  /**
   * The pages that `policy.pages` declares, and pictures of no page that differ; those that grow
   * most come first. `null` if no pages are declared.
   */
  pages: ComparedPage[] | null
  /** What is worse than before, sorted by name of the asset. */
  regressions: Regression[]
  /** What could not be compared, one sentence each. */
  notes: string[]
  /** How the manifest shows prices; `null` for USD. */
  currency: Currency | null
}

/** Sums over all assets. Prices are in USD. */
export type Totals = {
  added: number
  removed: number
  changed: number
  renamed: number
  unchanged: number
  /** What was paid for the new pictures, without those whose price is unknown. */
  usd: number
  /** Number of new pictures whose price is unknown. */
  unknownPrices: number
  /** What the plan would cost, at most; `null` if a price is unknown, and for a commit. */
  planUsd: number | null
  /** Bytes of all output files. */
  bytesBefore: number
  bytesAfter: number
  /** Bytes that a page which shows each picture once loads at most. */
  pageBytesBefore: number
  pageBytesAfter: number
}

/** Bytes of the pictures that a page may load: the largest file for pages of each. */
export type ComparedPage = {
  /** Name of the page, or of the asset that is on no page. */
  page: string
  /** Whether `policy.pages` names it. */
  isDeclared: boolean
  bytesBefore: number
  bytesAfter: number
}

/** What can differ: the picture itself, or what the manifest and the lockfile say about it. */
export type Aspect = 'picture' | 'prompt' | 'settings' | 'inputs' | 'alt' | 'outputs' | 'state'

/** One asset that differs. */
export type ComparedAsset = {
  name: string
  change: 'added' | 'removed' | 'changed' | 'renamed'
  /** Its name in the base, if it is renamed. */
  from: string | null
  /** What differs; all that there is for an added or removed asset. */
  aspects: Aspect[]
  before: ComparedPicture | null
  after: ComparedPicture | null
  /** Share of the pixels that look different, 0 to 1; `null` if they were not compared. */
  difference: number | null
  /** Why the pixels were not compared, as a sentence; `null` if they were, or need not be. */
  notCompared: string | null
  /** The prompt with its styles, if it differs. `words` shows what was removed and added. */
  prompt: { before: string | null; after: string | null; words: Word[] } | null
  alt: { before: string; after: string } | null
  /** Other fields of the request that differ: model, quality, size, … */
  settings: FieldChange[]
  /** What was paid for the new picture, USD: 0 for an old or free one, `null` if unknown. */
  usd: number | null
  /** What a run would do, in the working tree; `null` if nothing. */
  pending: { state: string; why: string; usd: number | null } | null
  /** Bytes of all its output files. */
  bytesBefore: number
  bytesAfter: number
  /** Bytes of the largest file for pages: of several widths and formats, a browser loads one. */
  pageBytesBefore: number
  pageBytesAfter: number
  /** The output files that differ; `null` for the bytes of one that does not exist. */
  outputs: { file: string; before: number | null; after: number | null }[]
}

/** The picture of an asset on one side. */
export type ComparedPicture = {
  /** Relative to the root, with `/`. */
  path: string
  sha256: string
  bytes: number
  /** px. */
  width: number
  height: number
  frames: number
  state: MasterState
}

/** A regression that a policy can fail on. */
export type RegressionCode = (typeof regressionCodes)[number]

export const regressionCodes = [
  /** The output files that both sides have grew by more than 10 % and 1 KB. */
  'bytes',
  /** The alt text is empty now, and the picture is not marked as decorative. */
  'alt',
  /** The outputs no longer carry the mark of AI-generated media. */
  'mark',
  /** The picture, or an output, is opaque now. */
  'transparency',
  /** The picture no longer moves. */
  'animation',
  /** The master, or an output of the same name, has fewer pixels. */
  'size',
] as const

/** Something that is worse than before. */
export type Regression = { asset: string; code: RegressionCode; message: string }
