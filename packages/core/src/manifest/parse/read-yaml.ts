import { LineCounter } from 'yaml'
import type { FullWidth } from './full-width.ts'
import { parseYaml, type ParsedText } from './parse-yaml.ts'
import { type BareColour, repairBareColours } from './repair-bare-colours.ts'
import { repairFullWidth } from './repair-full-width.ts'

/** A YAML text in which slips that YAML can't see are repaired, and the slips. */
export type ReadYaml = ParsedText & {
  /** Lines of the text as it was written. */
  lines: LineCounter
  /** Colours that YAML would read as comments, by offsets in the text as it was written. */
  colours: BareColour[]
  /** Full-width punctuation in place of YAML's own, by offsets in the text as it was written. */
  fullWidth: FullWidth[]
  /** Returns where an offset of the repaired text is in the text as it was written. */
  toOriginal: (offset: number) => number
}

/** Reads a text as YAML, and repairs it. Every text that this tries is parsed once. */
export function readYaml(text: string): ReadYaml {
  const lines = new LineCounter()
  const written = { text, document: parseYaml(text, lines) }
  // A repaired colour has its old length: offsets stay.
  const { found: colours, ...plain } = repairBareColours(written, parseYaml)
  const { found: fullWidth, ...repaired } = repairFullWidth(plain, parseYaml)
  return { ...repaired, lines, colours, fullWidth }
}
