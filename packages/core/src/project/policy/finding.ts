import type { Diagnostic, Place } from '../../diagnostic.ts'
import type { Path } from '../../manifest/parse/path.ts'
import type { PolicyCode } from '../../manifest/policy-codes.ts'

/** Something that breaks a policy, before its place and its acknowledgement are known. */
export type Violation = {
  code: PolicyCode
  /** The asset or page that it is about; `null` for the whole project. */
  subject: string | null
  message: string
  hint: string
  /** Where it is: a place of an asset, or a key of the manifest. */
  at: Place | Path
}

/** Something that breaks a policy, or an acknowledgement that accepts nothing. */
export type PolicyFinding = Diagnostic & {
  /** The asset or page that it is about; `null` for the whole project. */
  subject: string | null
  /** Why it is accepted; `null` if it is not. */
  acknowledged: string | null
}

/** Whether a finding fails the check. */
export function isFailing({ severity, acknowledged }: PolicyFinding): boolean {
  return severity === 'error' && acknowledged === null
}
