import { EXTENSIONS } from '../import/scan-code.ts'

/** An import of a picture through vite-imagetools, or another reference to one. */
export type FoundImport = {
  /** Name that the code gives it; `undefined` for what is no `import NAME from`. */
  name: string | undefined
  path: string
  query: string
  /** The statement, or the reference: UTF-16 units. */
  start: number
  end: number
  /** White space before it in its line. */
  indent: string
  /** The quote around the path. */
  quote: string
  /** `;` if the statement ends with one. */
  semicolon: string
}

const STATEMENT = new RegExp(
  String.raw`(?<=^|;|>)([ \t]*)import\s{1,9}([\w$]{1,80})\s{1,9}from\s{0,9}(["'])([^"'\n?#]{1,500}\.(?:${EXTENSIONS}))(?:\?([^"'\n]{0,1000}))?\3([ \t]*;)?`,
  'gim',
)
/** A path with directives in any other place. */
const REFERENCE = new RegExp(
  String.raw`([^\s"'\`()<>=,;|{}[\]]{1,300}\.(?:${EXTENSIONS}))\?([^\s"'\`)]{0,1000})`,
  'gi',
)
const DIRECTIVE =
  /(?:^|&)(?:w|h|aspect|format|quality|fit|position|background|as|allowUpscale|blur|flatten|flip|flop|grayscale|hue|saturation|brightness|invert|median|normalize|rotate|tint|lossless|progressive|effort|inline|basePixels|kernel|noAutoOrient)(?:=|&|$)/

/** Comments that begin a line; what looks like one elsewhere may be part of a string. */
const COMMENT = /^[ \t]*(?:\/\/.*|\/\*[^]*?\*\/|<!--[^]*?-->)/gm

/** Finds what a file imports through vite-imagetools outside of comments, in order. */
export function findImports(
  text: string,
  { hasDefaults }: { hasDefaults: boolean },
): FoundImport[] {
  const code = text.replaceAll(COMMENT, (comment) => ' '.repeat(comment.length))
  const statements: FoundImport[] = []
  for (const match of code.matchAll(STATEMENT)) {
    const [all, indent = '', name, quote = "'", path = '', query = '', semicolon = ''] = match
    if (!DIRECTIVE.test(query) && !(hasDefaults && query === '')) continue
    const start = match.index + indent.length
    const end = match.index + all.length
    statements.push({ name, path, query, start, end, indent, quote, semicolon: semicolon.trim() })
  }
  const others: FoundImport[] = []
  for (const match of code.matchAll(REFERENCE)) {
    const [all, path = '', query = ''] = match
    const { index: start } = match
    if (!DIRECTIVE.test(query)) continue
    if (statements.some((found) => found.start <= start && start < found.end)) continue
    const rest = { indent: '', quote: '', semicolon: '' }
    others.push({ name: undefined, path, query, start, end: start + all.length, ...rest })
  }
  return [...statements, ...others].sort((a, b) => a.start - b.start)
}
