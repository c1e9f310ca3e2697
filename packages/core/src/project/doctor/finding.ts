/** The result of one check. */
export type Finding = {
  /** One or two words: `key`, `disk`. */
  name: string
  /**
   * `unknown`: the check could not be made, for the reason in `says`. `fail`: Limn cannot generate
   * pictures.
   */
  state: 'ok' | 'unknown' | 'warn' | 'fail'
  /** One line without a full stop. */
  says: string
  /** What to do, one imperative sentence. */
  hint?: string | undefined
  /** Models that the check found. */
  list?: readonly ListedModel[] | undefined
}

/** A model as a server lists it. */
type ListedModel = {
  id: string
  /** `YYYY-MM-DD`, if the server reports it. */
  shutdown: string | undefined
  /** Whether the manifest uses it. */
  isUsed: boolean
}

/** Findings under a heading. */
export type Section = { title: string; findings: Finding[] }

/** Creates a finding without problems. */
export function ok(name: string, says: string, list?: readonly ListedModel[]): Finding {
  return { name, state: 'ok', says, list }
}

/** Creates a finding for a check that could not be made. */
export function unknown(name: string, says: string): Finding {
  return { name, state: 'unknown', says }
}

/** Creates a finding that needs attention. */
export function warn(name: string, says: string, hint?: string): Finding {
  return { name, state: 'warn', says, hint }
}

/** Creates a finding that prevents generating. */
export function fail(name: string, says: string, hint?: string): Finding {
  return { name, state: 'fail', says, hint }
}
