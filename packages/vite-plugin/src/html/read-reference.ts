import { parseReference, type Reference } from '../references/module-id.ts'
import { decodeUri } from '../references/urls.ts'

/** Parses an attribute that consists of one `limn:` reference; `undefined` for any other value. */
export function readReference(value: string | undefined): Reference | undefined {
  const [, path] = /^\s*limn:(\S+)\s*$/.exec(value ?? '') ?? []
  // Other tools may have percent-encoded the letters of a name.
  return path === undefined ? undefined : parseReference(decodeUri(path))
}
