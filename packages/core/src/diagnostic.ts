import { toOneLine } from './safe-text.ts'

/** A place in a text file. Line and column count from 1; `length` is in characters. */
export type Place = { file: string; line: number; column: number; length: number }

/** A mistake in a file that the user wrote, or something that is hardly intended. */
export type Diagnostic = {
  /** Stable, for tools, for example `manifest/unknown-key`. */
  code: `manifest/${string}` | `plan/${string}` | `lock/${string}` | `policy/${string}`
  severity: 'error' | 'warning'
  /** What is wrong, in one sentence. */
  message: string
  /** What to do about it, as an imperative sentence. */
  hint?: string
  place: Place
  /** The lines around the place, with the place itself underlined. */
  frame?: string
}

/** Formats a place as terminals and editors make it clickable, for example `images.yaml:7:5`. */
export function formatPlace(place: Place): string {
  return `${place.file}:${place.line}:${place.column}`
}

/** Cuts the middle of a sentence that a name or value of the file makes too long to read. */
export function shorten(text: string): string {
  return text.length > 700 ? `${text.slice(0, 450)} … ${text.slice(-200)}` : text
}

/** Masks API keys in a text. The text keeps its length, so that places stay valid. */
export function hideKeys(text: string): string {
  const hide = (key: string): string => `${key.slice(0, 3)}${'•'.repeat(key.length - 3)}`
  return text
    .replace(/\b(?:sk[-_]|xai-|AIza)(?=[\w-]*\d)[\w-]{8,}/g, hide)
    .replace(/(\bkey["']?\s*:\s*["']?)([^\s"',{}#]{12,})/g, (all, head: string, value: string) =>
      /^[A-Z][A-Z0-9_]*$/.test(value) ? all : head + hide(value),
    )
}

/** Splits a text into lines at any kind of line break. */
export function splitLines(text: string): string[] {
  return text.split(/\r\n|\r|\n/)
}

/**
 * Returns the lines around a place with line numbers, and carets under the place:
 *
 *       6 |   hero:
 *     > 7 |     promt: A lighthouse
 *         |     ^^^^^
 *
 * Cuts lines longer than 100 characters around the place.
 */
export function codeFrame(text: string | readonly string[], place: Place): string {
  const lines = typeof text === 'string' ? splitLines(text) : text
  const first = Math.max(1, place.line - 2)
  const last = Math.min(lines.length, place.line + 1)
  const gutter = String(last).length
  const offset = place.column > 90 ? place.column - 60 : 0
  const out: string[] = []
  for (let number = first; number <= last; number++) {
    const line = hideKeys(lines[number - 1] ?? '')
    const shown =
      (offset > 0 ? '…' : '') +
      line.slice(offset, offset + 100).replaceAll('\t', ' ') +
      (line.length > offset + 100 ? '…' : '')
    const mark = number === place.line ? '>' : ' '
    out.push(`${mark} ${String(number).padStart(gutter)} | ${shown}`.trimEnd())
    if (number === place.line) {
      const start = place.column - 1 - offset + (offset > 0 ? 1 : 0)
      const room = Math.max(1, Math.min(place.length, line.length - place.column + 1, 100 - start))
      out.push(`  ${' '.repeat(gutter)} | ${' '.repeat(start)}${'^'.repeat(room)}`)
    }
  }
  return out.join('\n')
}

/** Sorts diagnostics by file, in the order of `files`, then by place. */
export function sortDiagnostics(
  diagnostics: readonly Diagnostic[],
  files: readonly string[],
): Diagnostic[] {
  const order = new Map(files.map((file, index) => [file, index]))
  const orderOf = ({ place }: Diagnostic): number => order.get(place.file) ?? 0
  return diagnostics.toSorted(
    (a, b) =>
      orderOf(a) - orderOf(b) || a.place.line - b.place.line || a.place.column - b.place.column,
  )
}

/** Formats a diagnostic for people: place, message, frame, hint. */
export function formatDiagnostic(diagnostic: Diagnostic): string {
  return diagnosticLines(diagnostic).join('\n')
}

/** Formats a diagnostic as lines; a line break of a value is shown as `↵`. */
export function diagnosticLines({
  severity,
  code,
  message,
  hint,
  place,
  frame,
}: Diagnostic): string[] {
  return [
    toOneLine(`${formatPlace(place)} ${severity} ${code}`),
    toOneLine(`  ${message}`),
    ...(frame === undefined ? [] : ['', ...frame.split('\n').map((line) => `  ${line}`), '']),
    ...(hint === undefined ? [] : [toOneLine(`  → ${hint}`)]),
  ]
}

/** Formats a notice of a GitHub workflow: `::notice title=…::…`. */
export function formatNotice(title: string, text: string): string {
  return `::notice title=${escapeProperty(title)}::${escapeData(text)}`
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}

/**
 * Formats a diagnostic as an annotation of a GitHub workflow: `::error
 * file=images.yaml,line=7,col=5,title=…::…`.
 */
export function formatAnnotation({ severity, code, message, hint, place }: Diagnostic): string {
  const text = hint === undefined ? message : `${message} ${hint}`
  return `::${severity} file=${escapeProperty(place.file)},line=${place.line},col=${place.column},title=${escapeProperty(code)}::${escapeData(text)}`
}
