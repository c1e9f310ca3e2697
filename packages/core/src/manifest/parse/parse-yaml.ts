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

/** A text and its document. */
export type ParsedText = { text: string; document: Document }
