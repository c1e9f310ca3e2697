import { type Document, type LineCounter, parseDocument } from 'yaml'

/** Parses a text as YAML. Errors are in the document. `lineCounter` learns where lines begin. */
export function parseYaml(text: string, lineCounter?: LineCounter): Document {
  return parseDocument(text, {
    ...(lineCounter === undefined ? {} : { lineCounter }),
    // The library's own check takes quadratic time; `findDuplicateKeys` does not.
    uniqueKeys: false,
    stringKeys: true,
    merge: true,
    prettyErrors: false,
  })
}

/** Number of aliases to expand at most, so that a few lines can't become gigabytes. */
export const MAX_ALIASES = 1000

/**
 * Returns the value of a document. @throws Error if an alias can't be resolved, or they are too
 * many
 */
export function valueOfYaml(document: Document): unknown {
  return document.toJS({ maxAliasCount: MAX_ALIASES })
}

/** A text and its document. */
export type ParsedText = { text: string; document: Document }
