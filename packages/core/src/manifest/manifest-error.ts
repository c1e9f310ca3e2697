import type { Diagnostic } from '../diagnostic.ts'

/** Thrown for a manifest with mistakes; has all of them. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError'
  readonly diagnostics: Diagnostic[]

  constructor(diagnostics: Diagnostic[]) {
    const errors = diagnostics.filter(({ severity }) => severity === 'error').length
    super(`The manifest has ${errors === 1 ? 'a mistake' : `${errors} mistakes`}.`)
    this.diagnostics = diagnostics
  }
}
