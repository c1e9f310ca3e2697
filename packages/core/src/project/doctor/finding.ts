/** What one check found. */
export type Finding = {
  /** One or two words: `key`, `disk`. */
  name: string
  /**
   * `unknown`: it could not be looked up, and why stands beside it. `fail`: pictures can't be made
   * like this.
   */
  state: 'ok' | 'unknown' | 'warn' | 'fail'
  /** One line without a full stop. */
  says: string
  /** What to do, one imperative sentence. */
  hint?: string | undefined
  /** What it found one by one, for those who want to see it. */
  list?: readonly ListedModel[] | undefined
}

/** A model as a server lists it. */
export type ListedModel = {
  id: string
  /** `YYYY-MM-DD`, where the server says. */
  shutdown: string | undefined
  /** Whether the manifest asks for it. */
  isUsed: boolean
}

/** Findings that belong together, under a heading. */
export type Section = { title: string; findings: Finding[] }

export const ok = (name: string, says: string, list?: readonly ListedModel[]): Finding => ({
  name,
  state: 'ok',
  says,
  list,
})
export const unknown = (name: string, says: string): Finding => ({ name, state: 'unknown', says })
export const warn = (name: string, says: string, hint?: string): Finding => ({
  name,
  state: 'warn',
  says,
  hint,
})
export const fail = (name: string, says: string, hint?: string): Finding => ({
  name,
  state: 'fail',
  says,
  hint,
})
