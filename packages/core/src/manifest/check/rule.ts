import type { Place } from '../../diagnostic.ts'
import type { DataTables } from '../data/data-table.ts'
import type { ManifestFile } from '../manifest-file.ts'
import type { Manifest } from '../manifest.ts'
import type { Path } from '../parse/path.ts'
import type { ExpandedAsset, Scope } from '../resolve/expand-matrix.ts'

/** A mistake that a rule found. */
export type Problem = {
  /** Without `manifest/` in front. */
  code: string
  /** Default `error`. */
  severity?: 'error' | 'warning'
  path: Path
  /** Where the mistake is, if that is not in the manifest but in a data file. */
  place?: Place | undefined
  /** What of the path to point at. Default `value`. */
  part?: 'key' | 'value'
  message: string
  hint?: string | undefined
  /** What it clashes with: the hint names its place if that is in another file. */
  other?: Path | undefined
  /** What it clashes with in a data file: the hint names its place. */
  otherPlace?: Place | undefined
}

/** What rules check: a manifest as it is written and as it resolves. */
export type Checked = {
  /** As people write it. */
  written: ManifestFile
  /** The same with the assets that it implies, such as those of characters. */
  file: ManifestFile
  manifest: Manifest
  expanded: readonly ExpandedAsset[]
  /** The rows of each data file. */
  data: DataTables
  /** What applies to the assets of each file, the root's first. */
  scopes: readonly Scope[]
  /** Returns what applies to an asset, by its key. */
  scopeOf: (key: string) => Scope
  /** Name of the profile that overrides the run. */
  profile: string | undefined
}

export type Report = (problem: Problem) => void

/** One check across fields, or of what the schema can't say. */
export type Rule = (checked: Checked, report: Report) => void
