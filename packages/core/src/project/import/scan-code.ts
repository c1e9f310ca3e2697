import { literalOf, scanTags, type Tag } from './scan-tags.ts'

/** A reference to a picture in code, and what the code says about it. */
export type Reference = {
  /** The path as it is written, without a query. */
  path: string
  /** Widths at which the picture is used, px. */
  widths: readonly number[]
  /** Height at which it is used, px, if no width is known. */
  height?: number | undefined
  /** Its alt text; empty if it is decorative. `undefined` if the code says none. */
  alt?: string | undefined
}

/** Extensions of pictures, without a dot. */
export const EXTENSIONS: string =
  'png|jpe?g|jfif|pjpe?g|jpe|webp|avif|gif|svgz?|tiff?|heic|heif|bmp|ico|psd|jxl|jp2'
const FOLLOWED = new RegExp(`\\.(?:${EXTENSIONS})(?![\\w-])`, 'gi')

/** Longest path that is read, characters. */
const MAX_PATH = 500

/**
 * Finds the pictures that a page, a component, a stylesheet or a text names. It is tolerant, and
 * runs nothing.
 */
export function scanCode(code: string): Reference[] {
  const imports = readImports(code)
  const references: Reference[] = []
  for (const tag of scanTags(code)) references.push(...referencesOf(tag, imports))
  for (const [, alt, path] of code.matchAll(/!\[([^\]\n]{0,500})\]\(\s{0,9}<?([^)>\n]{1,500})/g)) {
    // A title may follow the path.
    const own = path!.replace(/\s+(?:"[^"]*"|'[^']*')\s*$/, '').trim()
    references.push({ path: cut(own), widths: [], alt: alt!.trim() })
  }
  for (const path of pathsIn(code)) references.push({ path, widths: [] })
  return references
}

/** Returns the paths of imported pictures by the name that the code gives them. */
function readImports(code: string): Map<string, string> {
  const imports = new Map<string, string>()
  const patterns = [
    /\bimport\s{1,9}(?:\*\s{1,9}as\s{1,9})?([\w$]{1,80})\s{1,9}from\s{0,9}["'`]([^"'`\n]{1,500})["'`]/g,
    /\b(?:const|let|var)\s{1,9}([\w$]{1,80})\s{0,9}=\s{0,9}(?:await\s{1,9})?(?:require|import)\(\s{0,9}["'`]([^"'`\n]{1,500})["'`]/g,
    /\b(?:const|let|var)\s{1,9}([\w$]{1,80})\s{0,9}=\s{0,9}new\s{1,9}URL\(\s{0,9}["'`]([^"'`\n]{1,500})["'`]/g,
  ]
  for (const pattern of patterns) {
    for (const [, name, path] of code.matchAll(pattern)) imports.set(name!, cut(path!))
  }
  return imports
}

/** Attributes that name one picture. */
const SOURCES = ['src', 'data-src', 'poster', 'href', 'image', 'xlink:href', 'content', 'of']

function referencesOf({ attributes }: Tag, imports: ReadonlyMap<string, string>): Reference[] {
  const alt = literalOf(attributes.get('alt'))
  const width = pixels(literalOf(attributes.get('width')))
  const height = pixels(literalOf(attributes.get('height')))
  const widths = [...widthsOf(attributes, width)]
  const found: Reference[] = []
  for (const name of SOURCES) {
    const attribute = attributes.get(name)
    if (attribute === undefined) continue
    const [, own] = /^\s*([\w$]+)(?:\.(?:src|default|url|href))?\s*$/.exec(attribute.text) ?? []
    const imported = attribute.isCode && own !== undefined ? imports.get(own) : undefined
    const path = imported ?? literalOf(attribute) ?? [...pathsIn(attribute.text)][0]
    if (path === undefined || path === '') continue
    found.push({ path: cut(path), widths, height: widths.length > 0 ? undefined : height, alt })
  }
  for (const name of ['srcset', 'data-srcset', 'imagesrcset']) {
    const text = literalOf(attributes.get(name)) ?? attributes.get(name)?.text ?? ''
    for (const { path, descriptor } of candidatesOf(text)) {
      const [, number, unit] = /^(\d+(?:\.\d+)?)([wx])$/.exec(descriptor) ?? []
      const own =
        unit === 'w' ? Number(number) : unit === 'x' && width ? width * Number(number) : undefined
      found.push({ path: cut(path), widths: own === undefined ? widths : [Math.round(own)], alt })
    }
  }
  return found
}

/** Widths that attributes state, with those of dense screens. */
function* widthsOf(attributes: Tag['attributes'], width: number | undefined): Generator<number> {
  if (width !== undefined) yield* [width, width * 2]
  for (const [, list] of (attributes.get('widths')?.text ?? '').matchAll(/([\d,\s]+)/g)) {
    yield* list!.match(/\d+/g)?.map(Number) ?? []
  }
  if (width !== undefined) return
  const sizes = literalOf(attributes.get('sizes')) ?? ''
  // `(max-width: 600px) 480px, 800px`: only the lengths, not the conditions.
  for (const [, length] of sizes.replaceAll(/\([^)]*\)/g, '').matchAll(/(\d{1,5})px/g)) {
    yield* [Number(length), Number(length) * 2]
  }
}

function pixels(text: string | undefined): number | undefined {
  const [, number] = /^\s*(\d{1,5})(?:\.\d+)?(?:px)?\s*$/.exec(text ?? '') ?? []
  return number === undefined || Number(number) === 0 ? undefined : Number(number)
}

/** Splits a `srcset`. */
function candidatesOf(text: string): { path: string; descriptor: string }[] {
  return text.split(/,\s+|,(?=[./@~\w])/).flatMap((candidate) => {
    const [, path, descriptor = ''] =
      /^\s*(\S.*?)(?:\s+(\d+(?:\.\d+)?[wx]))?\s*$/s.exec(candidate) ?? []
    return path === undefined ? [] : [{ path, descriptor }]
  })
}

/** Yields every path of a picture in a text: up to a quote, a bracket or a space before it. */
function* pathsIn(text: string): Generator<string> {
  for (const { 0: extension, index } of text.matchAll(FOLLOWED)) {
    const end = index + extension.length
    const from = Math.max(0, index - MAX_PATH)
    const before = text.slice(from, index)
    const [, closing = ''] =
      /^(?:[?#][^\s"'`)]{0,200})?(["'`)])/.exec(text.slice(end, end + 202)) ?? []
    const opening = closing === ')' ? '(' : closing
    const line = before.slice(before.lastIndexOf('\n') + 1)
    const start = opening === '' ? -1 : line.lastIndexOf(opening)
    // In quotes, a path may contain spaces.
    const whole = start < 0 ? undefined : line.slice(start + 1).trimStart()
    const [short] = /[^\s"'`()<>=,;|{}[\]]*$/.exec(before)!
    const path = whole === undefined || /["'`<>{}]|,\s/.test(whole) ? short : whole
    if (path !== '') yield `${path}${extension}`
  }
}

/** Removes the query and the fragment of a path. */
function cut(path: string): string {
  return path.replace(/[?#].*$/s, '').trim()
}
