import type { Manifest } from '../manifest.ts'
import type { Path } from '../parse/path.ts'
import type { ManifestFile } from '../parse/schema.ts'
import type { ExpandedAsset, Scope } from '../resolve/expand-matrix.ts'

/** A mistake that a rule found. */
export type Problem = {
  code: string
  severity?: 'error' | 'warning'
  path: Path
  part?: 'key' | 'value'
  message: string
  hint?: string | undefined
  /** What it clashes with: named where it stands in another file. */ other?: Path | undefined
}

export type Checked = {
  file: ManifestFile
  manifest: Manifest
  expanded: readonly ExpandedAsset[]
  scopes: readonly Scope[]
  scopeOf: (key: string) => Scope
  /** Name of the profile that overrides the run. */ profile: string | undefined
}
export type Report = (problem: Problem) => void
export type Rule = (checked: Checked, report: Report) => void
